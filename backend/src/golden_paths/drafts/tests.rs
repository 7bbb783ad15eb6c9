use std::path::Path;

use sqlx::PgPool;

use super::*;
use crate::audit::Actor;
use crate::golden_paths::{GoldenPath, PathFiles, publish};
use crate::testing::signed_in;

async fn with_path(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden-paths/web-service");
    let path = GoldenPath::read(PathFiles::from_folder(&folder).unwrap()).unwrap();
    publish(&db, &Actor::System("test"), path).await.unwrap();
    db
}

fn typed(name: &str) -> Typed {
    Typed::new(vec![("name".into(), name.into()), ("ow\0ner".into(), "группа \0 ☃ \u{202e}".into())])
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_draft_keeps_every_character_and_is_its_writers_alone(pool: PgPool) {
    let db = with_path(pool).await;
    let (ann, bob) =
        (signed_in(&db, "ann", &["leadership"]).await.unwrap(), signed_in(&db, "bob", &["leadership"]).await.unwrap());
    let errors = [FieldError::new("/na\0me", "Shorter.")];
    save_draft(&ann, &db, "web-service", &typed("first"), &[]).await.unwrap();
    save_draft(&ann, &db, "web-service", &typed("second"), &errors).await.unwrap();
    let draft = find_draft(&ann, &db, "web-service").await.unwrap().unwrap();
    assert_eq!((draft.typed, draft.errors.as_slice()), (typed("second"), &errors[..]));
    let [listed] = list_drafts(&ann, &db).await.unwrap().try_into().unwrap();
    assert_eq!((listed.title.as_str(), listed.has_errors), ("Web service", true));
    assert_eq!(find_draft(&bob, &db, "web-service").await.unwrap(), None);
    assert_eq!(list_drafts(&bob, &db).await.unwrap(), []);
    discard_draft(&bob, &db, "web-service").await.unwrap();
    assert!(find_draft(&ann, &db, "web-service").await.unwrap().is_some());
    discard_draft(&ann, &db, "web-service").await.unwrap();
    assert_eq!(find_draft(&ann, &db, "web-service").await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn there_are_no_drafts_of_paths_that_one_does_not_see(pool: PgPool) {
    let db = with_path(pool).await;
    let outsider = signed_in(&db, "out", &[]).await.unwrap();
    let hidden = save_draft(&outsider, &db, "web-service", &typed("x"), &[]).await.unwrap_err();
    assert!(matches!(hidden, Error::NotFound));
    let member = signed_in(&db, "ann", &["leadership"]).await.unwrap();
    let missing = save_draft(&member, &db, "nothing", &typed("x"), &[]).await.unwrap_err();
    assert!(matches!(missing, Error::NotFound));
}
