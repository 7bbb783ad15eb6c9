-- This installation of the platform. Every object it writes carries the id, so that two of them can share a cluster.
create table installation (
    only_row    boolean primary key default true constraint installation_one_row check (only_row),
    instance_id uuid not null default gen_random_uuid()
);
insert into installation default values;

create table cluster (
    cluster_id           uuid primary key default gen_random_uuid(),
    name                 text not null constraint cluster_name_unique unique,
    -- What it was last seen to be able to do; accelerators only grow, so that a quota key once at zero stays there.
    capabilities         jsonb not null default '{}',
    -- Unknown until it was asked.
    reachable            boolean,
    reachable_message    text,
    reachable_changed_at timestamptz,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now()
);

-- What somebody asked for, and how far the cluster has come. The row is the key of the work queue as well: due, leased
-- and fenced here, so that no two workers ever act on one namespace.
create table tenant_namespace (
    namespace_id       uuid primary key default gen_random_uuid(),
    cluster_id         uuid not null references cluster (cluster_id),
    name               text not null constraint tenant_namespace_name_shape check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    team               text not null,
    service            text not null,
    environment        text not null,
    size               text not null constraint tenant_namespace_size_known check (size in ('small', 'medium', 'large')),
    editors            text[] not null,
    viewers            text[] not null,
    deletion_protected boolean not null default true,
    revision           bigint not null default 1,
    observed_revision  bigint not null default 0,
    -- Of the Namespace in the cluster: labels can be forged, this cannot.
    uid                text,
    -- The last look at the cluster that saw everything.
    observed_at        timestamptz,
    due_at             timestamptz not null default now(),
    failures           integer not null default 0,
    -- Counts reasons to look again, so that one that comes during a pass is not lost with it.
    wakes              bigint not null default 0,
    lease_owner        text,
    lease_epoch        bigint not null default 0,
    lease_until        timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint tenant_namespace_name_unique unique (cluster_id, name),
    constraint tenant_namespace_revision_observed check (observed_revision between 0 and revision)
);
create index tenant_namespace_due on tenant_namespace (cluster_id, due_at);
create index tenant_namespace_team on tenant_namespace (team, name);

-- Cards, slices and shares that a namespace holds now, by the name that nodes give them. A name with a prefix of quotas
-- would be taken by the cluster and never counted.
create table namespace_accelerator (
    namespace_id uuid not null references tenant_namespace (namespace_id) on delete cascade,
    resource     text not null constraint namespace_accelerator_node_name
        check (resource like '%/%' and resource not like 'requests.%' and resource not like 'limits.%'),
    count        integer not null constraint namespace_accelerator_count_range check (count between 1 and 10000),
    primary key (namespace_id, resource)
);

-- What was written last, so that a difference can be told from a change of our own.
create table managed_object (
    namespace_id uuid not null references tenant_namespace (namespace_id) on delete cascade,
    kind         text not null,
    name         text not null,
    uid          text not null,
    spec_hash    text not null,
    applied_at   timestamptz not null default now(),
    primary key (namespace_id, kind, name)
);

create table namespace_condition (
    namespace_id      uuid not null references tenant_namespace (namespace_id) on delete cascade,
    type              text not null,
    status            text not null constraint namespace_condition_status_known check (status in ('True', 'False', 'Unknown')),
    reason            text not null,
    message           text not null,
    since             timestamptz not null,
    observed_revision bigint not null,
    primary key (namespace_id, type)
);

-- The quotas as the cluster last returned them: the web process never asks a cluster.
create table namespace_quota (
    namespace_id uuid not null references tenant_namespace (namespace_id) on delete cascade,
    object       text not null,
    resource     text not null,
    spec         text,
    enforced     text,
    used         text,
    primary key (namespace_id, object, resource)
);

create table drift_event (
    drift_event_id bigint generated always as identity primary key,
    namespace_id   uuid not null references tenant_namespace (namespace_id) on delete cascade,
    object         text not null,
    field          text not null,
    class          text not null,
    severity       text not null,
    before         jsonb,
    after          jsonb,
    manager        text,
    operation      text,
    -- When the cluster says that it was changed; the record it comes from can be wiped.
    changed_at     timestamptz,
    detected_at    timestamptz not null default now(),
    healed_at      timestamptz
);
create index drift_event_namespace on drift_event (namespace_id, detected_at desc);
-- One open finding for each place.
create unique index drift_event_open on drift_event (namespace_id, object, field) where healed_at is null;
