use domain::access::Role;
use sqlx::PgPool;

use super::super::{Declaration, NamespaceFilter, capability, declare, find, list};
use super::support::{declaration, developer, known};
use crate::{
    Db, Error,
    testing::{rig::CLUSTER, viewer},
};

async fn db(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    capability::register(&db, CLUSTER).await.unwrap();
    db
}

fn pointer<T: std::fmt::Debug>(result: crate::Result<T>) -> String {
    match result {
        Err(Error::Invalid(fields)) => fields[0].pointer.clone(),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_the_team_and_the_platform_see_a_namespace(pool: PgPool) {
    let db = db(pool).await;
    let declared = declare(&developer(), &db, &known(&db, declaration()).await).await.unwrap();
    let see = async |team: &str, roles: &[Role]| {
        let viewer = viewer(&[team], roles);
        let listed = list(&viewer, &db, &NamespaceFilter::default()).await.unwrap().items.len();
        let found = find(&viewer, &db, CLUSTER, declared.name.as_str()).await;
        assert_eq!(listed == 1, found.is_ok());
        found
    };
    let mine = see("payments", &[]).await.unwrap();
    assert_eq!((mine.team.to_string(), mine.revision), ("group:default/payments".to_owned(), 1));
    assert!(see("x", &[Role::Platform]).await.is_ok());
    for (team, roles) in [("search", &[][..]), ("x", &[Role::Leadership][..])] {
        assert!(matches!(see(team, roles).await, Err(Error::NotFound)), "{team}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_declaration_is_refused_at_the_field(pool: PgPool) {
    let db = db(pool).await;
    let (me, wanted) = (developer(), known(&db, declaration()).await);
    declare(&me, &db, &wanted).await.unwrap();
    assert_eq!(pointer(declare(&me, &db, &wanted).await), "/name", "taken");
    let long = known(&db, Declaration { service: "s".repeat(51), ..declaration() }).await;
    assert_eq!(pointer(declare(&me, &db, &long).await), "/name", "too long");
    let elsewhere = known(&db, Declaration { cluster: "moon".into(), ..declaration() }).await;
    assert_eq!(pointer(declare(&me, &db, &elsewhere).await), "/cluster");
    assert!(matches!(declare(&viewer(&["search"], &[]), &db, &declaration()).await, Err(Error::Forbidden(_))));
    assert_eq!(pointer(declare(&me, &db, &declaration()).await), "/service", "not in the catalog");
    let theirs = known(&db, Declaration { team: "search".into(), ..declaration() }).await;
    let taken = Declaration { team: "payments".into(), ..theirs };
    assert_eq!(pointer(declare(&me, &db, &taken).await), "/service", "another team's");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lists_go_on_where_they_ended(pool: PgPool) {
    let db = db(pool).await;
    let me = developer();
    for _ in 0..5 {
        declare(&me, &db, &known(&db, declaration()).await).await.unwrap();
    }
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = list(&me, &db, &NamespaceFilter { after, limit: Some(2), ..Default::default() }).await.unwrap();
        names.extend(page.items.into_iter().map(|v| v.name));
        after = page.next_cursor;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(names.len(), 5);
    assert!(names.is_sorted());
}
