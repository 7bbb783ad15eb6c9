//! Rows of what is seen. Several workers may follow one cluster and one may lag: what is older never takes the place of
//! what is newer, and what is the same is not written.

use domain::catalog::running::WorkloadKind;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Result, cluster::RunningKind};

/// Where rows of one kind go.
pub(super) struct Store<'a> {
    pub(super) db: &'a Db,
    pub(super) cluster_id: Uuid,
    pub(super) kind: RunningKind,
}

impl Store<'_> {
    /// By the database's clock, which stands beside each row as well.
    pub(super) async fn now(&self) -> Result<OffsetDateTime> {
        Ok(sqlx::query_scalar!(r#"select now() as "now!""#).fetch_one(&self.db.pool).await?)
    }

    /// Takes over what was seen; each name once.
    pub(super) async fn keep(&self, seen: &[Value]) -> Result<()> {
        match self.kind {
            _ if seen.is_empty() => Ok(()),
            RunningKind::Namespace => self.keep_namespaces(seen).await,
            RunningKind::Workload(kind) => self.keep_workloads(kind, seen).await,
        }
    }

    async fn keep_namespaces(&self, seen: &[Value]) -> Result<()> {
        sqlx::query!(
            "insert into cluster_namespace (cluster_id, name, uid, version, labels)
             select $1, name, uid, version, labels
             from jsonb_to_recordset($2) as seen (name text, uid text, version bigint, labels jsonb) order by name
             on conflict on constraint cluster_namespace_once do update
             set uid = excluded.uid, version = excluded.version, labels = excluded.labels, changed_at = now()
             where excluded.version > cluster_namespace.version
               and (excluded.uid, excluded.labels) is distinct from (cluster_namespace.uid, cluster_namespace.labels)",
            self.cluster_id,
            Value::from(seen),
        )
        .execute(&self.db.pool)
        .await?;
        Ok(())
    }

    async fn keep_workloads(&self, kind: WorkloadKind, seen: &[Value]) -> Result<()> {
        sqlx::query!(
            "insert into workload (cluster_id, kind, namespace, name, uid, version, labels, images, wanted, ready, manager,
                                   manager_name, made_at)
             select $1, $2, namespace, name, uid, version, labels, images, wanted, ready, manager, manager_name, made_at
             from jsonb_to_recordset($3) as seen (
                 namespace text, name text, uid text, version bigint, labels jsonb, images text[], wanted integer,
                 ready integer, manager text, manager_name text, made_at timestamptz)
             order by namespace, name
             on conflict on constraint workload_once do update
             set uid = excluded.uid, version = excluded.version, labels = excluded.labels, images = excluded.images,
                 wanted = excluded.wanted, ready = excluded.ready, manager = excluded.manager,
                 manager_name = excluded.manager_name, made_at = excluded.made_at, changed_at = now()
             where excluded.version > workload.version
               and (excluded.uid, excluded.labels, excluded.images, excluded.wanted, excluded.ready, excluded.manager,
                    excluded.manager_name)
                   is distinct from (workload.uid, workload.labels, workload.images, workload.wanted, workload.ready,
                                     workload.manager, workload.manager_name)",
            self.cluster_id,
            kind.as_str(),
            Value::from(seen),
        )
        .execute(&self.db.pool)
        .await?;
        Ok(())
    }

    /// What was deleted there.
    pub(super) async fn forget(&self, uids: &[String]) -> Result<()> {
        match self.kind {
            _ if uids.is_empty() => return Ok(()),
            RunningKind::Namespace => {
                sqlx::query!(
                    "delete from cluster_namespace where cluster_id = $1 and uid = any ($2)",
                    self.cluster_id,
                    uids
                )
                .execute(&self.db.pool)
                .await?
            }
            RunningKind::Workload(kind) => {
                sqlx::query!(
                    "delete from workload where cluster_id = $1 and kind = $2 and uid = any ($3)",
                    self.cluster_id,
                    kind.as_str(),
                    uids,
                )
                .execute(&self.db.pool)
                .await?
            }
        };
        Ok(())
    }

    /// Of a complete list that began then: what was there before and is not in it is gone.
    pub(super) async fn forget_unlisted(&self, began: OffsetDateTime, uids: &[String]) -> Result<()> {
        match self.kind {
            RunningKind::Namespace => {
                sqlx::query!(
                    "delete from cluster_namespace where cluster_id = $1 and uid <> all ($2) and changed_at < $3",
                    self.cluster_id,
                    uids,
                    began,
                )
                .execute(&self.db.pool)
                .await?
            }
            RunningKind::Workload(kind) => {
                sqlx::query!(
                    "delete from workload where cluster_id = $1 and kind = $2 and uid <> all ($3) and changed_at < $4",
                    self.cluster_id,
                    kind.as_str(),
                    uids,
                    began,
                )
                .execute(&self.db.pool)
                .await?
            }
        };
        Ok(())
    }

    /// A complete list is written down.
    pub(super) async fn listed(&self) -> Result<()> {
        sqlx::query!(
            "insert into cluster_watch (cluster_id, kind) values ($1, $2)
             on conflict on constraint cluster_watch_once do update set listed_at = now(), heard_at = now()",
            self.cluster_id,
            self.kind.as_str(),
        )
        .execute(&self.db.pool)
        .await?;
        Ok(())
    }

    /// The watch holds, as long as the cluster answers.
    pub(super) async fn heard(&self) -> Result<()> {
        sqlx::query!(
            "update cluster_watch set heard_at = now()
             where cluster_id = $1 and kind = $2 and exists (select 1 from cluster k where k.cluster_id = $1 and k.reachable)",
            self.cluster_id,
            self.kind.as_str(),
        )
        .execute(&self.db.pool)
        .await?;
        Ok(())
    }
}
