-- The commits that a production environment was allowed to run; the latest is in force. What is pushed to the branch
-- moves nothing here: only the first release and approved changes do.
create table delivery_pin (
    delivery_pin_id bigint generated always as identity primary key,
    delivery_id     uuid not null references delivery (delivery_id),
    commit_id       text not null constraint delivery_pin_commit_shape check (commit_id ~ '^[0-9a-f]{40}$'),
    -- `created` with the service; `adopted` because it ran there before there were pins; by a `change`.
    kind            text not null constraint delivery_pin_kind_known check (kind in ('created', 'adopted', 'change')),
    -- A change takes effect once.
    change_id       uuid constraint delivery_pin_once unique references delivery_change (change_id),
    requested_by    uuid references person (person_id),
    approved_by     uuid references person (person_id),
    at              timestamptz not null default now(),
    constraint delivery_pin_is_approved check (
        (kind = 'change' and change_id is not null and requested_by is not null and approved_by is not null
             and approved_by <> requested_by)
        or (kind <> 'change' and change_id is null and requested_by is null and approved_by is null))
);
create index delivery_pin_latest on delivery_pin (delivery_id, delivery_pin_id desc);
-- There is one beginning.
create unique index delivery_pin_first on delivery_pin (delivery_id) where kind <> 'change';

create function delivery_pin_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'pins are append-only';
end
$$;
create trigger delivery_pin_no_change before update or delete on delivery_pin
    for each row execute function delivery_pin_is_append_only();
create trigger delivery_pin_no_truncate before truncate on delivery_pin
    for each statement execute function delivery_pin_is_append_only();

-- What the branch holds for a pinned environment and what does not run there: the two commits that were compared, and
-- the files that differ.
alter table delivery
    add column compared_head    text,
    add column compared_pin     text,
    -- Null where it could not be told; the problem says why.
    add column unreleased_files text[],
    add column compare_problem  text,
    add column compared_at      timestamptz;

alter table delivery_change
    -- The pin that the left side of the difference shows; null where the environment follows the branch.
    add column compared_with text,
    -- SHA-256 of everything that the environment is built from after the change.
    add column content       bytea constraint delivery_change_content_length check (octet_length(content) = 32),
    -- Sentences about what comes with it beside what was asked for.
    add column notes         text[] not null default '{}',
    drop constraint delivery_change_kind_known,
    add constraint delivery_change_kind_known check (kind in ('promote', 'roll_back', 'release')),
    drop constraint delivery_change_has_a_source,
    add constraint delivery_change_has_a_source check (
        (kind = 'promote' and from_delivery is not null and to_commit is null)
        or (kind = 'roll_back' and from_delivery is null and to_commit is not null)
        or (kind = 'release' and from_delivery is null and to_commit is null));

alter table delivery_event
    drop constraint delivery_event_kind_known,
    add constraint delivery_event_kind_known check (kind in ('declared', 'healed', 'credential', 'pinned'));
