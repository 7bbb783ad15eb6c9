//! What has changed in the services of the viewer's teams, whatever other roles the viewer has.

use domain::access::Viewer;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecentKind {
    /// Another state of an overlay is in force, by a commit that somebody pushed.
    Release,
    Promotion,
    RollBack,
    /// Somebody changed by hand what is declared, and it was put back.
    PutBack,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    pub kind: RecentKind,
    pub service: String,
    pub environment: String,
    pub cluster: String,
    pub namespace: String,
    /// The first line of the commit, or what was put back.
    pub what: String,
    /// Who asked for it, or which client changed it; none where nobody says.
    pub by: Option<String>,
    /// The promotion or roll-back.
    pub change: Option<Uuid>,
    pub at: OffsetDateTime,
}

/// The latest first; nothing older than thirty days.
pub async fn recent(viewer: &Viewer, db: &Db, most: i64) -> Result<Vec<Recent>> {
    let rows = sqlx::query!(
        r#"with mine as (
               select n.namespace_id, n.name, n.service, n.environment, c.name as cluster, d.delivery_id, d.source_id
               from tenant_namespace n join cluster c using (cluster_id) left join delivery d using (namespace_id)
               where n.team = any($1)),
           since as (select now() - interval '30 days' as at)
           (select coalesce(x.kind, 'release') as "kind!", m.service as "service!", m.environment as "environment!",
                   m.cluster as "cluster!", m.name as "namespace!", coalesce(k.subject, '') as "what!",
                   coalesce(p.login, k.author) as by, x.change_id as change, r.synced_at as "at!"
            from mine m cross join lateral (
                    select commit_id, synced_at from delivery_release
                    where delivery_id = m.delivery_id and synced_at > (select at from since)
                    order by synced_at desc limit $2) r
                left join delivery_commit k on k.source_id = m.source_id and k.commit_id = r.commit_id
                left join lateral (
                    select kind, change_id, person_id from delivery_change
                    where delivery_id = m.delivery_id and commit_id = r.commit_id order by created_at limit 1) x on true
                left join person p on p.person_id = x.person_id)
           union all
           (select 'put_back', m.service, m.environment, m.cluster, m.name, e.object, min(e.manager), null, e.healed_at
            from mine m join drift_event e using (namespace_id) where e.healed_at > (select at from since)
            group by m.service, m.environment, m.cluster, m.name, e.object, e.healed_at
            order by e.healed_at desc limit $2)
           union all
           (select 'put_back', m.service, m.environment, m.cluster, m.name, e.detail, null, null, e.at
            from mine m join delivery_event e using (delivery_id) where e.kind = 'healed' and e.at > (select at from since)
            order by e.at desc limit $2)
           order by 9 desc, 5 limit $2"#,
        &viewer.teams,
        most.clamp(1, 100),
    )
    .fetch_all(&db.pool)
    .await?;
    let recent = rows.into_iter().map(|row| Recent {
        kind: match row.kind.as_str() {
            "promote" => RecentKind::Promotion,
            "roll_back" => RecentKind::RollBack,
            "put_back" => RecentKind::PutBack,
            _ => RecentKind::Release,
        },
        service: row.service,
        environment: row.environment,
        cluster: row.cluster,
        namespace: row.namespace,
        what: row.what,
        by: row.by,
        change: row.change,
        at: row.at,
    });
    Ok(recent.collect())
}
