//! Sources, imports and the host itself as the keys of queues.

use crate::keyed_queue::keyed_table;

/// Those that are read by the worker.
pub(super) struct Sources {
    pub(super) is_living: bool,
}

keyed_table!(Sources {
    table: "catalog_source",
    key: "source_id",
    queue: "catalog_source",
    scope: "is_living" = is_living,
});

/// Those that wait for a worker, or for a person while the branch may move.
pub(super) struct Imports {
    pub(super) is_waiting: bool,
}

keyed_table!(Imports {
    table: "catalog_import",
    key: "import_id",
    queue: "catalog_import",
    scope: "is_waiting" = is_waiting,
});

/// There is one.
pub(super) struct RepositoryHosts {
    pub(super) is_only: bool,
}

keyed_table!(RepositoryHosts {
    table: "catalog_host",
    key: "host_id",
    queue: "catalog_repositories",
    scope: "is_only" = is_only,
});
