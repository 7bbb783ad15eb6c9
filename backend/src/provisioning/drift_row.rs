//! What others changed, as rows: opened when it is seen, closed when it is put right.

use std::collections::{BTreeSet, HashMap};

use domain::provisioning::{Drift, DriftClass, DriftLine, Severity};
use sqlx::PgConnection;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// A place that is already open keeps its first finding.
pub(super) async fn open(connection: &mut PgConnection, namespace: Uuid, found: &[Drift]) -> Result<()> {
    for drift in found {
        let manager = drift.manager.as_ref();
        sqlx::query!(
            "insert into drift_event (namespace_id, object, field, class, severity, before, after, manager, operation, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (namespace_id, object, field) where healed_at is null do update set class = excluded.class",
            namespace,
            drift.object,
            drift.field,
            drift.class.as_str(),
            drift.severity.as_str(),
            drift.before,
            drift.after,
            manager.map(|m| m.name.as_str()),
            manager.map(|m| m.operation.as_str()),
            manager.and_then(|m| OffsetDateTime::parse(&m.at, &Rfc3339).ok()),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Closes everything of the namespace but what is still there, given as object and field.
pub(super) async fn close(
    connection: &mut PgConnection,
    namespace: Uuid,
    still_there: &[(String, String)],
) -> Result<()> {
    let (objects, fields): (Vec<String>, Vec<String>) = still_there.iter().cloned().unzip();
    sqlx::query!(
        "update drift_event set healed_at = clock_timestamp()
         where namespace_id = $1 and healed_at is null
           and not exists (select from unnest($2::text[], $3::text[]) as kept (object, field)
                           where kept.object = drift_event.object and kept.field = drift_event.field)",
        namespace,
        &objects,
        &fields,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Objects that the same manager changed back five times in ten minutes, the last time within five: they are left for a
/// while, so that two controllers do not fight in a hot loop.
pub(super) async fn contended(db: &Db, namespace: Uuid) -> Result<BTreeSet<String>> {
    let rows = sqlx::query_scalar!(
        "select object from drift_event
         where namespace_id = $1 and manager is not null and healed_at > now() - interval '10 minutes'
         group by object, field, manager
         having count(*) >= 5 and max(healed_at) > now() - interval '5 minutes'",
        namespace
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The latest findings of each namespace, at most `limit` of one.
pub(super) async fn of_many(db: &Db, namespaces: &[Uuid], limit: i64) -> Result<HashMap<Uuid, Vec<DriftLine>>> {
    let rows = sqlx::query!(
        r#"select e.namespace_id, e.object, e.field, e.class, e.severity, e.before, e.after, e.manager, e.detected_at, e.healed_at
           from unnest($1::uuid[]) as wanted (namespace_id)
           cross join lateral (
               select * from drift_event d where d.namespace_id = wanted.namespace_id
               order by (d.healed_at is not null), d.detected_at desc, d.drift_event_id desc limit $2) e"#,
        namespaces,
        limit,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut lines: HashMap<Uuid, Vec<DriftLine>> = HashMap::new();
    for row in rows {
        let broken = || Error::internal(format!("drift_event of {}: {} is not readable", row.namespace_id, row.object));
        lines.entry(row.namespace_id).or_default().push(DriftLine {
            class: DriftClass::parse(&row.class).ok_or_else(broken)?,
            severity: Severity::parse(&row.severity).ok_or_else(broken)?,
            object: row.object,
            field: row.field,
            before: row.before,
            after: row.after,
            manager: row.manager,
            detected_at: row.detected_at,
            healed_at: row.healed_at,
        });
    }
    Ok(lines)
}
