//! Repositories as the keys of a queue.

use uuid::Uuid;

use crate::keyed_queue::keyed_table;

/// Those that are delivered to one cluster.
pub(super) struct Sources {
    pub(super) cluster_id: Uuid,
}

keyed_table!(Sources {
    table: "delivery_source",
    key: "source_id",
    queue: "delivery",
    scope: "cluster_id" = cluster_id,
    of_namespace: "select d.source_id from delivery d join tenant_namespace n using (namespace_id)
                   where n.cluster_id = $1 and n.name = $2",
});
