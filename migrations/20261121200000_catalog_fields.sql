-- What entities are found by, path for path, for clients that ask for them by any field.
create table entity_search (
    entity_id   uuid primary key references entity on delete cascade,
    -- Each path with each of its values, all in small letters, with the character U+001F between them. A value that is
    -- null or too long to be looked for is a second U+001F.
    terms       tsvector not null,
    -- The values by their paths, as they are written.
    fields      jsonb not null
);
create index entity_search_terms on entity_search using gin (terms);

-- Lists in the order of names.
create index entity_by_name on entity (name collate "C", reference);
-- What no origin describes any more is little, and asked for by itself.
create index entity_orphaned on entity (entity_id) where orphaned_at is not null;
-- Whatever points at an entity in a certain way; people do not keep to the capitals of the names of relations.
create index entity_relation_to on entity_relation (lower(name), to_ref, from_ref);

-- The entities that a question is true of. `loose` leaves out nothing that is wanted; where relations are asked for,
-- `exact` says what is wanted, with a flag for each relation that an entity has, and `needs` that it takes at least one.
-- Planned anew each time, as a plan for any question would read every entity; and without reading terms one entity after
-- the other, which takes longer than it looks to the planner.
create function catalog_found(question jsonb) returns setof uuid
    language plpgsql stable parallel safe rows 1000 set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
    loose tsquery := question ->> 'loose';
    exact tsquery := question ->> 'exact';
    needs boolean := question ->> 'needs';
begin
    if exact is null then
        return query select s.entity_id from entity_search s where s.terms @@ loose;
        return;
    end if;
    return query
    with wanted as (
        select * from jsonb_to_recordset(question -> 'relations') as w (flag text, name text, targets text[], prefix text)
    ),
    told as (
        select w.flag, r.from_ref
        from wanted w cross join unnest(w.targets) as target
        join entity_relation r on lower(r.name) = w.name and r.to_ref = target
        union all
        select w.flag, r.from_ref
        from wanted w join entity_relation r on lower(r.name) = w.name
        where w.targets is null and (w.prefix is null or starts_with(r.to_ref, w.prefix))
    ),
    flagged as materialized (
        select found.id, array_to_tsvector(array_agg(distinct found.flag)) as flags
        from (
            select e.entity_id as id, t.flag from told t join entity e on e.reference = t.from_ref
            union all
            -- Without a relation it is asked whether the origin describes the entity no more.
            select e.entity_id, w.flag from entity e cross join wanted w where w.name is null and e.orphaned_at is not null
        ) as found
        group by found.id
    )
    select s.entity_id
    from entity_search s left join flagged f on f.id = s.entity_id
    where (loose is null or s.terms @@ loose) and (not needs or f.id is not null)
      and (s.terms || coalesce(f.flags, '')) @@ exact;
end
$$;

-- The entries of before.
set local jit = off;
with recursive told as (
    select entity_id, name, jsonb_build_object('kind', kind) || document || jsonb_build_object(
        'metadata',
        jsonb_build_object('name', name, 'namespace', namespace)
        || case jsonb_typeof(document -> 'metadata') when 'object' then document -> 'metadata' else '{}' end
        || jsonb_build_object(
            'uid', entity_id,
            'annotations',
            jsonb_build_object(
                'backstage.io/managed-by-location',
                case when origin like 'file:%' and source_file is not null then 'file:' || source_file else origin end,
                'backstage.io/managed-by-origin-location', origin
            )
            || case jsonb_typeof(document #> '{metadata,annotations}')
                   when 'object' then document #> '{metadata,annotations}' else '{}' end
        )
    ) as document
    from entity
),
part (entity_id, path, value) as (
    select entity_id, lower(key), value from told cross join lateral jsonb_each(document)
    union all
    select part.entity_id, below.path, below.value
    from part cross join lateral (
        select part.path || '.' || lower(key) as path, value
        from jsonb_each(case jsonb_typeof(part.value) when 'object' then part.value else '{}' end)
        union all
        select part.path || ending, item_or_true
        from jsonb_array_elements(case jsonb_typeof(part.value) when 'array' then part.value else '[]' end) as item,
             lateral (values ('', item), ('.' || lower(item #>> '{}'), 'true'::jsonb)) as twice (ending, item_or_true)
        where ending = '' or jsonb_typeof(item) = 'string'
    ) as below
),
leaf as (
    select distinct entity_id, path, case when length(value #>> '{}') <= 200 then value #>> '{}' end as value
    from part
    where jsonb_typeof(value) in ('string', 'number', 'boolean', 'null') and length(path) <= 200
),
by_path as (
    select entity_id, path,
           coalesce(jsonb_agg(value order by value collate "C") filter (where value is not null), '[]') as found,
           array_agg(path || chr(31) || coalesce(lower(value), chr(31))) as terms
    from leaf group by entity_id, path
)
insert into entity_search (entity_id, terms, fields)
select by_path.entity_id, array_to_tsvector(array_agg(term)), jsonb_object_agg(path, found)
from by_path cross join lateral unnest(by_path.terms) as term
group by by_path.entity_id;
