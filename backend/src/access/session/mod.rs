//! Sessions. Saving only ever updates a row that is still alive: a request that was under way when its session ended
//! finds nothing to save and cannot sign the person in again.

use domain::access::Viewer;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Db, Result,
    audit::{self, Actor, Record},
};

/// SHA-256 of a session id. The id itself stays in the browser.
pub type IdHash = [u8; 32];

/// How long a session lives, in seconds of database time.
#[derive(Clone, Debug)]
pub struct SessionLife {
    /// Since the last request.
    pub idle_secs: f64,
    /// Since sign-in, whatever happens.
    pub absolute_secs: f64,
    /// The same for members of `operator_group`, who can do more harm.
    pub operator_absolute_secs: f64,
    pub operator_group: String,
}

/// What the edge keeps in a session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub data: Value,
    pub person: Option<Uuid>,
    pub provider_sid: Option<String>,
}

/// A session that is alive now.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveSession {
    pub data: Value,
    /// When it ends at the latest, however busy it is.
    pub ends_at: OffsetDateTime,
}

/// A session as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    pub id: IdHash,
    pub created_at: OffsetDateTime,
    /// To the nearest minute.
    pub seen_at: OffsetDateTime,
}

/// False when the id is taken, which with 128 random bits means that it was guessed or replayed.
pub async fn create_session(db: &Db, id: &IdHash, row: &SessionRow) -> Result<bool> {
    let done = sqlx::query!(
        "insert into session (id_hash, person_id, provider_sid, data) values ($1, $2, $3, $4)
         on conflict (id_hash) do nothing",
        &id[..],
        row.person,
        row.provider_sid,
        row.data,
    )
    .execute(&db.pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False when the session has ended meanwhile.
pub async fn save_session(db: &Db, id: &IdHash, row: &SessionRow) -> Result<bool> {
    let done = sqlx::query!(
        "update session set data = $2, person_id = $3, provider_sid = $4, seen_at = now()
         where id_hash = $1 and revoked_at is null",
        &id[..],
        row.data,
        row.person,
        row.provider_sid,
    )
    .execute(&db.pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The session, if it has not been revoked and has outlived neither of its limits. Being seen is noted once a minute.
pub async fn load_session(db: &Db, id: &IdHash, life: &SessionLife) -> Result<Option<LiveSession>> {
    let row = sqlx::query!(
        r#"with live as (
             select s.id_hash, s.data, s.seen_at, s.created_at + make_interval(secs =>
                 case when $5 = any(p.groups) then least($3::float8, $4::float8) else $3::float8 end) as ends_at
             from session s left join person p on p.person_id = s.person_id
             where s.id_hash = $1 and s.revoked_at is null and s.seen_at > now() - make_interval(secs => $2)),
         touched as (
             update session set seen_at = now() from live
             where session.id_hash = live.id_hash and live.seen_at < now() - interval '1 minute')
         select data, ends_at as "ends_at!" from live where ends_at > now()"#,
        &id[..],
        life.idle_secs,
        life.absolute_secs,
        life.operator_absolute_secs,
        life.operator_group,
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|r| LiveSession { data: r.data, ends_at: r.ends_at }))
}

/// Ends one session for good. The row stays until it is purged, so that it cannot be made again.
pub async fn delete_session(db: &Db, id: &IdHash) -> Result<()> {
    sqlx::query!(
        "update session set revoked_at = now(), data = '{}' where id_hash = $1 and revoked_at is null",
        &id[..]
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Ends what the identity provider says has ended: one of its sessions, or all of a subject. Returns how many.
pub async fn end_provider_session(db: &Db, issuer: &str, subject: Option<&str>, sid: Option<&str>) -> Result<u64> {
    let done = sqlx::query!(
        "update session set revoked_at = now(), data = '{}'
         from person
         where session.person_id = person.person_id and person.issuer = $1 and session.revoked_at is null
           and ($2::text is not null or $3::text is not null)
           and ($2::text is null or person.subject = $2)
           and ($3::text is null or session.provider_sid = $3)",
        issuer,
        subject,
        sid,
    )
    .execute(&db.pool)
    .await?;
    Ok(done.rows_affected())
}

/// The viewer's sessions that are alive now, the one that was seen last first.
pub async fn list_sessions(viewer: &Viewer, db: &Db, life: &SessionLife) -> Result<Vec<SessionSummary>> {
    let rows = sqlx::query!(
        "select id_hash, created_at, seen_at from session
         where person_id = $1 and revoked_at is null and seen_at > now() - make_interval(secs => $2)
           and created_at > now() - make_interval(secs => case when $5 then least($3::float8, $4::float8) else $3::float8 end)
         order by seen_at desc limit 50",
        viewer.person.0,
        life.idle_secs,
        life.absolute_secs,
        life.operator_absolute_secs,
        viewer.groups.contains(&life.operator_group),
    )
    .fetch_all(&db.pool)
    .await?;
    let summaries = rows.into_iter().map(|row| SessionSummary {
        id: row.id_hash.try_into().unwrap_or_default(),
        created_at: row.created_at,
        seen_at: row.seen_at,
    });
    Ok(summaries.collect())
}

/// Ends every session of the viewer but the one that asks, wherever they are.
pub async fn end_other_sessions(viewer: &Viewer, db: &Db, own: &IdHash) -> Result<u64> {
    let mut tx = db.pool.begin().await?;
    let ended = sqlx::query!(
        "update session set revoked_at = now(), data = '{}'
         where person_id = $1 and id_hash <> $2 and revoked_at is null",
        viewer.person.0,
        &own[..],
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "access.sessions_end",
        target: format!("person:{}", viewer.person.0),
        detail: json!({ "ended": ended }),
    };
    audit::commit(tx, record).await?;
    Ok(ended)
}

/// Removes rows that cannot come alive again.
pub async fn purge_ended(db: &Db, life: &SessionLife) -> Result<u64> {
    let sessions =
        sqlx::query!("delete from session where created_at < now() - make_interval(secs => $1)", life.absolute_secs)
            .execute(&db.pool)
            .await?;
    let attempts = sqlx::query!("delete from sign_in_attempt where created_at < now() - interval '1 hour'")
        .execute(&db.pool)
        .await?;
    Ok(sessions.rows_affected() + attempts.rows_affected())
}

#[cfg(test)]
mod tests;
