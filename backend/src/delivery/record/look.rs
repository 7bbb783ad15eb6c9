//! What was seen of the cluster and of Git.

use domain::delivery::Observed;
use uuid::Uuid;

use super::super::queue::Sources;
use crate::{
    Db, Error, Result,
    git_host::CommitRow,
    keyed_queue::{Claim, Keys},
};

/// One place at the end of a pass.
pub(in crate::delivery) struct Look<'a> {
    pub(in crate::delivery) place: Uuid,
    pub(in crate::delivery) observed: &'a Observed,
    /// The revision that stands in full.
    pub(in crate::delivery) carried_out: Option<i64>,
    pub(in crate::delivery) problem: Option<String>,
    pub(in crate::delivery) healed: &'a [String],
}

/// A synced commit and what its overlay says.
pub(in crate::delivery) struct Review<'a> {
    pub(in crate::delivery) place: Uuid,
    pub(in crate::delivery) commit: &'a str,
    pub(in crate::delivery) content: [u8; 32],
    pub(in crate::delivery) images: &'a [String],
}

/// What the branch holds for a pinned place beside what it runs.
pub(in crate::delivery) struct Comparison<'a> {
    pub(in crate::delivery) place: Uuid,
    pub(in crate::delivery) head: &'a str,
    pub(in crate::delivery) pin: &'a str,
    /// Paths that differ, or a sentence why that cannot be told.
    pub(in crate::delivery) differing: std::result::Result<&'a [String], &'a str>,
}

pub(in crate::delivery) async fn addresses(db: &Db, claim: &Claim, clone_url: &str, web_url: &str) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "update delivery_source set clone_url = $2, web_url = $3
         where source_id = $1 and (clone_url, web_url) is distinct from ($2, $3)",
        claim.key,
        clone_url,
        web_url,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Raises the number before anything is issued: whoever comes after a crash sees that no place has this one.
pub(in crate::delivery) async fn begin_credential(db: &Db, claim: &Claim) -> Result<Option<i64>> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(None) };
    let generation = sqlx::query_scalar!(
        "update delivery_source set credential_generation = credential_generation + 1, credential_issued_at = now()
         where source_id = $1 returning credential_generation",
        claim.key
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(generation))
}

pub(in crate::delivery) async fn credential(db: &Db, claim: &Claim, place: Uuid, generation: i64) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "with written as (update delivery set credential_generation = $2 where delivery_id = $1)
         insert into delivery_event (delivery_id, kind, detail)
         values ($1, 'credential', 'A new credential for reading the repository was written to the namespace.')",
        place,
        generation,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

pub(in crate::delivery) async fn knows_commit(db: &Db, source: Uuid, commit: &str) -> Result<bool> {
    let known = sqlx::query_scalar!(
        r#"select exists (select from delivery_commit where source_id = $1 and commit_id = $2) as "known!""#,
        source,
        commit,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(known)
}

/// The latest first, as the host lists them; those that are known keep their number.
pub(in crate::delivery) async fn commits(db: &Db, claim: &Claim, rows: &[CommitRow]) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    for row in rows.iter().rev() {
        sqlx::query!(
            "insert into delivery_commit (source_id, ordinal, commit_id, author, subject, committed_at, run_id)
             select $1, coalesce(max(ordinal), 0) + 1, $2, $3, $4, $5, $6 from delivery_commit where source_id = $1
             on conflict on constraint delivery_commit_once do nothing",
            claim.key,
            row.id.as_str(),
            row.author.replace('\0', ""),
            row.subject.replace('\0', ""),
            row.at,
            row.run,
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(in crate::delivery) async fn desired(
    db: &Db,
    claim: &Claim,
    place: Uuid,
    commit: &str,
    images: &[String],
) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "update delivery set desired_commit = $2, desired_images = $3 where delivery_id = $1",
        place,
        commit,
        images,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

pub(in crate::delivery) async fn compared(db: &Db, claim: &Claim, found: &Comparison<'_>) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "update delivery
         set compared_head = $2, compared_pin = $3, unreleased_files = $4, compare_problem = $5, compared_at = now()
         where delivery_id = $1",
        found.place,
        found.head,
        found.pin,
        found.differing.ok(),
        found.differing.err(),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// A release is only what differs from the one before.
pub(in crate::delivery) async fn review(db: &Db, claim: &Claim, review: &Review<'_>) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "insert into delivery_release (delivery_id, commit_id, content, images)
         select $1, $2, $3, $4
         where $3 is distinct from
             (select content from delivery_release where delivery_id = $1 order by synced_at desc limit 1)
         on conflict (delivery_id, commit_id) do update set synced_at = now()",
        review.place,
        review.commit,
        &review.content[..],
        review.images,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("update delivery set reviewed_commit = $2 where delivery_id = $1", review.place, review.commit)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

pub(in crate::delivery) async fn look(db: &Db, claim: &Claim, look: &Look<'_>) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    let observed = serde_json::to_value(look.observed).map_err(|e| Error::internal(format!("observed: {e}")))?;
    let sync = look.observed.sync.as_ref();
    sqlx::query!(
        "update delivery
         set observed = $2, synced_commit = $3, attempted_commit = $4, observed_at = now(), problem = $5,
             observed_revision = greatest(observed_revision, $6)
         where delivery_id = $1",
        look.place,
        observed,
        sync.and_then(|sync| sync.applied.as_ref()).map(|commit| commit.as_str()),
        sync.and_then(|sync| sync.attempted.as_ref()).map(|commit| commit.as_str()),
        look.problem,
        look.carried_out.unwrap_or(0),
    )
    .execute(&mut *tx)
    .await?;
    for detail in look.healed {
        sqlx::query!(
            "insert into delivery_event (delivery_id, kind, detail) values ($1, 'healed', $2)",
            look.place,
            detail,
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}
