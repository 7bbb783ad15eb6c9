//! Namespaces as the keys of a queue.

use uuid::Uuid;

use crate::{Db, Result, keyed_queue::keyed_table};

/// Those of one cluster.
pub(super) struct Namespaces {
    pub(super) cluster_id: Uuid,
}

keyed_table!(Namespaces {
    table: "tenant_namespace",
    key: "namespace_id",
    queue: "provisioning",
    scope: "cluster_id" = cluster_id,
    of_namespace: "select namespace_id from tenant_namespace where cluster_id = $1 and name = $2",
});

impl Namespaces {
    /// Makes every one of them due.
    pub(super) async fn wake_all(&self, db: &Db) -> Result<()> {
        sqlx::query!(
            "with woken as (
                 update tenant_namespace set wakes = wakes + 1, due_at = now() where cluster_id = $1 returning wakes)
             select pg_notify('provisioning', '') from woken limit 1",
            self.cluster_id
        )
        .execute(&db.pool)
        .await?;
        Ok(())
    }
}
