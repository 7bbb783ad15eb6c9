-- What became of entities over time. Whatever writes an entity, it is written down by the same statement, for all entities
-- that it changed at once and for no other.
create table catalog_event (
    event_id     bigint generated always as identity primary key,
    entity_id    uuid not null references entity on delete cascade,
    at           timestamptz not null default now(),
    kind         text not null constraint catalog_event_kind_known check (kind in ('changed', 'orphaned', 'found')),
    -- Paths of the fields that changed, such as metadata.description.
    fields       text[] not null,
    -- Full references, where the owner is another one.
    owner_before text,
    owner_after  text,
    -- What brought it: commit:<id> or change:<id>; null where nobody said.
    cause        text
);
create index catalog_event_entity on catalog_event (entity_id, event_id desc);

-- The paths of fields that differ, in the order of the alphabet. Deeper than three a field is told as a whole.
create function catalog_changed_fields(before jsonb, after jsonb) returns text[]
    language sql immutable parallel safe
    return (
        with recursive part (path, old, new) as (
            select '{}'::text[], before, after
            union all
            select part.path || field.name, part.old -> field.name, part.new -> field.name
            from part cross join lateral (
                select jsonb_object_keys(case jsonb_typeof(part.old) when 'object' then part.old else '{}' end) as name
                union
                select jsonb_object_keys(case jsonb_typeof(part.new) when 'object' then part.new else '{}' end)
            ) as field
            where cardinality(part.path) < 3 and jsonb_typeof(part.old) = 'object' and jsonb_typeof(part.new) = 'object'
              and (part.old -> field.name) is distinct from (part.new -> field.name)
        )
        select coalesce(array_agg(array_to_string(path, '.') order by path collate "C"), '{}')
        from part
        where old is distinct from new
          and (cardinality(path) = 3 or jsonb_typeof(old) is distinct from 'object' or jsonb_typeof(new) is distinct from 'object')
    );

-- What brings the change of entities is said by `waymark.cause`, for the transaction alone.
create function catalog_entity_changed() returns trigger language plpgsql as $$
begin
    insert into catalog_event (entity_id, kind, fields, owner_before, owner_after, cause)
    select now_is.entity_id, told.kind,
           case told.kind when 'changed' then (catalog_changed_fields(was.document, now_is.document))[:20] else '{}' end,
           case when told.kind = 'changed' and was.owner is distinct from now_is.owner then was.owner end,
           case when told.kind = 'changed' and was.owner is distinct from now_is.owner then now_is.owner end,
           nullif(current_setting('waymark.cause', true), '')
    from entity_before as was
    join entity_after as now_is on now_is.entity_id = was.entity_id
    cross join lateral (
        values ('changed', now_is.etag <> was.etag),
               ('orphaned', was.orphaned_at is null and now_is.orphaned_at is not null),
               ('found', was.orphaned_at is not null and now_is.orphaned_at is null)
    ) as told (kind, is_so)
    where told.is_so;
    return null;
end
$$;
create trigger entity_changed after update on entity
    referencing old table as entity_before new table as entity_after
    for each statement execute function catalog_entity_changed();
