//! A request that is sent again does what it does once, and is answered as it was the first time.
//!
//! The key is claimed before the request is carried out. The transaction that changes something writes so into the key's
//! row as well ([`mark_done`]), so that what was done and what is known of it cannot part: a process that dies leaves
//! either nothing done, and the next attempt carries the request out, or the word of what was done, and the next attempt
//! is told that instead of doing it again.

use domain::access::PersonId;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// A request with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    pub person: PersonId,
    /// Method and address with its parameters' names.
    pub route: String,
    pub key: String,
    /// SHA-256 of the whole address and the body.
    pub fingerprint: [u8; 32],
}

/// The right to carry a request out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    person: PersonId,
    route: String,
    key: String,
    id: Uuid,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

/// Whether a request is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    First(Claim),
    Again(Answer),
}

/// Claims the key for a minute, which is longer than any answer takes. A claim that is over counts as abandoned.
pub async fn begin(db: &Db, keyed: &Keyed) -> Result<Begun> {
    let id = Uuid::new_v4();
    let claimed = sqlx::query!(
        "insert into idempotency_key as k (person_id, route, key, fingerprint, claim, claimed_until)
         values ($1, $2, $3, $4, $5, now() + interval '1 minute')
         on conflict (person_id, route, key) do update
             set fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_until = excluded.claimed_until,
                 created_at = now(), done = null, status = null, content_type = null, location = null, body = null
             where k.created_at < now() - interval '24 hours'
                or (k.status is null and k.done is null and k.claimed_until < now()
                    and k.fingerprint = excluded.fingerprint)",
        keyed.person.0,
        keyed.route,
        keyed.key,
        &keyed.fingerprint[..],
        id,
    )
    .execute(&db.pool)
    .await
    .map_err(held)?;
    if claimed.rows_affected() == 1 {
        let Keyed { person, route, key, .. } = keyed.clone();
        return Ok(Begun::First(Claim { person, route, key, id }));
    }
    before(db, keyed).await.map(Begun::Again)
}

/// What became of the first request with this key.
async fn before(db: &Db, keyed: &Keyed) -> Result<Answer> {
    let row = sqlx::query!(
        r#"select fingerprint, claimed_until < now() as "is_over!", done, status, content_type, location, body
           from idempotency_key where person_id = $1 and route = $2 and key = $3"#,
        keyed.person.0,
        keyed.route,
        keyed.key,
    )
    .fetch_optional(&db.pool)
    .await?;
    // Given up in this very moment.
    let Some(row) = row else { return Err(in_progress()) };
    if row.fingerprint != keyed.fingerprint {
        let detail = "This Idempotency-Key was used for another request. Use a new key for a new request.".to_owned();
        return Err(Error::Conflict { code: "key_reused", detail });
    }
    match (row.status, row.body, row.done) {
        (Some(status), Some(body), _) => {
            let status = u16::try_from(status).map_err(|_| Error::internal("idempotency_key: status"))?;
            Ok(Answer { status, content_type: row.content_type, location: row.location, body })
        }
        (_, _, Some(done)) if row.is_over => {
            let detail = format!("This was carried out, and its answer was lost with the process. Look at {done}.");
            Err(Error::Conflict { code: "answer_lost", detail })
        }
        _ => Err(in_progress()),
    }
}

/// Keeps the answer for a day.
pub async fn keep(db: &Db, claim: &Claim, answer: &Answer) -> Result<()> {
    let status = i16::try_from(answer.status).map_err(|_| Error::internal("idempotency_key: status"))?;
    sqlx::query!(
        "update idempotency_key set status = $5, content_type = $6, location = $7, body = $8
         where person_id = $1 and route = $2 and key = $3 and claim = $4 and status is null",
        claim.person.0,
        claim.route,
        claim.key,
        claim.id,
        status,
        answer.content_type,
        answer.location,
        answer.body,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// After a failure of our own: the next attempt may try again, unless something was done.
pub async fn give_up(db: &Db, claim: &Claim) -> Result<()> {
    sqlx::query!(
        "delete from idempotency_key where person_id = $1 and route = $2 and key = $3 and claim = $4
             and status is null and done is null",
        claim.person.0,
        claim.route,
        claim.key,
        claim.id,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Removes what is older than a day.
pub async fn purge(db: &Db) -> Result<u64> {
    let done = sqlx::query!("delete from idempotency_key where created_at < now() - interval '24 hours'")
        .execute(&db.pool)
        .await?;
    Ok(done.rows_affected())
}

/// Part of the change's own transaction. Whoever lost the claim meanwhile changes nothing.
pub(crate) async fn mark_done(tx: &mut Transaction<'_, Postgres>, claim: &Claim, done: &str) -> Result<()> {
    let marked = sqlx::query!(
        "update idempotency_key set done = $5
         where person_id = $1 and route = $2 and key = $3 and claim = $4 and status is null",
        claim.person.0,
        claim.route,
        claim.key,
        claim.id,
        done,
    )
    .execute(&mut **tx)
    .await
    .map_err(held)?;
    if marked.rows_affected() == 1 { Ok(()) } else { Err(in_progress()) }
}

/// Another transaction held the row until the lock timeout: it is still under way.
fn held(error: sqlx::Error) -> Error {
    match error.as_database_error().and_then(|e| e.code()).as_deref() {
        Some("55P03") => in_progress(),
        _ => error.into(),
    }
}

fn in_progress() -> Error {
    let detail = "The first request with this Idempotency-Key is still under way. Ask again in a moment.".to_owned();
    Error::Conflict { code: "in_progress", detail }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;
    use crate::{
        audit::{self, Actor, Record, Within},
        testing,
    };

    async fn keyed(db: &Db, body: u8) -> Keyed {
        let person = testing::person(db, "developer", &[]).await.unwrap();
        Keyed { person, route: "POST /x".into(), key: "k".into(), fingerprint: [body; 32] }
    }

    async fn first(db: &Db, keyed: &Keyed) -> Claim {
        match begin(db, keyed).await.unwrap() {
            Begun::First(claim) => claim,
            Begun::Again(answer) => panic!("answered already: {answer:?}"),
        }
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        match result {
            Err(Error::Conflict { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }

    /// An operation that changes something, by whoever holds the claim.
    async fn change(db: &Db, claim: &Claim) -> Result<()> {
        let within = Within { token: None, claim: Some(claim.clone()) };
        audit::within(within, async {
            let mut tx = db.pool.begin().await?;
            sqlx::query("insert into cluster (name) values (gen_random_uuid()::text)").execute(&mut *tx).await?;
            let record =
                Record { actor: &Actor::System("test"), action: "test", target: "thing:1".into(), detail: json!({}) };
            audit::commit(tx, record).await
        })
        .await
    }

    async fn changes(db: &Db) -> i64 {
        sqlx::query_scalar("select count(*) from cluster").fetch_one(&db.pool).await.unwrap()
    }

    async fn pass(db: &Db, interval: &str) {
        sqlx::query(
            "update idempotency_key set claimed_until = claimed_until - $1::interval, created_at = created_at - $1::interval",
        )
        .bind(interval)
        .execute(&db.pool)
        .await
        .unwrap();
    }

    fn answer() -> Answer {
        Answer {
            status: 201,
            content_type: Some("application/json".into()),
            location: Some("/x/1".into()),
            body: b"{}".to_vec(),
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_same_request_gets_the_same_answer_for_a_day(pool: PgPool) {
        let db = Db::of_pool(pool);
        let keyed = keyed(&db, 1).await;
        let claim = first(&db, &keyed).await;
        assert_eq!(code(begin(&db, &keyed).await), "in_progress");
        assert_eq!(code(begin(&db, &Keyed { fingerprint: [2; 32], ..keyed.clone() }).await), "key_reused");
        change(&db, &claim).await.unwrap();
        keep(&db, &claim, &answer()).await.unwrap();
        assert_eq!(begin(&db, &keyed).await.unwrap(), Begun::Again(answer()));
        pass(&db, "23 hours 59 minutes").await;
        assert_eq!(begin(&db, &keyed).await.unwrap(), Begun::Again(answer()));
        pass(&db, "2 minutes").await;
        first(&db, &keyed).await;
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn keys_are_each_persons_and_each_routes_own(pool: PgPool) {
        let db = Db::of_pool(pool);
        let keyed = keyed(&db, 1).await;
        first(&db, &keyed).await;
        first(&db, &Keyed { route: "POST /y".into(), ..keyed.clone() }).await;
        let neighbour = testing::person(&db, "neighbour", &[]).await.unwrap();
        first(&db, &Keyed { person: neighbour, fingerprint: [9; 32], ..keyed }).await;
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_process_that_died_before_its_change_leaves_the_key_to_the_next(pool: PgPool) {
        let db = Db::of_pool(pool);
        let keyed = keyed(&db, 1).await;
        let dead = first(&db, &keyed).await;
        pass(&db, "61 seconds").await;
        let heir = first(&db, &keyed).await;
        assert_eq!(code(change(&db, &dead).await), "in_progress", "it was not dead after all");
        assert_eq!(changes(&db).await, 0);
        change(&db, &heir).await.unwrap();
        keep(&db, &dead, &answer()).await.unwrap();
        assert_eq!(code(begin(&db, &keyed).await), "in_progress", "the answer of the other is not kept");
        assert_eq!(changes(&db).await, 1);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_process_that_died_after_its_change_never_has_it_done_twice(pool: PgPool) {
        let db = Db::of_pool(pool);
        let keyed = keyed(&db, 1).await;
        let claim = first(&db, &keyed).await;
        change(&db, &claim).await.unwrap();
        give_up(&db, &claim).await.unwrap();
        assert_eq!(code(begin(&db, &keyed).await), "in_progress");
        pass(&db, "61 seconds").await;
        let Err(Error::Conflict { code, detail }) = begin(&db, &keyed).await else { panic!("it was begun again") };
        assert!(code == "answer_lost" && detail.contains("thing:1"), "{detail}");
        assert_eq!(changes(&db).await, 1);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_was_given_up_is_free_at_once_and_old_keys_are_removed(pool: PgPool) {
        let db = Db::of_pool(pool);
        let keyed = keyed(&db, 1).await;
        let claim = first(&db, &keyed).await;
        give_up(&db, &claim).await.unwrap();
        first(&db, &keyed).await;
        assert_eq!(purge(&db).await.unwrap(), 0);
        pass(&db, "25 hours").await;
        assert_eq!(purge(&db).await.unwrap(), 1);
    }
}
