//! Databases, people and a world for tests, those of other crates too; only in tests and in builds with the feature
//! `testing`.

mod overlay;
mod people;
#[cfg(test)]
pub(crate) mod rig;
pub mod webhooks;
pub mod world;

pub use overlay::{OVERLAY_IMAGE, overlay};
pub use people::{member, person, signed_in, team, viewer};

use domain::{access::PersonId, scaffold::Plan};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::{Db, DbSettings, Result, migrate};

/// A database of its own in the server that `DATABASE_URL` names, with today's schema.
pub async fn database(server_url: &str) -> Result<Db> {
    let url = database_url(server_url).await?;
    Db::connect(&DbSettings { url, max_connections: 5 })
}

/// The same, for processes that connect by themselves.
pub async fn database_url(server_url: &str) -> Result<String> {
    let name = format!("waymark_it_{}", Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(server_url).await?;
    // A database name cannot be bound; this one is ours and hexadecimal.
    connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await?;
    let (server, _) = server_url.rsplit_once('/').unwrap_or((server_url, ""));
    let url = format!("{server}/{name}");
    migrate(&url).await?;
    Ok(url)
}

/// A plan as the worker would have stored it; its id and hash.
pub async fn plan(db: &Db, person: PersonId, plan: &Plan) -> Result<(Uuid, String)> {
    let unreadable = |e: serde_json::Error| crate::Error::internal(e.to_string());
    let hash = plan.hash().map_err(unreadable)?;
    let id = sqlx::query_scalar(
        "insert into plan (person_id, team, golden_path, version, state, parameters, content, hash, planned_at)
         values ($1, $2, $3, $4, 'ready', $5, $6, $7, now()) returning plan_id",
    )
    .bind(person.0)
    .bind(plan.team())
    .bind(&plan.golden_path)
    .bind(&plan.version)
    .bind(&plan.parameters)
    .bind(serde_json::to_value(plan).map_err(unreadable)?)
    .bind(&hash)
    .fetch_one(&db.pool)
    .await?;
    Ok((id, hash))
}

/// What the nodes of a cluster offer of a resource, as the worker that watches them would have written it down.
pub async fn accelerators(db: &Db, cluster: &str, resource: &str, allocatable: i64) -> Result<()> {
    sqlx::query("insert into cluster (name) values ($1) on conflict do nothing")
        .bind(cluster)
        .execute(&db.pool)
        .await?;
    sqlx::query(
        "insert into cluster_accelerator (cluster_id, resource, allocatable)
         select cluster_id, $2, $3 from cluster where name = $1",
    )
    .bind(cluster)
    .bind(resource)
    .bind(allocatable)
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// How many accelerators are promised to runs, and how many are leased.
pub async fn promised_and_leased(db: &Db) -> Result<(i64, i64)> {
    let sums = "select coalesce((select sum(amount) from quota_reservation where released_at is null), 0),
                       coalesce((select sum(count) from lease where ended_at is null), 0)";
    Ok(sqlx::query_as(sums).fetch_one(&db.pool).await?)
}

/// As if workers had claimed the plan so many times and none had lived to answer.
pub async fn attempted(db: &Db, plan: Uuid, times: i32) -> Result<()> {
    sqlx::query("update plan set attempts = $2 where plan_id = $1").bind(plan).bind(times).execute(&db.pool).await?;
    Ok(())
}

/// What the audit trail holds of a target: action and detail, in order.
pub async fn audited(db: &Db, target: &str) -> Result<Vec<(String, serde_json::Value)>> {
    let rows = sqlx::query_as("select action, detail from audit_entry where target = $1 order by seq")
        .bind(target)
        .fetch_all(&db.pool)
        .await?;
    Ok(rows)
}
