//! What is told to whom. No host is asked here.

use domain::access::Role;

use super::*;
use crate::{
    audit::Actor,
    catalog::{Collected, FileText, import},
};

/// A file that was handed over, and a private repository of payments of which nothing could be taken over.
async fn filled(pool: PgPool) -> (Db, Uuid, Uuid) {
    let db = Db::of_pool(pool);
    for team in ["payments", "search"] {
        testing::team(&db, team).await.unwrap();
    }
    let text = format!("{}---\n{}", component("refunds", "search"), component("Bad Name", "search"));
    take(&db, "file:all.yaml", "all.yaml", &text).await;
    sqlx::query(
        "insert into catalog_source (origin, kind, repository, branch, path)
         values ('url:https://git.example/payments/x/src/branch/main/a.yaml', 'git', 'Payments/x', 'main', 'a.yaml')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    take(&db, "url:https://git.example/payments/x/src/branch/main/a.yaml", "a.yaml", "kind: [\n").await;
    let id = async |kind: &str| {
        let query = sqlx::query_scalar("select source_id from catalog_source where kind = $1").bind(kind);
        query.fetch_one(&db.pool).await.unwrap()
    };
    let (file, git) = (id("file").await, id("git").await);
    (db, file, git)
}

async fn take(db: &Db, origin: &str, file: &str, text: &str) {
    let collected = Collected::of(vec![FileText::new(file, text)]);
    import(db, &Actor::System("test"), origin, &collected).await.unwrap();
}

async fn seen(viewer: &Viewer, db: &Db) -> (usize, i64, Vec<(Option<String>, bool, usize)>) {
    let groups = inbox(viewer, db).await.unwrap();
    let groups = groups.into_iter().map(|group| (group.owner, group.is_mine, group.entries.len())).collect();
    (sources(viewer, db).await.unwrap().len(), error_count(viewer, db).await.unwrap(), groups)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn errors_are_told_to_those_who_can_mend_them(pool: PgPool) {
    let (db, file, git) = filled(pool).await;
    let of = |team: &str, is_mine: bool| (Some(format!("group:default/{team}")), is_mine, 1);
    let payments = testing::viewer(&["payments"], &[]);
    assert_eq!(seen(&payments, &db).await, (2, 1, vec![of("payments", true)]));
    let search = testing::viewer(&["search"], &[]);
    assert_eq!(seen(&search, &db).await, (1, 1, vec![of("search", true)]), "nothing of a private repository");
    let pricing = testing::viewer(&["pricing"], &[]);
    assert_eq!(seen(&pricing, &db).await, (1, 0, vec![]));
    let platform = testing::viewer(&[], &[Role::Platform]);
    assert_eq!(seen(&platform, &db).await, (2, 2, vec![of("payments", false), of("search", false)]));
    let outsider = testing::viewer(&[], &[]);
    assert_eq!(seen(&outsider, &db).await, (0, 0, vec![]));

    for (viewer, source, is_seen) in [
        (&payments, git, true),
        (&search, git, false),
        (&search, file, true),
        (&outsider, file, false),
        (&outsider, git, false),
        (&platform, git, true),
    ] {
        let found = find_source(viewer, &db, source).await;
        assert_eq!(found.is_ok(), is_seen, "{:?} {found:?}", viewer.teams);
        let known: Vec<Uuid> =
            catalog::query::locations(viewer, &db).await.unwrap().into_iter().map(|location| location.id).collect();
        assert_eq!(known.contains(&source), is_seen);
        let again = look_again(viewer, &db, source).await;
        assert_eq!(matches!(again, Err(Error::NotFound)), !is_seen, "{again:?}");
    }
    assert!(matches!(look_again(&payments, &db, file).await, Err(Error::Conflict { code: "not_asked", .. })));
    let detail = find_source(&payments, &db, git).await.unwrap();
    let address = "https://git.example/payments/x/src/branch/main/a.yaml#L2";
    assert_eq!(
        detail.findings[0].address.as_deref().map(|found| &found[..found.len() - 1]),
        Some(&address[..address.len() - 1])
    );
    take(&db, "file:all.yaml", "all.yaml", &component("refunds", "search")).await;
    assert_eq!(seen(&search, &db).await, (1, 0, vec![]), "what is mended is gone");
}
