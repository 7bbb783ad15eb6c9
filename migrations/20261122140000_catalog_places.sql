-- Where the description of an entity ends, so that nobody counts its lines again for each finding: the line after its last.
alter table entity add column source_end integer generated always as (
    source_line + greatest(length(source_text) - length(replace(source_text, chr(10), '')), 1)
) stored;

create or replace function catalog_entity_at(text, text, integer) returns uuid
    language sql stable parallel safe
    return (
        select case when $3 < e.source_end then e.entity_id end
        from (
            select entity_id, source_end from entity
            where origin = $1 and source_file = $2 and source_line <= $3 and orphaned_at is null order by source_line desc limit 1
        ) e
    );

-- Nothing asks for parts of documents any more; what is found by them has terms of its own.
drop index entity_document;

-- One index less for each relation: what finds it by where it begins keeps it unique, too.
alter table entity_relation drop constraint entity_relation_once;
drop index entity_relation_from;
alter table entity_relation add constraint entity_relation_once primary key (from_ref, name, to_ref, entity_id);
create index entity_relation_teller on entity_relation (entity_id);

-- A file handed over by a command is called by its folder as well: two of the same name are two sources.
with called as (
    select origin, min(source_file) as file
    from entity
    where origin like 'file:%' and source_file like '%/' || substr(origin, 6) and orphaned_at is null
    group by origin
),
moved as (
    update catalog_source s set origin = 'file:' || called.file from called where s.origin = called.origin
)
update entity e set origin = 'file:' || called.file from called where e.origin = called.origin;
