//! Tokens: made by a person for their programs, shown once, kept as a hash.
//!
//! A token gives nothing of its own. Whoever uses it is the person, with the groups of their last sign-in, narrowed by
//! the token's scopes; it rests when that sign-in is too long ago, so that it does not outlive an employment.

use domain::access::{TokenScope, TokenText, TokenWish, Viewer};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

/// A token as its person sees it; its text is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenView {
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<TokenScope>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// To the nearest ten minutes; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

/// Whose token was sent, and what it may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenUse {
    pub token: Uuid,
    pub person: Uuid,
    pub may_write: bool,
}

/// As many tokens as a person may have at once.
pub const MOST_TOKENS: i64 = 20;

/// The text is in this answer and nowhere else.
pub async fn make_token(viewer: &Viewer, db: &Db, wish: &TokenWish) -> Result<(TokenView, TokenText)> {
    let text = TokenText::of(rand::random());
    let scopes: Vec<String> = wish.scopes().iter().map(|scope| scope.word().to_owned()).collect();
    let mut tx = db.pool.begin().await?;
    // Held until the end, so that two requests do not both find room for the last one.
    sqlx::query!("select person_id from person where person_id = $1 for update", viewer.person.0)
        .fetch_one(&mut *tx)
        .await?;
    let live = sqlx::query_scalar!(
        r#"select count(*) as "count!" from api_token
           where person_id = $1 and revoked_at is null and expires_at > now()"#,
        viewer.person.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if live >= MOST_TOKENS {
        let detail = format!("You have {MOST_TOKENS} tokens, which is the most. Revoke one that is not used any more.");
        return Err(Error::Conflict { code: "too_many_tokens", detail });
    }
    let made = sqlx::query!(
        "insert into api_token (person_id, name, scopes, hash, expires_at) values ($1, $2, $3, $4, $5)
         returning token_id, created_at, expires_at",
        viewer.person.0,
        wish.name(),
        &scopes,
        &text.hash()[..],
        wish.expires_at(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let view = TokenView {
        id: made.token_id,
        name: wish.name().to_owned(),
        scopes: wish.scopes().to_vec(),
        created_at: made.created_at,
        expires_at: made.expires_at,
        last_used_at: None,
    };
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "access.token_make",
        target: format!("token:{}", view.id),
        detail: json!({ "name": view.name, "scopes": scopes, "expires_at": view.expires_at.unix_timestamp() }),
    };
    audit::commit(tx, record).await?;
    Ok((view, text))
}

/// The viewer's own tokens that still work or will again after a sign-in, the latest first.
pub async fn list_tokens(viewer: &Viewer, db: &Db) -> Result<Vec<TokenView>> {
    let rows = sqlx::query!(
        "select token_id, name, scopes, created_at, expires_at, last_used_at from api_token
         where person_id = $1 and revoked_at is null and expires_at > now() order by created_at desc, token_id",
        viewer.person.0
    )
    .fetch_all(&db.pool)
    .await?;
    let views = rows.into_iter().map(|row| TokenView {
        id: row.token_id,
        name: row.name,
        scopes: row.scopes.iter().filter_map(|word| TokenScope::of_word(word)).collect(),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    });
    Ok(views.collect())
}

/// Ends one of the viewer's own tokens at once.
pub async fn revoke_token(viewer: &Viewer, db: &Db, token: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let name = sqlx::query_scalar!(
        "update api_token set revoked_at = now()
         where token_id = $1 and person_id = $2 and revoked_at is null and expires_at > now() returning name",
        token,
        viewer.person.0,
    )
    .fetch_one(&mut *tx)
    .await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "access.token_revoke",
        target: format!("token:{token}"),
        detail: json!({ "name": name }),
    };
    audit::commit(tx, record).await
}

/// `None` for every reason why a token is none: unknown, over, revoked, or resting until its person signs in again.
pub async fn use_token(db: &Db, text: &TokenText) -> Result<Option<TokenUse>> {
    let row = sqlx::query!(
        "with live as (
             select t.token_id, t.person_id, t.scopes, t.last_used_at from api_token t join person p using (person_id)
             where t.hash = $1 and t.revoked_at is null and t.expires_at > now()
               and p.signed_in_at > now() - interval '30 days'),
         touched as (
             update api_token set last_used_at = now() from live
             where api_token.token_id = live.token_id
               and (live.last_used_at is null or live.last_used_at < now() - interval '10 minutes'))
         select token_id, person_id, scopes from live",
        &text.hash()[..]
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|row| TokenUse {
        token: row.token_id,
        person: row.person_id,
        may_write: row.scopes.iter().any(|word| word == TokenScope::Write.word()),
    }))
}

/// Removes what has been over for so long that nobody asks about it; the audit trail keeps who made it and when.
pub async fn purge_tokens(db: &Db) -> Result<u64> {
    let done = sqlx::query!("delete from api_token where least(expires_at, revoked_at) < now() - interval '30 days'")
        .execute(&db.pool)
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;
    use time::Duration;

    use super::*;
    use crate::testing::signed_in;

    async fn wish(db: &Db, scopes: &[&str]) -> TokenWish {
        let now: OffsetDateTime = sqlx::query_scalar("select now()").fetch_one(&db.pool).await.unwrap();
        let scopes: Vec<String> = scopes.iter().map(|word| (*word).to_owned()).collect();
        TokenWish::new("build", &scopes, now + Duration::days(30), now).unwrap()
    }

    async fn change(db: &Db, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&db.pool).await.unwrap();
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_token_is_its_person_until_it_ends_in_any_way(pool: PgPool) {
        let db = Db::of_pool(pool);
        let developer = signed_in(&db, "developer", &[]).await.unwrap();
        let (view, text) = make_token(&developer, &db, &wish(&db, &["read"]).await).await.unwrap();
        let used = use_token(&db, &text).await.unwrap().unwrap();
        assert_eq!(used, TokenUse { token: view.id, person: developer.person.0, may_write: false });
        assert!(list_tokens(&developer, &db).await.unwrap()[0].last_used_at.is_some());
        assert_eq!(use_token(&db, &TokenText::of([7; 32])).await.unwrap(), None, "unknown");
        for (end, back) in [
            (
                "update api_token set created_at = now() - interval '9 days', expires_at = now() - interval '1 s'",
                "update api_token set expires_at = now() + interval '1 day'",
            ),
            ("update api_token set revoked_at = now()", "update api_token set revoked_at = null"),
            (
                "update person set signed_in_at = now() - interval '31 days'",
                "update person set signed_in_at = now() - interval '29 days'",
            ),
        ] {
            change(&db, end).await;
            assert_eq!(use_token(&db, &text).await.unwrap(), None, "{end}");
            change(&db, back).await;
            assert!(use_token(&db, &text).await.unwrap().is_some(), "{back}");
        }
        change(&db, "delete from person").await;
        assert_eq!(use_token(&db, &text).await.unwrap(), None, "whoever is removed takes their tokens along");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_database_holds_nothing_that_could_be_sent(pool: PgPool) {
        let db = Db::of_pool(pool);
        let developer = signed_in(&db, "developer", &[]).await.unwrap();
        let (_, text) = make_token(&developer, &db, &wish(&db, &["read", "write"]).await).await.unwrap();
        assert!(use_token(&db, &text).await.unwrap().unwrap().may_write);
        let rows: Vec<String> = sqlx::query_scalar(
            "select row_to_json(t)::text from api_token t union all select row_to_json(a)::text from audit_entry a",
        )
        .fetch_all(&db.pool)
        .await
        .unwrap();
        let digits = text.expose().strip_prefix("wmk_").unwrap();
        assert!(rows.len() > 1 && rows.iter().all(|row| !row.contains(digits)));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn tokens_are_ones_own_and_not_more_than_twenty(pool: PgPool) {
        let db = Db::of_pool(pool);
        let (developer, neighbour) =
            (signed_in(&db, "developer", &[]).await.unwrap(), signed_in(&db, "neighbour", &[]).await.unwrap());
        let wish = wish(&db, &["read"]).await;
        let (first, text) = make_token(&developer, &db, &wish).await.unwrap();
        assert!(matches!(revoke_token(&neighbour, &db, first.id).await, Err(Error::NotFound)));
        assert!(list_tokens(&neighbour, &db).await.unwrap().is_empty());
        for _ in 1..MOST_TOKENS {
            make_token(&developer, &db, &wish).await.unwrap();
        }
        let refused = make_token(&developer, &db, &wish).await;
        assert!(matches!(refused, Err(Error::Conflict { code: "too_many_tokens", .. })));
        revoke_token(&developer, &db, first.id).await.unwrap();
        assert_eq!(use_token(&db, &text).await.unwrap(), None);
        assert!(matches!(revoke_token(&developer, &db, first.id).await, Err(Error::NotFound)), "once is enough");
        make_token(&developer, &db, &wish).await.unwrap();
    }
}
