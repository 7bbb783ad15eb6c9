-- What somebody was shown before anything was done. Its hash binds what is applied to what was read.
create table plan (
    plan_id     uuid primary key default gen_random_uuid(),
    person_id   uuid not null references person (person_id),
    -- The team that will own what is made; its members see the plan.
    team        text not null,
    golden_path text not null,
    version     text not null,
    state       text not null constraint plan_state_known
                    check (state in ('planning', 'ready', 'stale', 'applied', 'failed')),
    parameters  jsonb not null,
    -- Null until the worker has answered.
    content     jsonb,
    hash        text,
    problem     text,
    created_at  timestamptz not null default now(),
    planned_at  timestamptz,
    constraint plan_is_whole check (state in ('planning', 'failed') or (content is not null and hash is not null))
);
create index plan_person on plan (person_id, created_at desc);
create index plan_waiting on plan (created_at) where state = 'planning';

create table run (
    run_id      uuid primary key default gen_random_uuid(),
    plan_id     uuid not null references plan (plan_id),
    plan_hash   text not null,
    person_id   uuid not null references person (person_id),
    team        text not null,
    state       text not null constraint run_state_known check (state in
                    ('awaiting_approval', 'queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled',
                     'cleaning', 'cleaned', 'cleanup_failed')),
    waiting_for jsonb,
    -- A waiting run is looked at again then; nobody holds it meanwhile.
    not_before  timestamptz not null default now(),
    -- How often in a row it has waited for the same thing: the pause grows with it.
    waits       integer not null default 0,
    -- The lease is timed by this database's clock alone. The epoch goes up with each claim and stands in every write.
    lease_owner text,
    lease_epoch bigint not null default 0,
    lease_until timestamptz,
    created_at  timestamptz not null default now(),
    finished_at timestamptz,
    -- A plan is applied once, whoever presses the button how often.
    constraint run_plan_unique unique (plan_id)
);
create index run_claimable on run (not_before) where state in ('queued', 'running', 'waiting');
create index run_team on run (team, created_at desc);
create index run_person on run (person_id, created_at desc);

create table run_step (
    run_id      uuid not null references run (run_id) on delete cascade,
    position    integer not null,
    name        text not null,
    kind        text not null,
    state       text not null default 'pending' constraint run_step_state_known check (state in
                    ('pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled')),
    attempt     integer not null default 0,
    started_at  timestamptz,
    finished_at timestamptz,
    error       text,
    link        text,
    primary key (run_id, position),
    constraint run_step_name_unique unique (run_id, name)
);

-- What the run did to the world, written in the same transaction as the step's end.
create table effect (
    effect_id        uuid primary key default gen_random_uuid(),
    run_id           uuid not null references run (run_id),
    kind             text not null,
    target           text not null,
    external_id      text,
    url              text,
    made_by_this_run boolean not null,
    at               timestamptz not null default now(),
    constraint effect_once unique (run_id, kind, target)
);

-- What pages and programs follow; numbers are without gaps within a run.
create table run_event (
    run_id uuid not null references run (run_id) on delete cascade,
    seq    bigint not null,
    at     timestamptz not null default now(),
    kind   text not null constraint run_event_kind_known check (kind in ('step', 'log', 'state')),
    data   jsonb not null,
    primary key (run_id, seq)
);

-- What is promised to accepted runs before the cluster knows of it. Amounts are whole cards or slices.
create table team_budget (
    team     text not null,
    cluster  text not null,
    resource text not null,
    amount   integer not null constraint team_budget_amount_range check (amount between 0 and 10000),
    primary key (team, cluster, resource)
);
create table quota_reservation (
    run_id      uuid not null references run (run_id),
    team        text not null,
    cluster     text not null,
    resource    text not null,
    amount      integer not null constraint quota_reservation_amount_range check (amount between 1 and 10000),
    released_at timestamptz,
    primary key (run_id, cluster, resource)
);
create index quota_reservation_team on quota_reservation (team, cluster, resource) where released_at is null;

-- An answer that was given once is given again, for a day.
create table idempotency_key (
    person_id   uuid not null references person (person_id) on delete cascade,
    route       text not null,
    key         text not null constraint idempotency_key_length check (length(key) between 1 and 200),
    body_sha256 bytea not null constraint idempotency_key_body_length check (octet_length(body_sha256) = 32),
    run_id      uuid references run (run_id),
    created_at  timestamptz not null default now(),
    primary key (person_id, route, key)
);
