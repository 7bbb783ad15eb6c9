-- Entities that only some may see: those that say so, and all that is part of them.

-- The groups that an entity shows itself to, as full references: null where it does not say, and none where what it says
-- is none of them, so that a slip hides and does not show.
create function catalog_visible_to(document jsonb, namespace text) returns text[]
    language sql immutable parallel safe
    return (
        select case when said is not null then coalesce(array(
            select coalesce(part[1], 'group') || ':' || coalesce(part[2], namespace) || '/' || part[3]
            from regexp_split_to_table(lower(said), '[,[:space:]]+') as item
            cross join lateral regexp_match(item, '^(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)$') as part
            where part is not null
            order by 1
        ), '{}') end
        from (select document #>> '{metadata,annotations,waymark.dev/visible-to}') as told (said)
    );

alter table entity
    add column visible_to text[] generated always as (catalog_visible_to(document, namespace)) stored,
    -- Who may see it: `everybody` of the organisation, `all-teams` for those who see what belongs to any team, and groups.
    add column readers text[] not null default '{everybody}';
-- Those are few, and looked for with every change.
create index entity_restricted on entity (entity_id) where visible_to is not null or readers <> '{everybody}';

drop function catalog_found(jsonb);
-- The entities that a question is true of, as far as it hangs on what readers may see. `loose` leaves out nothing that is
-- wanted; where relations are asked for, `exact` says what is wanted, with a flag for each relation that an entity has,
-- and `needs` that it takes at least one. What a hidden entity says of others does not count.
-- Planned anew each time, as a plan for any question would read every entity; and without reading terms one entity after
-- the other, which takes longer than it looks to the planner.
create function catalog_found(question jsonb, viewer_readers text[]) returns setof uuid
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
        select w.flag, r.from_ref, r.entity_id as teller
        from wanted w cross join unnest(w.targets) as target
        join entity_relation r on lower(r.name) = w.name and r.to_ref = target
        union all
        select w.flag, r.from_ref, r.entity_id
        from wanted w join entity_relation r on lower(r.name) = w.name
        where w.targets is null and (w.prefix is null or starts_with(r.to_ref, w.prefix))
    ),
    flagged as materialized (
        select found.id, array_to_tsvector(array_agg(distinct found.flag)) as flags
        from (
            select e.entity_id as id, t.flag
            from told t join entity e on e.reference = t.from_ref join entity teller on teller.entity_id = t.teller
            where teller.readers && viewer_readers
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
