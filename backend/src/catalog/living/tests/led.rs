//! Files of other repositories that locations name: read, shown and taken over with the first, and lived with by themselves.

use super::*;

fn location(targets: &[String]) -> String {
    let targets: Vec<String> = targets.iter().map(|target| format!("    - {target}\n")).collect();
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: l-{:08x}\nspec:\n  targets:\n{}",
        rand::random::<u32>(),
        targets.concat()
    )
}

/// Repository and state, by repository.
fn states(view: &ImportView) -> Vec<(String, ImportState)> {
    let short = |led: &LedImport| led.repository.rsplit('/').next().unwrap().to_owned();
    let mut states: Vec<_> = view.led.iter().map(|led| (short(led), led.state)).collect();
    states.sort_by(|a, b| a.0.cmp(&b.0));
    states
}

fn brings(view: &ImportView, repository: &str) -> Vec<String> {
    let led = view.led.iter().find(|led| led.repository.ends_with(repository)).unwrap();
    let documents = &led.preview.as_ref().unwrap().documents;
    documents.iter().map(|document| document.reference.to_string()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_file_brings_an_organisation(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let host = rig.settings.url.clone();
    let page = |name: &str| format!("{host}{}/{name}", rig.team);
    let basket = component("basket", &rig.team);
    rig.repository("basket", Visibility::Private, &[(FILE, &basket)]).await;
    // Leads on, and back to where it came from.
    let ledger = format!("{}---\n{}", component("ledger", &rig.team), location(&[page("basket"), page("org")]));
    rig.repository("ledger", Visibility::Private, &[(FILE, &ledger)]).await;
    let (one, two) = (component("one", &rig.team), component("two", &rig.team));
    let services = [("services/one/service.yaml", one.as_str()), ("services/two/service.yaml", two.as_str())];
    rig.repository("cart", Visibility::Private, &services).await;
    let other: Handle = format!("{}-other", rig.team).parse().unwrap();
    rig.git.ensure_organisation(&Organisation { name: other.clone(), visibility: Visibility::Internal }).await.unwrap();
    let hidden = component("hidden", &rig.team);
    let hidden = rig.repository_of(&other, "hidden", Visibility::Private, &[(FILE, &hidden)]).await;
    let all = location(&[
        page("ledger"),
        format!("{}/src/branch/main/{FILE}", page("ledger")),
        format!("{}/src/branch/main/services/*/service.yaml", page("cart")),
        rig.address(&hidden),
        "https://git.example.com/a/b".to_owned(),
        page("org"),
    ]);
    let org = rig.repository("org", Visibility::Private, &[(FILE, &all)]).await;

    let import = request_import(&rig.member, &rig.db, &rig.address(&org)).await.unwrap();
    let view = rig.read(import).await;
    assert_eq!(view.state, ImportState::Ready, "{view:?}");
    let expected = [
        ("basket", ImportState::Ready),
        ("cart", ImportState::Ready),
        ("hidden", ImportState::Failed),
        ("ledger", ImportState::Ready),
    ];
    assert_eq!(states(&view), expected.map(|(name, state)| (name.to_owned(), state)), "{view:?}");
    assert_eq!(brings(&view, "/cart"), ["component:default/one", "component:default/two"]);
    assert_eq!(brings(&view, "/ledger")[0], "component:default/ledger");
    let findings = &view.preview.as_ref().unwrap().findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    let (_, elsewhere) = &findings[0];
    assert!(elsewhere.message.contains("git.example.com") && elsewhere.message.contains("Only "), "{elsewhere:?}");
    assert_eq!((elsewhere.line, elsewhere.column, elsewhere.is_error()), (11, 7, false), "where it is named");
    assert!(matches!(rig.entity("component:default/basket").await, Err(Error::NotFound)), "nothing is there before");

    let own = view.hash.clone().unwrap();
    let source = accept(&rig.member, &rig.db, import, &own).await.unwrap();
    for name in ["basket", "ledger", "one", "two"] {
        assert!(rig.entity(&format!("component:default/{name}")).await.is_ok(), "{name}");
    }
    assert!(matches!(rig.entity("component:default/hidden").await, Err(Error::NotFound)));
    let all = sources(&rig.member, &rig.db).await.unwrap();
    assert_eq!(all.len(), 4, "each is a source of its own: {all:?}");
    assert!(all.iter().all(|source| source.kind == SourceKind::Git && source.commit.is_some()), "{all:?}");
    assert_eq!(accept(&rig.member, &rig.db, import, &own).await.unwrap(), source, "a second time changes nothing");
    let missed = |found: &SourceDetail| found.findings.iter().filter(|one| one.rule == "location-unread").count();
    let found = rig.source(source, "what no source reads is said", |found| missed(found) == 1).await;
    let finding = found.findings.iter().find(|one| one.rule == "location-unread").unwrap();
    assert!(finding.message.contains("/hidden") && finding.line == 10, "{finding:?}");

    // What is a source already is not brought again.
    let again = rig.read(request_import(&rig.member, &rig.db, &rig.address(&org)).await.unwrap()).await;
    assert_eq!(states(&again), [("hidden".to_owned(), ImportState::Failed)]);
    // Once somebody brought it, nothing is missed any more.
    let theirs = request_for_command(&rig.db, &rig.address(&hidden)).await.unwrap();
    let hash = eventually("it is read", || async {
        match answered(&rig.db, theirs).await.unwrap() {
            Answered::Ready { hash, .. } => Ok(hash),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    accept_for_command(&rig.db, theirs, &hash).await.unwrap();
    rig.source(source, "nothing is missed", |found| missed(found) == 0).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_moves_in_one_of_them_is_looked_at_again(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let mut ledger = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let all = location(&[rig.address(&ledger)]);
    let org = rig.repository("org", Visibility::Private, &[(FILE, &all)]).await;
    let import = request_import(&rig.member, &rig.db, &rig.address(&org)).await.unwrap();
    let view = rig.read(import).await;
    rig.push(&mut ledger, &[], &[(FILE, &component("other", &rig.team))]).await;
    let moved = rig.until(import, "it is seen to move", |view| view.led[0].state == ImportState::Moved).await;
    assert_ne!(moved.hash, view.hash);
    let refused = accept(&rig.member, &rig.db, import, &view.hash.unwrap()).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "import_moved", .. })), "{refused:?}");
    assert!(sources(&rig.member, &rig.db).await.unwrap().is_empty());
    let again = rig.read(request_again(&rig.member, &rig.db, import).await.unwrap()).await;
    accept(&rig.member, &rig.db, again.id, &again.hash.unwrap()).await.unwrap();
    assert!(rig.entity("component:default/other").await.is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn repositories_in_a_row_are_followed_for_a_while(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let page = |name: &str| format!("{}{}/{name}", rig.settings.url, rig.team);
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")] {
        rig.repository(name, Visibility::Private, &[(FILE, &location(&[page(next)]))]).await;
    }
    rig.repository("e", Visibility::Private, &[(FILE, &component("end", &rig.team))]).await;
    let view = rig.read(request_import(&rig.member, &rig.db, &page("a")).await.unwrap()).await;
    assert_eq!(states(&view), ["b", "c", "d"].map(|name| (name.to_owned(), ImportState::Ready)));
    let last = view.led.iter().find(|led| led.repository.ends_with("/d")).unwrap();
    let findings = &last.preview.as_ref().unwrap().findings;
    assert!(findings.iter().any(|(_, finding)| finding.message.contains("/e was not followed")), "{findings:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_is_led_to_what_they_may_not_read(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let private = rig.repository("private", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let nothing = rig.address(&private).replace("/private", "/nothing");
    let all = location(&[rig.address(&private), nothing]);
    let open = rig.repository("open", Visibility::Internal, &[(FILE, &all)]).await;
    let neighbour = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    let import = request_import(&neighbour, &rig.db, &rig.address(&open)).await.unwrap();
    let view = eventually("the import is read", || async {
        let view = find_import(&neighbour, &rig.db, import).await.unwrap();
        if view.state == ImportState::Reading { Err(format!("{view:?}")) } else { Ok(view) }
    })
    .await;
    let told = |name: &str| {
        let led = view.led.iter().find(|led| led.repository.ends_with(name)).unwrap();
        (led.state, led.preview.is_none(), led.problem.clone().unwrap().replace(name, ""))
    };
    assert_eq!(told("/private"), told("/nothing"), "what is hidden is told like what is not there");
    accept(&neighbour, &rig.db, import, &view.hash.unwrap()).await.unwrap();
    assert!(matches!(rig.entity("component:default/ledger").await, Err(Error::NotFound)));
    let led: Uuid = sqlx::query_scalar("select import_id from catalog_import where led_by is not null limit 1")
        .fetch_one(&rig.db.pool)
        .await
        .unwrap();
    assert!(matches!(find_import(&neighbour, &rig.db, led).await, Err(Error::NotFound)), "it is a part of the first");
    assert!(matches!(accept(&neighbour, &rig.db, led, "0000").await, Err(Error::NotFound)));
}
