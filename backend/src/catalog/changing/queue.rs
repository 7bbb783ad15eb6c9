//! Changes as the keys of a queue.

use crate::keyed_queue::keyed_table;

/// Those that wait for a worker, or for people at the Git host.
pub(super) struct Changes {
    pub(super) is_waiting: bool,
}

keyed_table!(Changes {
    table: "catalog_change",
    key: "change_id",
    queue: "catalog_change",
    scope: "is_waiting" = is_waiting,
});
