-- Where people reach the cluster's API server, as the worker that is connected to it knows; for their own kubeconfig.
alter table cluster
    add column api_server text,
    -- Of the authority that signed its certificate, PEM; null where the system's own are trusted.
    add column authority  text;

-- A repository from which something is kept running. The row is the key of the work queue: due, leased and fenced here,
-- so that no two workers ever push to one repository or issue two credentials for it at once.
create table delivery_source (
    source_id             uuid primary key default gen_random_uuid(),
    cluster_id            uuid not null references cluster (cluster_id),
    -- Owner and name at the Git host. It has one credential for reading, and issuing one ends the one before.
    repository            text not null constraint delivery_source_repository_unique unique,
    branch                text not null,
    -- As the Git host gives them; null until a worker has asked.
    clone_url             text,
    web_url               text,
    -- Counts credentials. Raised before one is issued, so that a crash in between shows as a place without it.
    credential_generation bigint not null default 0,
    credential_issued_at  timestamptz,
    due_at                timestamptz not null default now(),
    failures              integer not null default 0,
    wakes                 bigint not null default 0,
    lease_owner           text,
    lease_epoch           bigint not null default 0,
    lease_until           timestamptz,
    created_at            timestamptz not null default now()
);
create index delivery_source_due on delivery_source (cluster_id, due_at);

-- A folder of the repository, kept running in one namespace; team, service and environment are the namespace's.
create table delivery (
    delivery_id           uuid primary key default gen_random_uuid(),
    source_id             uuid not null references delivery_source (source_id),
    namespace_id          uuid not null constraint delivery_namespace_unique unique references tenant_namespace (namespace_id),
    folder                text not null,
    -- What it was started on, until a build replaces it.
    starter_image         text,
    revision              bigint not null default 1,
    -- The revision that stands in the cluster; 0 before the first time.
    observed_revision     bigint not null default 0,
    -- The credential that was last written to its namespace.
    credential_generation bigint not null default 0,
    -- What the cluster last said, as the worker read it.
    observed              jsonb,
    -- The head of the branch, and the images that the overlay names there.
    desired_commit        text,
    desired_images        text[] not null default '{}',
    synced_commit         text,
    attempted_commit      text,
    -- The last synced commit that was compared with the release before.
    reviewed_commit       text,
    observed_at           timestamptz,
    -- Why the platform itself could not do its part, in a sentence.
    problem               text,
    created_at            timestamptz not null default now(),
    constraint delivery_revision_observed check (observed_revision between 0 and revision)
);
create index delivery_of_source on delivery (source_id);

-- Commits of the branch, numbered as they came, so that later can be told from earlier.
create table delivery_commit (
    source_id    uuid not null references delivery_source (source_id) on delete cascade,
    ordinal      bigint not null,
    commit_id    text not null,
    author       text not null,
    subject      text not null,
    committed_at timestamptz not null,
    -- The run or the change that its trailer names.
    run_id       uuid,
    primary key (source_id, ordinal),
    constraint delivery_commit_once unique (source_id, commit_id)
);

-- The states of an overlay that were in force, each with the first commit that brought it.
create table delivery_release (
    delivery_id uuid not null references delivery (delivery_id) on delete cascade,
    commit_id   text not null,
    -- SHA-256 of the overlay's files.
    content     bytea not null constraint delivery_release_content_length check (octet_length(content) = 32),
    images      text[] not null,
    synced_at   timestamptz not null default now(),
    primary key (delivery_id, commit_id)
);
create index delivery_release_latest on delivery_release (delivery_id, synced_at desc);

-- What the platform itself did or found, such as a foreign change that it put back.
create table delivery_event (
    delivery_event_id bigint generated always as identity primary key,
    delivery_id       uuid not null references delivery (delivery_id) on delete cascade,
    kind              text not null constraint delivery_event_kind_known check (kind in ('declared', 'healed', 'credential')),
    detail            text not null,
    at                timestamptz not null default now()
);
create index delivery_event_latest on delivery_event (delivery_id, at desc);

-- A promotion or a roll-back: what it would change, who agreed, and the commit that it became.
create table delivery_change (
    change_id     uuid primary key default gen_random_uuid(),
    -- Where it changes something.
    delivery_id   uuid not null references delivery (delivery_id),
    kind          text not null constraint delivery_change_kind_known check (kind in ('promote', 'roll_back')),
    -- A promotion takes over from this environment,
    from_delivery uuid references delivery (delivery_id),
    -- a roll-back from this commit.
    to_commit     text,
    person_id     uuid not null references person (person_id),
    state         text not null constraint delivery_change_state_known check (state in
                      ('preparing', 'ready', 'awaiting_approval', 'queued', 'syncing', 'synced', 'denied', 'withdrawn',
                       'stale', 'failed')),
    -- Null until a worker has worked it out: [{path, before, after}], texts or null.
    files         jsonb,
    diff          text,
    subject       text,
    -- The head that it was worked out on; the commit's parent.
    parent_commit text,
    commit_id     text,
    problem       text,
    decided_by    uuid references person (person_id),
    decided_at    timestamptz,
    reason        text,
    created_at    timestamptz not null default now(),
    confirmed_at  timestamptz,
    pushed_at     timestamptz,
    finished_at   timestamptz,
    constraint delivery_change_has_a_source check (
        (kind = 'promote' and from_delivery is not null and to_commit is null)
        or (kind = 'roll_back' and from_delivery is null and to_commit is not null)),
    constraint delivery_change_is_whole check (
        state in ('preparing', 'failed', 'withdrawn', 'stale') or (files is not null and parent_commit is not null))
);
create index delivery_change_of on delivery_change (delivery_id, created_at desc);
create index delivery_change_open on delivery_change (delivery_id) where state in ('preparing', 'queued', 'syncing');
