//! Forms that came when their session had ended, or was too old for what they ask. What was typed waits for the same
//! browser to sign in: whoever that is has typed it, or sits where it was typed.

use domain::access::{PersonId, Viewer};
use domain::golden_paths::form::Typed;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// Nobody has to sign in to leave something here, so there is an end to it: with forms of at most 64 KiB, 64 MiB.
const MOST_LEFT: i64 = 1000;

/// What was typed, and the page where it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftForm {
    pub page: String,
    pub typed: Typed,
}

/// Keeps a form under the hash of a token that the browser holds, and answers its id; nothing where there is no room.
pub async fn leave_form(db: &Db, token: &[u8; 32], form: &LeftForm) -> Result<Option<Uuid>> {
    let typed = serde_json::to_string(&form.typed).map_err(|error| Error::internal(format!("left_form: {error}")))?;
    let id = sqlx::query_scalar!(
        "insert into left_form (token_hash, page, typed)
         select $1, $2, $3::text::json where (select count(*) from left_form) < $4 returning left_form_id",
        &token[..],
        form.page,
        typed,
        MOST_LEFT,
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(id)
}

/// Whoever has just signed in at the browser takes over what was left there within the hour, once.
pub async fn claim_forms(db: &Db, person: PersonId, token: &[u8; 32]) -> Result<Vec<LeftForm>> {
    let rows = sqlx::query!(
        "update left_form set person_id = $1
         where token_hash = $2 and person_id is null and created_at > now() - interval '1 hour'
         returning page, typed",
        person.0,
        &token[..],
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(|row| Ok(LeftForm { page: row.page, typed: of_json(row.typed)? })).collect()
}

/// What the viewer has typed on this page, at this browser, within the hour.
pub async fn find_form(viewer: &Viewer, db: &Db, token: &[u8; 32], id: Uuid, page: &str) -> Result<Option<Typed>> {
    let typed = sqlx::query_scalar!(
        "select typed from left_form
         where left_form_id = $1 and token_hash = $2 and person_id = $3 and page = $4
             and created_at > now() - interval '1 hour'",
        id,
        &token[..],
        viewer.person.0,
        page,
    )
    .fetch_optional(&db.pool)
    .await?;
    typed.map(of_json).transpose()
}

/// Removes what is over.
pub async fn purge_forms(db: &Db) -> Result<u64> {
    let gone =
        sqlx::query!("delete from left_form where created_at < now() - interval '1 hour'").execute(&db.pool).await?;
    Ok(gone.rows_affected())
}

fn of_json(typed: serde_json::Value) -> Result<Typed> {
    serde_json::from_value(typed).map_err(|error| Error::internal(format!("left_form: {error}")))
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::testing::signed_in;

    fn form(page: &str, name: &str) -> LeftForm {
        let typed = Typed::new(vec![("name".into(), name.into()), ("ow\0ner".into(), "группа \0 ☃ \u{202e}".into())]);
        LeftForm { page: page.into(), typed }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_form_is_for_the_first_who_signs_in_at_its_browser_within_the_hour(pool: PgPool) {
        let db = Db::of_pool(pool.clone());
        let ann = signed_in(&db, "ann", &["leadership"]).await.unwrap();
        let bob = signed_in(&db, "bob", &["leadership"]).await.unwrap();
        let (first, second) = (form("/settings", "a"), form("/catalog/import", "b"));
        let id = leave_form(&db, &[1; 32], &first).await.unwrap().unwrap();
        leave_form(&db, &[1; 32], &second).await.unwrap().unwrap();
        assert_eq!(find_form(&ann, &db, &[1; 32], id, "/settings").await.unwrap(), None, "nobody has signed in");
        assert_eq!(claim_forms(&db, bob.person, &[2; 32]).await.unwrap(), [], "another browser");
        let claimed = claim_forms(&db, ann.person, &[1; 32]).await.unwrap();
        assert_eq!(claimed, [first.clone(), second], "two tabs leave two forms");
        assert_eq!(claim_forms(&db, bob.person, &[1; 32]).await.unwrap(), [], "twice");
        for (viewer, token, page, found) in [
            (&ann, 1, "/settings", Some(first.typed.clone())),
            (&bob, 1, "/settings", None),
            (&ann, 2, "/settings", None),
            (&ann, 1, "/catalog/import", None),
        ] {
            let seen = find_form(viewer, &db, &[token; 32], id, page).await.unwrap();
            assert_eq!(seen, found, "{} {token} {page}", viewer.login);
        }
        let late = leave_form(&db, &[3; 32], &first).await.unwrap().unwrap();
        sqlx::query("update left_form set created_at = now() - interval '61 minutes'").execute(&pool).await.unwrap();
        assert_eq!(claim_forms(&db, ann.person, &[3; 32]).await.unwrap(), [], "too late");
        for (token, id) in [(1, id), (3, late)] {
            assert_eq!(find_form(&ann, &db, &[token; 32], id, "/settings").await.unwrap(), None, "too late to see");
        }
        assert_eq!(purge_forms(&db).await.unwrap(), 3);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn there_is_an_end_to_what_strangers_can_leave(pool: PgPool) {
        let db = Db::of_pool(pool.clone());
        let fill = "insert into left_form (token_hash, page, typed)
                    select sha256(n::text::bytea), '/settings', '[]' from generate_series(1, 1000) n";
        sqlx::query(fill).execute(&pool).await.unwrap();
        assert_eq!(leave_form(&db, &[1; 32], &form("/settings", "a")).await.unwrap(), None);
    }
}
