//! What becomes of a source as its repository and its host change.

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_host_that_is_away_makes_stale_and_a_file_that_is_gone_orphans(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let text = component("ledger", &rig.team);
    let mut repository = rig.repository("ledger", Visibility::Private, &[(FILE, &text), ("README.md", "#\n")]).await;
    let source = rig.imported(&repository).await;
    rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await;
    rig.rest().await;

    let mut away = rig.settings.clone();
    away.url = "http://127.0.0.1:9/".parse().unwrap();
    let good = rig.git.clone();
    rig.work(git_host::connect(&away).unwrap());
    look_again(&rig.member, &rig.db, source).await.unwrap();
    let down = eventually("the source is in trouble", || async {
        let found = find_source(&rig.member, &rig.db, source).await.unwrap();
        found.source.trouble.clone().ok_or_else(|| format!("{found:?}"))
    })
    .await;
    assert!(down.0.contains("does not answer"), "{}", down.0);
    let stale = rig.entity("component:default/ledger").await.unwrap();
    assert_eq!((stale.origin.stale_since, stale.origin.orphaned_at), (Some(down.1), None));
    rig.rest().await;

    rig.work(good);
    look_again(&rig.member, &rig.db, source).await.unwrap();
    rig.source(source, "the source is well again", |found| found.source.trouble.is_none()).await;
    assert_eq!(rig.entity("component:default/ledger").await.unwrap().origin.stale_since, None);

    rig.push(&mut repository, &[FILE], &[]).await;
    let gone = rig.source(source, "the file is missed", |found| found.source.orphans == 1).await;
    assert_eq!((gone.findings[0].rule.as_str(), gone.findings[0].is_error), ("file-missing", true));
    assert!(rig.entity("component:default/ledger").await.unwrap().origin.orphaned_at.is_some());
    rig.push(&mut repository, &[], &[(FILE, &text)]).await;
    rig.source(source, "the file is back", |found| found.source.orphans == 0 && found.findings.is_empty()).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_read_while_the_branch_stays(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    let before = rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await.source;
    rig.told(&repository.name).await;
    let after = rig.source(source, "it is asked", |found| found.source.looked_at > before.looked_at).await.source;
    assert_eq!((after.read_at, after.commit), (before.read_at, before.commit.clone()));
    look_again(&rig.member, &rig.db, source).await.unwrap();
    let again = rig.source(source, "it is read anew", |found| found.source.read_at > before.read_at).await.source;
    assert_eq!(again.commit, before.commit);
    let target = again.origin;
    let actions: Vec<String> =
        testing::audited(&rig.db, &target).await.unwrap().into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["catalog.import", "catalog.look_again"], "what changes nothing is no import");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn files_that_are_too_large_or_elsewhere_harm_nobody_else(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let api = |name: &str, file: &str| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: {name}}}\nspec:\n  type: openapi\n  \
             lifecycle: x\n  owner: a\n  definition: {{$text: '{file}'}}\n"
        )
    };
    let page = rig.settings.url.to_string();
    let own = format!("{page}{}/ledger/src/branch/main/small.txt", rig.team);
    let other = format!("{page}{}/other/raw/branch/main/small.txt", rig.team);
    let text = format!(
        "{}{}{}{}{}",
        component("ledger", &rig.team),
        api("own", &own),
        api("large", "./large.txt"),
        api("other", &other),
        api("up", "../small.txt")
    );
    let large = "x".repeat(1_100_000);
    let files = [(FILE, text.as_str()), ("small.txt", "small")];
    let repository = rig.repository("ledger", Visibility::Private, &files).await;
    rig.upload(&repository.name, "large.txt", &large).await;
    rig.repository("other", Visibility::Internal, &[("small.txt", "secret")]).await;
    let source = rig.imported(&repository).await;
    let found = rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await;
    let rules: BTreeSet<&str> =
        found.findings.iter().filter(|found| found.is_error).map(|found| found.rule.as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["placeholder-outside", "too-large"]), "{:?}", found.findings);
    assert_eq!(found.source.errors, 3);
    assert_eq!(rig.entity("api:default/own").await.unwrap().document["spec"]["definition"], "small");
    assert!(rig.entity("component:default/ledger").await.is_ok());
    assert!(matches!(rig.entity("api:default/other").await, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repository_that_is_imported_gets_a_webhook_and_gets_it_back(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let text = component("ledger", &rig.team);
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &text)]).await;
    let source = rig.imported(&repository).await;
    let before = rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await;
    assert_eq!(before.source.pushes, Pushes::LookedFor { reason: None });
    rig.rest().await;

    let url = format!("http://localhost:9/{}", Uuid::new_v4().simple());
    let webhook = Webhook { url: url.parse().unwrap(), secret: "a secret that is only used by tests".into() };
    rig.work_and_ask(rig.git.clone(), Some(webhook));
    look_again(&rig.member, &rig.db, source).await.unwrap();
    rig.source(source, "it is told of pushes", |found| found.source.pushes == Pushes::Told).await;
    let (git, token) = (rig.settings.url.to_string(), rig.settings.token.expose_secret().to_owned());
    let hooks = async || world::webhooks(&git, &token, &repository.name.to_string()).await.unwrap();
    assert_eq!(hooks().await, std::slice::from_ref(&url));

    world::without_webhooks(&git, &token, &repository.name.to_string()).await.unwrap();
    let later = "update catalog_source set webhook_asked_at = now() - interval '61 minutes' where source_id = $1";
    sqlx::query(later).bind(source).execute(&rig.db.pool).await.unwrap();
    look_again(&rig.member, &rig.db, source).await.unwrap();
    eventually("the webhook is back", || async {
        let found = hooks().await;
        if found == std::slice::from_ref(&url) { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_source_of_an_entity_is_read_again_when_somebody_asks_for_the_entity(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    let before = rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await.source;
    look_again_at(&rig.member, &rig.db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    rig.source(source, "it is read anew", |found| found.source.read_at > before.read_at).await;
    let hidden = look_again_at(&testing::viewer(&[], &[]), &rig.db, &"component:default/ledger".parse().unwrap()).await;
    assert!(matches!(hidden, Err(Error::Conflict { .. }) | Err(Error::NotFound)), "{hidden:?}");
}
