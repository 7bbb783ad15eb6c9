-- What a cluster's nodes offer of each accelerator, as last seen: what is not here is not known.
create table cluster_accelerator (
    cluster_id  uuid not null references cluster (cluster_id) on delete cascade,
    resource    text not null,
    allocatable bigint not null constraint cluster_accelerator_allocatable_range check (allocatable >= 0),
    observed_at timestamptz not null default now(),
    primary key (cluster_id, resource)
);

-- Accelerators that somebody asked for, for a time. They are added to what the namespace holds while a lease runs.
create table quota_request (
    request_id   uuid primary key default gen_random_uuid(),
    namespace_id uuid not null references tenant_namespace (namespace_id) on delete cascade,
    -- The run that asked; it waits for the decision.
    run_id       uuid references run (run_id),
    person_id    uuid not null references person (person_id),
    team         text not null,
    -- Whole numbers by the name that nodes give the resource.
    resources    jsonb not null,
    until        timestamptz not null,
    reason       text not null,
    state        text not null constraint quota_request_state_known
                     check (state in ('pending', 'granted', 'denied', 'withdrawn', 'expired')),
    -- What each rule said when it was asked.
    policy       jsonb not null,
    -- Null where the policy decided.
    decided_by   uuid references person (person_id),
    decision     text,
    decided_at   timestamptz,
    created_at   timestamptz not null default now(),
    constraint quota_request_once_a_run unique (run_id, namespace_id),
    constraint quota_request_not_ones_own check (state <> 'granted' or decided_by is distinct from person_id)
);
create index quota_request_pending on quota_request (created_at) where state = 'pending';
create index quota_request_team on quota_request (team, created_at desc);

create table lease (
    request_id   uuid not null references quota_request (request_id) on delete cascade,
    resource     text not null,
    namespace_id uuid not null references tenant_namespace (namespace_id) on delete cascade,
    count        integer not null constraint lease_count_range check (count between 1 and 10000),
    starts_at    timestamptz not null default now(),
    ends_at      timestamptz not null,
    -- What happens at the end; a grant never kills silently.
    consequence  text not null default 'block_new' constraint lease_consequence_known
                     check (consequence in ('block_new', 'scale_down', 'notify')),
    ended_at     timestamptz,
    primary key (request_id, resource)
);
create index lease_running on lease (namespace_id, resource) where ended_at is null;
create index lease_ending on lease (ends_at) where ended_at is null;
