//! What a pass leaves behind, all of it under its fence.

use std::collections::BTreeSet;

use domain::provisioning::{Condition, Desired, Drift, Live, ObjectKey, ObjectKind, quota_lines};
use sqlx::PgConnection;

use super::{condition_row, drift_row, queue::Namespaces};
use crate::{
    Db, Result,
    keyed_queue::{Claim, Keys},
};

/// The end of a pass.
pub(super) struct Ending<'a> {
    pub(super) desired: &'a [Desired],
    pub(super) live: &'a Live,
    pub(super) pending: &'a BTreeSet<ObjectKey>,
    pub(super) conditions: &'a [Condition],
    /// What is not put right, and what others put beside ours.
    pub(super) drift: &'a [Drift],
    /// The revision that was carried out in full.
    pub(super) observed_revision: Option<i64>,
}

/// Whether the claim still held; when not, nothing was written.
pub(super) async fn ending(db: &Db, claim: &Claim, ending: &Ending<'_>) -> Result<bool> {
    let Some(mut tx) = Namespaces::fenced(db, claim).await? else { return Ok(false) };
    condition_row::write(&mut tx, claim.key, ending.conditions).await?;
    objects(&mut tx, claim, ending).await?;
    quotas(&mut tx, claim, ending.live).await?;
    let open: Vec<(String, String)> = ending.drift.iter().map(|d| (d.object.clone(), d.field.clone())).collect();
    drift_row::open(&mut tx, claim.key, ending.drift).await?;
    drift_row::close(&mut tx, claim.key, &open).await?;
    sqlx::query!(
        "update tenant_namespace set observed_at = now(), observed_revision = greatest(observed_revision, $2)
         where namespace_id = $1",
        claim.key,
        ending.observed_revision.unwrap_or(0),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// A pass that stopped before its first write leaves only its reasons.
pub(super) async fn conditions(db: &Db, claim: &Claim, conditions: &[Condition]) -> Result<bool> {
    let Some(mut tx) = Namespaces::fenced(db, claim).await? else { return Ok(false) };
    condition_row::write(&mut tx, claim.key, conditions).await?;
    sqlx::query!("update tenant_namespace set observed_at = now() where namespace_id = $1", claim.key)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// What others changed, written down before it is put right.
pub(super) async fn found(db: &Db, claim: &Claim, drift: &[Drift]) -> Result<bool> {
    if drift.is_empty() {
        return Ok(true);
    }
    let Some(mut tx) = Namespaces::fenced(db, claim).await? else { return Ok(false) };
    drift_row::open(&mut tx, claim.key, drift).await?;
    tx.commit().await?;
    Ok(true)
}

/// Keeps the uid by which the namespace is known from now on.
pub(super) async fn uid(db: &Db, claim: &Claim, uid: &str) -> Result<bool> {
    let Some(mut tx) = Namespaces::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!("update tenant_namespace set uid = $2 where namespace_id = $1", claim.key, uid)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

async fn objects(connection: &mut PgConnection, claim: &Claim, ending: &Ending<'_>) -> Result<()> {
    for desired in ending.desired.iter().filter(|d| !ending.pending.contains(&d.key)) {
        let uid = ending.live.get(&desired.key).and_then(|live| live["metadata"]["uid"].as_str()).unwrap_or_default();
        sqlx::query!(
            "insert into managed_object (namespace_id, kind, name, uid, spec_hash) values ($1, $2, $3, $4, $5)
             on conflict (namespace_id, kind, name) do update
                 set uid = excluded.uid, spec_hash = excluded.spec_hash, applied_at = now()
                 where (managed_object.uid, managed_object.spec_hash) is distinct from (excluded.uid, excluded.spec_hash)",
            claim.key,
            desired.key.kind.as_str(),
            desired.key.name,
            uid,
            desired.hash(),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn quotas(connection: &mut PgConnection, claim: &Claim, live: &Live) -> Result<()> {
    sqlx::query!("delete from namespace_quota where namespace_id = $1", claim.key).execute(&mut *connection).await?;
    let quotas = live.iter().filter(|(key, _)| key.kind == ObjectKind::ResourceQuota);
    for line in quotas.flat_map(|(key, quota)| quota_lines(&key.name, quota)) {
        sqlx::query!(
            "insert into namespace_quota (namespace_id, object, resource, spec, enforced, used) values ($1, $2, $3, $4, $5, $6)",
            claim.key,
            line.object,
            line.resource,
            line.spec,
            line.enforced,
            line.used,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
