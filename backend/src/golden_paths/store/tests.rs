use std::path::Path;

use domain::golden_paths::TEMPLATE_FILE;
use sqlx::PgPool;

use super::*;
use crate::Error;
use crate::audit::Actor;
use crate::golden_paths::{GoldenPath, PathFiles, SourceFile};
use crate::testing::viewer;

const ACTOR: Actor = Actor::System("test");

fn shipped() -> PathFiles {
    PathFiles::from_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden-paths/web-service")).unwrap()
}

/// The shipped path with changes to its files.
fn changed(change: impl FnOnce(&mut std::collections::BTreeMap<String, SourceFile>)) -> GoldenPath {
    let read = shipped();
    let mut files = read.below("").into_iter().map(|(path, file)| (path.to_owned(), file.clone())).collect();
    change(&mut files);
    GoldenPath::read(PathFiles::new(files)).unwrap()
}

fn raise(files: &mut std::collections::BTreeMap<String, SourceFile>, from: &str, to: &str) {
    let file = files.get_mut(TEMPLATE_FILE).unwrap();
    file.bytes = file.text().unwrap().replace(from, to).into_bytes();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_published_path_comes_back_byte_by_byte_and_publishing_again_does_nothing(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let path = GoldenPath::read(shipped()).unwrap();
    let first = publish(&db, &ACTOR, path.clone()).await.unwrap();
    assert_eq!(first, Published { name: "web-service".into(), version: "1.0.0".into(), is_new: true });
    assert!(!publish(&db, &ACTOR, path.clone()).await.unwrap().is_new);
    let loaded = load(&db, "web-service", None).await.unwrap();
    assert_eq!((&loaded.files, &loaded.template), (&path.files, &path.template));
    assert_eq!(template(&viewer(&["payments"], &[]), &db, "web-service").await.unwrap(), path.template);
    let entries: i64 = sqlx::query_scalar("select count(*) from audit_entry where action = 'golden_path.publish'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(entries, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_version_never_changes_and_a_new_one_leaves_the_old_where_plans_find_it(pool: PgPool) {
    let db = Db::of_pool(pool);
    publish(&db, &ACTOR, changed(|_| {})).await.unwrap();
    for other in [
        changed(|files| files.get_mut("skeleton/main.go").unwrap().bytes.push(b'\n')),
        changed(|files| files.get_mut("skeleton/main.go").unwrap().executable = true),
        changed(|files| drop(files.remove("skeleton/main.go"))),
    ] {
        let refused = publish(&db, &ACTOR, other).await.unwrap_err();
        let Error::Conflict { code: "version_published", detail } = refused else { panic!("{refused:?}") };
        assert!(detail.contains("waymark.dev/version"), "{detail}");
    }
    let next = changed(|files| raise(files, "\"1.0.0\"", "\"1.1.0\""));
    assert!(publish(&db, &ACTOR, next).await.unwrap().is_new);
    let version = |path: GoldenPath| path.template.version.unwrap();
    assert_eq!(version(load(&db, "web-service", None).await.unwrap()), "1.1.0");
    assert_eq!(version(load(&db, "web-service", Some("1.0.0")).await.unwrap()), "1.0.0");
    assert!(matches!(load(&db, "web-service", Some("9.9.9")).await, Err(Error::NotFound)));
    let (summary, versions) = find(&viewer(&["payments"], &[]), &db, "web-service").await.unwrap();
    assert_eq!((summary.version.as_str(), summary.workload.as_deref()), ("1.1.0", Some("web")));
    assert_eq!(versions.iter().map(|v| v.version.as_str()).collect::<Vec<_>>(), ["1.1.0", "1.0.0"]);
    assert_ne!(versions[0].digest, versions[1].digest);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn outsiders_see_no_paths_and_a_name_that_fits_no_address_is_refused(pool: PgPool) {
    let db = Db::of_pool(pool);
    publish(&db, &ACTOR, changed(|_| {})).await.unwrap();
    assert_eq!(list(&viewer(&["payments"], &[]), &db).await.unwrap().len(), 1);
    assert_eq!(list(&viewer(&[], &[]), &db).await.unwrap(), []);
    assert!(matches!(find(&viewer(&[], &[]), &db, "web-service").await, Err(Error::NotFound)));
    assert!(matches!(template(&viewer(&[], &[]), &db, "web-service").await, Err(Error::NotFound)));
    assert!(matches!(load(&db, "nothing", None).await, Err(Error::NotFound)));
    let named = changed(|files| raise(files, "name: web-service", "name: Web Service"));
    assert!(matches!(publish(&db, &ACTOR, named).await, Err(Error::Invalid(_))));
    let unnumbered = changed(|files| raise(files, "waymark.dev/version: \"1.0.0\"", "x: y"));
    assert!(matches!(publish(&db, &ACTOR, unnumbered).await, Err(Error::Invalid(_))));
}
