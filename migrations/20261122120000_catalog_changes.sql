-- Changes of entities that people ask for in the page of an entity.
create table catalog_change (
    change_id   uuid primary key default gen_random_uuid(),
    entity_id   uuid not null references entity on delete cascade,
    person_id   uuid not null references person (person_id),
    -- What becomes of which field, and what the fields said to whoever asked.
    change      jsonb not null,
    seen        jsonb not null,
    -- by_hand: described in a file that only people can write; done: the entity lives here and was changed at once.
    state       text not null constraint catalog_change_state_known
                    check (state in ('asked', 'opened', 'merged', 'closed', 'failed', 'done', 'by_hand')),
    -- The file at the Git host, on the branch that it is read from.
    repository  text,
    branch      text,
    path        text,
    -- The commit that it is put on top of, fixed before anything is pushed; and the commit itself.
    parent_id   text,
    commit_id   text,
    -- Unified, of the entity's own part of its file.
    diff        text,
    -- That part as it is to be, where a person has to put it there.
    text        text,
    -- The change request at the Git host.
    number      bigint,
    url         text,
    -- Why nothing came of it, in full sentences.
    problem     text,
    created_at  timestamptz not null default now(),
    opened_at   timestamptz,
    ended_at    timestamptz,
    is_waiting  boolean not null generated always as (state in ('asked', 'opened')) stored,
    due_at      timestamptz not null default now(),
    failures    integer not null default 0,
    wakes       bigint not null default 0,
    lease_owner text,
    lease_epoch bigint not null default 0,
    lease_until timestamptz,
    constraint catalog_change_place check (
        state in ('done', 'by_hand') or (repository is not null and branch is not null and path is not null)),
    constraint catalog_change_opened check (
        state not in ('opened', 'merged', 'closed') or (number is not null and url is not null and commit_id is not null))
);
create index catalog_change_entity on catalog_change (entity_id, created_at desc);
create index catalog_change_due on catalog_change (due_at) where is_waiting;
create index catalog_change_repository on catalog_change (lower(repository)) where is_waiting;

-- What somebody has typed into the form of an entity and not used yet.
create table catalog_draft (
    person_id   uuid not null references person (person_id) on delete cascade,
    entity_id   uuid not null references entity on delete cascade,
    typed       json not null,
    -- What the fields said when the form was opened.
    seen        json not null,
    -- What was wrong with it when it was last looked at.
    errors      json not null,
    updated_at  timestamptz not null default now(),
    primary key (person_id, entity_id)
);
