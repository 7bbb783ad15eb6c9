//! From an address to the catalog, and who may.

use super::*;
use crate::catalog::PreviewFate;

/// Two entities that are in order, one that is not, and what they lead to.
fn files(team: &str) -> Vec<(&'static str, String)> {
    let broken = component("Bad Name", team);
    let api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: books}\nspec:\n  type: openapi\n  lifecycle: \
               production\n  owner: payments\n  definition: {$text: ../docs/openapi.yaml}\n";
    let location = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: \
                    ['./apis/*.yaml']}\n";
    vec![
        (FILE, format!("{}---\n{broken}---\n{location}", component("ledger", team))),
        ("apis/books.yaml", api.to_owned()),
        ("docs/openapi.yaml", "openapi: 3.1.0\n".to_owned()),
        ("README.md", "# Ledger\n".to_owned()),
    ]
}

fn refs<'a>(files: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    files.iter().map(|(path, text)| (*path, text.as_str())).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_previewed_is_taken_over_once_and_followed(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let given = files(&rig.team);
    let mut repository = rig.repository("ledger", Visibility::Private, &refs(&given)).await;
    let import = request_import(&rig.member, &rig.db, &rig.address(&repository)).await.unwrap();
    let view = rig.read(import).await;
    assert_eq!(view.state, ImportState::Ready, "{view:?}");
    assert_eq!(view.commit.as_deref(), Some(repository.head.as_str()));
    let preview = view.preview.clone().unwrap();
    assert_eq!(preview.files, [FILE, "apis/books.yaml"]);
    let seen: Vec<(String, PreviewFate)> =
        preview.documents.iter().map(|document| (document.reference.to_string(), document.fate.clone())).collect();
    let appears = |reference: &str| (reference.to_owned(), PreviewFate::Appears);
    let expected = ["api:default/books", "component:default/ledger", "location:default/all"];
    assert_eq!(seen, expected.map(appears));
    let error = preview.findings.iter().find(|(_, finding)| finding.is_error()).unwrap();
    assert_eq!((error.0.as_str(), error.1.line, error.1.rule.as_str()), (FILE, 11, "name"), "{preview:?}");
    assert!(matches!(rig.entity("component:default/ledger").await, Err(Error::NotFound)), "nothing is there before");

    let hash = view.hash.unwrap();
    let source = accept(&rig.member, &rig.db, import, &hash).await.unwrap();
    let book = rig.entity("api:default/books").await.unwrap();
    assert_eq!(book.document["spec"]["definition"], "openapi: 3.1.0\n", "visible at once, with what it asks for");
    assert!(book.origin.text.unwrap().contains("$text: ../docs/openapi.yaml"), "what it said stays what it said");
    assert_eq!(book.origin.source, Some(source));
    assert_eq!(accept(&rig.member, &rig.db, import, &hash).await.unwrap(), source, "a second time changes nothing");
    let origin = rig.entity("component:default/ledger").await.unwrap().origin.name;
    let audited = testing::audited(&rig.db, &origin).await.unwrap();
    assert_eq!(audited.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(), ["catalog.import"]);
    let found = rig.source(source, "the source is settled", |found| found.source.trouble.is_none()).await;
    assert_eq!((found.source.errors, found.findings[0].line, found.held.len()), (1, 11, 3));

    let mended = given[0].1.replace("Bad Name", "refunds");
    rig.push(&mut repository, &[], &[(FILE, &mended), ("docs/openapi.yaml", "openapi: 3.2.0\n")]).await;
    rig.source(source, "the mended file is read", |found| found.source.errors == 0).await;
    assert!(rig.entity("component:default/refunds").await.is_ok());
    let book = rig.entity("api:default/books").await.unwrap();
    assert_eq!(book.document["spec"]["definition"], "openapi: 3.2.0\n", "another file, the same entity");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_branch_that_moved_is_looked_at_again_before_anything_is_taken_over(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let given = files(&rig.team);
    let mut repository = rig.repository("ledger", Visibility::Private, &refs(&given)).await;
    let import = request_import(&rig.member, &rig.db, &rig.address(&repository)).await.unwrap();
    let view = rig.read(import).await;
    rig.push(&mut repository, &[], &[(FILE, &component("other", &rig.team))]).await;
    let moved = rig.until(import, "the branch is seen to move", |view| view.state == ImportState::Moved).await;
    assert!(moved.problem.unwrap().contains(&repository.head.as_str()[..7]));
    let refused = accept(&rig.member, &rig.db, import, &view.hash.unwrap()).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "import_moved", .. })), "{refused:?}");
    assert!(matches!(rig.entity("component:default/ledger").await, Err(Error::NotFound)));
    let again = rig.read(request_again(&rig.member, &rig.db, import).await.unwrap()).await;
    let wrong = accept(&rig.member, &rig.db, again.id, "0000").await;
    assert!(matches!(wrong, Err(Error::Conflict { .. })), "only what was read is taken over: {wrong:?}");
    accept(&rig.member, &rig.db, again.id, &again.hash.unwrap()).await.unwrap();
    assert!(rig.entity("component:default/other").await.is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn names_that_are_taken_collide_and_stay_where_they_are(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let text = component("ledger", &rig.team);
    let first = rig.repository("first", Visibility::Private, &[(FILE, &text)]).await;
    rig.imported(&first).await;
    let both = format!("{text}---\n{}", component("refunds", &rig.team));
    let second = rig.repository("second", Visibility::Private, &[(FILE, &both)]).await;
    let import = request_import(&rig.member, &rig.db, &rig.address(&second)).await.unwrap();
    let view = rig.read(import).await;
    let fates: Vec<PreviewFate> = view.preview.unwrap().documents.into_iter().map(|document| document.fate).collect();
    assert_eq!(fates, [PreviewFate::Collides, PreviewFate::Appears]);
    assert!(view.holders[0].origin.contains("/first/"), "{:?}", view.holders);
    accept(&rig.member, &rig.db, import, &view.hash.unwrap()).await.unwrap();
    assert!(rig.entity("component:default/ledger").await.unwrap().origin.name.contains("/first/"));
    assert!(rig.entity("component:default/refunds").await.is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_one_may_not_read_is_told_like_what_is_not_there(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let text = component("ledger", &rig.team);
    let private = rig.repository("private", Visibility::Private, &[(FILE, &text)]).await;
    let open = rig.repository("open", Visibility::Internal, &[(FILE, &text)]).await;
    let neighbour = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    let outsider = testing::signed_in(&rig.db, "outsider", &[]).await.unwrap();
    let problem = async |address: &str| {
        let import = request_import(&neighbour, &rig.db, address).await.unwrap();
        let view = eventually("the import is read", || async {
            let view = find_import(&neighbour, &rig.db, import).await.unwrap();
            if view.state == ImportState::Reading { Err(format!("{view:?}")) } else { Ok(view) }
        })
        .await;
        (view.id, view.state, view.problem)
    };
    let missing = rig.address(&private).replace("/private", "/nothing");
    let (_, state, hidden) = problem(&rig.address(&private)).await;
    assert_eq!(state, ImportState::Failed);
    let (_, _, never) = problem(&missing).await;
    assert_eq!(hidden.unwrap().replace("/private", ""), never.unwrap().replace("/nothing", ""));
    let (import, state, _) = problem(&rig.address(&open)).await;
    assert_eq!(state, ImportState::Ready);

    for viewer in [&rig.member, &outsider] {
        assert!(matches!(find_import(viewer, &rig.db, import).await, Err(Error::NotFound)), "of somebody else");
        let view = find_import(&neighbour, &rig.db, import).await.unwrap();
        let stolen = accept(viewer, &rig.db, import, &view.hash.unwrap()).await;
        assert!(matches!(stolen, Err(Error::NotFound)), "{stolen:?}");
        assert!(matches!(request_again(viewer, &rig.db, import).await, Err(Error::NotFound)));
    }
    let refused = request_import(&outsider, &rig.db, &rig.address(&open)).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let offered = async |viewer: &Viewer| {
        let all = candidates(viewer, &rig.db).await.unwrap().repositories;
        let ours = all.into_iter().filter(|found| found.repository.starts_with(&rig.team));
        ours.map(|found| (found.repository.rsplit('/').next().unwrap().to_owned(), found.has_file)).collect::<Vec<_>>()
    };
    eventually("the repositories are listed", || async {
        // One that was listed before its file was pushed is looked into once more.
        let found = offered(&rig.member).await;
        if found == [("open".to_owned(), true), ("private".to_owned(), true)] {
            Ok(())
        } else {
            Err(format!("{found:?}"))
        }
    })
    .await;
    assert_eq!(offered(&neighbour).await, [("open".to_owned(), true)]);
    assert!(offered(&outsider).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_other_host_is_asked(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let port = rig.settings.url.port_or_known_default().unwrap();
    for address in [
        "https://git.example.com/a/b".to_owned(),
        format!("http://127.0.0.2:{port}/a/b"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        format!("http://localhost:{port}@evil.example/a/b"),
    ] {
        let refused = request_import(&rig.member, &rig.db, &address).await;
        let Err(Error::Invalid(fields)) = refused else { panic!("{address}: {refused:?}") };
        assert_eq!(fields[0].pointer, "/address");
        assert_eq!(check_address(&rig.member, &rig.db, &address).await.unwrap(), Some(fields[0].clone()));
    }
    let asked: i64 = sqlx::query_scalar("select count(*) from catalog_import").fetch_one(&rig.db.pool).await.unwrap();
    assert_eq!(asked, 0);
}
