//! Sign-ins that have begun at the identity provider and are not back yet.

use crate::{Db, Result};

/// What the callback needs to check the provider's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub nonce: String,
    pub pkce_verifier: String,
    /// Where the person wanted to go, already checked to be a path of ours.
    pub next: String,
}

/// A browser may have this many sign-ins open; the oldest gives way.
const OPEN_PER_BROWSER: i64 = 5;

/// Remembers an attempt under the hash of its `state`, for the browser that holds the matching cookie.
pub async fn begin_attempt(db: &Db, state: &[u8; 32], browser: &[u8; 32], attempt: &Attempt) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    sqlx::query!(
        "delete from sign_in_attempt where state_hash in (
             select state_hash from sign_in_attempt where browser_hash = $1 order by created_at desc offset $2)",
        &browser[..],
        OPEN_PER_BROWSER - 1,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into sign_in_attempt (state_hash, browser_hash, nonce, pkce_verifier, next) values ($1, $2, $3, $4, $5)",
        &state[..],
        &browser[..],
        attempt.nonce,
        attempt.pkce_verifier,
        attempt.next,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the attempt out: it is used once, within ten minutes, by the browser that began it.
pub async fn take_attempt(db: &Db, state: &[u8; 32], browser: &[u8; 32]) -> Result<Option<Attempt>> {
    let row = sqlx::query!(
        "delete from sign_in_attempt
         where state_hash = $1 and browser_hash = $2 and created_at > now() - interval '10 minutes'
         returning nonce, pkce_verifier, next",
        &state[..],
        &browser[..],
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|r| Attempt { nonce: r.nonce, pkce_verifier: r.pkce_verifier, next: r.next }))
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn attempt(next: &str) -> Attempt {
        Attempt { nonce: "n".into(), pkce_verifier: "v".into(), next: next.into() }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_attempt_is_used_once_by_its_own_browser_in_time(pool: PgPool) {
        let db = Db::of_pool(pool.clone());
        begin_attempt(&db, &[1; 32], &[9; 32], &attempt("/a")).await.unwrap();
        assert_eq!(take_attempt(&db, &[1; 32], &[8; 32]).await.unwrap(), None, "another browser");
        assert_eq!(take_attempt(&db, &[1; 32], &[9; 32]).await.unwrap(), Some(attempt("/a")));
        assert_eq!(take_attempt(&db, &[1; 32], &[9; 32]).await.unwrap(), None, "twice");
        begin_attempt(&db, &[2; 32], &[9; 32], &attempt("/b")).await.unwrap();
        sqlx::query("update sign_in_attempt set created_at = now() - interval '11 minutes'")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(take_attempt(&db, &[2; 32], &[9; 32]).await.unwrap(), None, "too late");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_browser_has_at_most_five_open(pool: PgPool) {
        let db = Db::of_pool(pool);
        for n in 1..=6 {
            begin_attempt(&db, &[n; 32], &[9; 32], &attempt("/")).await.unwrap();
        }
        assert_eq!(take_attempt(&db, &[1; 32], &[9; 32]).await.unwrap(), None, "the oldest gave way");
        assert!(take_attempt(&db, &[6; 32], &[9; 32]).await.unwrap().is_some());
        assert!(take_attempt(&db, &[2; 32], &[9; 32]).await.unwrap().is_some());
    }
}
