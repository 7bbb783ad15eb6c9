-- A name that two sources describe: who has it is told as well, and it is judged again when the name is let go.
alter table catalog_finding
    -- The entity that the finding is about, where another source has it.
    add column reference text collate "C";
create index catalog_finding_reference on catalog_finding (reference) where reference is not null;
-- Those of before are told once more with the next reading.
update catalog_source set etag = null
where source_id in (select source_id from catalog_finding where rule = 'entity-taken');

-- Whoever lets a name go must not wait for those who want it: whom this leaves out finds it at the next look. A file that
-- was handed over cannot be read again, so that its people are told.
create function catalog_let_go(let_go text[]) returns void language plpgsql as $$
begin
    if not exists (select from catalog_finding where reference = any (let_go)) then
        return;
    end if;
    update catalog_source set etag = null, wakes = wakes + 1, due_at = now()
    where source_id in (
        select s.source_id from catalog_source s
        where s.is_living and s.source_id in (select f.source_id from catalog_finding f where f.reference = any (let_go))
        for update skip locked
    );
    if found then
        perform pg_notify('catalog_source', '');
    end if;
    update catalog_finding f
    set rule = 'entity-free', severity = 'warning', reference = null,
        message = f.reference || ' was described elsewhere and is not any more. Hand this file over once more with '
            || '`waymark catalog import` to have it taken over.'
    from catalog_source s
    where s.source_id = f.source_id and s.kind = 'file' and f.reference = any (let_go);
end
$$;

create function catalog_entity_let_go() returns trigger language plpgsql as $$
begin
    perform catalog_let_go(array(
        select was.reference from entity_before was join entity_after now_is on now_is.entity_id = was.entity_id
        where now_is.reference <> was.reference
           or was.orphaned_at is null and now_is.orphaned_at is not null
           or was.removed_at is null and now_is.removed_at is not null));
    return null;
end
$$;
create trigger entity_let_go after update on entity
    referencing old table as entity_before new table as entity_after
    for each statement execute function catalog_entity_let_go();

create function catalog_entity_gone() returns trigger language plpgsql as $$
begin
    perform catalog_let_go(array(select reference from entity_before));
    return null;
end
$$;
create trigger entity_gone after delete on entity
    referencing old table as entity_before
    for each statement execute function catalog_entity_gone();
