-- What entities were called before. An old name leads to its entity until somebody else takes the name.
create table entity_former (
    reference text collate "C" not null,
    entity_id uuid not null references entity on delete cascade,
    since     timestamptz not null default now(),
    constraint entity_former_once primary key (reference)
);
create index entity_former_entity on entity_former (entity_id);

-- What somebody took out of the catalog: nobody reads it, and it can be put back until it is deleted.
alter table entity
    add column removed_at timestamptz,
    add column removed_by uuid references person (person_id);
create index entity_removed on entity (removed_at) where removed_at is not null;

alter table catalog_event
    -- Full reference, where the entity was called otherwise.
    add column called_before text,
    drop constraint catalog_event_kind_known,
    add constraint catalog_event_kind_known
        check (kind in ('changed', 'orphaned', 'found', 'renamed', 'removed', 'restored'));

create or replace function catalog_entity_changed() returns trigger language plpgsql as $$
begin
    insert into catalog_event (entity_id, kind, fields, owner_before, owner_after, called_before, cause)
    select now_is.entity_id, told.kind,
           case told.kind when 'changed' then (catalog_changed_fields(was.document, now_is.document))[:20] else '{}' end,
           case when told.kind = 'changed' and was.owner is distinct from now_is.owner then was.owner end,
           case when told.kind = 'changed' and was.owner is distinct from now_is.owner then now_is.owner end,
           case when told.kind = 'renamed' then was.reference end,
           nullif(current_setting('waymark.cause', true), '')
    from entity_before as was
    join entity_after as now_is on now_is.entity_id = was.entity_id
    cross join lateral (
        values ('renamed', now_is.reference <> was.reference),
               ('changed', now_is.etag <> was.etag),
               ('orphaned', was.orphaned_at is null and now_is.orphaned_at is not null),
               ('found', was.orphaned_at is not null and now_is.orphaned_at is null),
               ('removed', was.removed_at is null and now_is.removed_at is not null),
               ('restored', was.removed_at is not null and now_is.removed_at is null)
    ) as told (kind, is_so)
    where told.is_so;
    return null;
end
$$;
