-- Entities are kept whole: with what can be filtered by, where they are written, and what they point at.

-- The texts of a JSON list, in their order; empty for anything else.
create function catalog_texts(list jsonb) returns text[]
    language sql immutable parallel safe
    return (
        select coalesce(array_agg(item #>> '{}' order by place), '{}')
        from jsonb_array_elements(case jsonb_typeof(list) when 'array' then list else '[]'::jsonb end)
             with ordinality as items (item, place)
        where jsonb_typeof(item) = 'string'
    );

alter table entity
    -- Byte order, so that a page ends at the same place whatever the database's language is.
    add column reference text collate "C" not null generated always as (kind || ':' || namespace || '/' || name) stored,
    add column type text generated always as (document #>> '{spec,type}') stored,
    add column lifecycle text generated always as (document #>> '{spec,lifecycle}') stored,
    add column tags text[] not null generated always as (catalog_texts(document #> '{metadata,tags}')) stored,
    -- Changes when and only when the document does.
    add column etag text not null generated always as (md5(document::text)) stored,
    -- Full reference of the system that it is part of.
    add column system text,
    -- The file of the origin, the line where its document begins, and the document as it was written.
    add column source_file text,
    add column source_line integer constraint entity_source_line_positive check (source_line > 0),
    add column source_text text,
    -- Since when its origin does not describe it any more.
    add column orphaned_at timestamptz;

create unique index entity_by_reference on entity (reference);
create index entity_system on entity (system);
create index entity_origin on entity (origin);
create index entity_tags on entity using gin (tags);
-- Labels, annotations and every other field by their value.
create index entity_document on entity using gin (document jsonb_path_ops);

-- What one entity says about two, once from each side. Either end may be missing from the catalog.
create table entity_relation (
    -- The entity whose document says so.
    entity_id   uuid not null references entity on delete cascade,
    from_ref    text collate "C" not null,
    name        text not null,
    to_ref      text collate "C" not null,
    constraint entity_relation_once primary key (entity_id, from_ref, name, to_ref)
);
create index entity_relation_from on entity_relation (from_ref, name, to_ref);

-- What the entries of before point at, by the fields of the kinds that there are; of any other kind the owner and the
-- system.
with field (kind, name, default_kind, relation, reverse, is_reversed) as (
    values
        ('component', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('component', 'system', 'system', 'partOf', 'hasPart', false),
        ('component', 'subcomponentOf', 'component', 'partOf', 'hasPart', false),
        ('component', 'providesApis', 'api', 'providesApi', 'apiProvidedBy', false),
        ('component', 'implementsApis', 'api', 'providesApi', 'apiProvidedBy', false),
        ('component', 'consumesApis', 'api', 'consumesApi', 'apiConsumedBy', false),
        ('component', 'dependsOn', null, 'dependsOn', 'dependencyOf', false),
        ('component', 'dependencyOf', null, 'dependsOn', 'dependencyOf', true),
        ('api', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('api', 'system', 'system', 'partOf', 'hasPart', false),
        ('resource', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('resource', 'system', 'system', 'partOf', 'hasPart', false),
        ('resource', 'dependsOn', null, 'dependsOn', 'dependencyOf', false),
        ('resource', 'dependencyOf', null, 'dependsOn', 'dependencyOf', true),
        ('system', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('system', 'domain', 'domain', 'partOf', 'hasPart', false),
        ('domain', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('domain', 'subdomainOf', 'domain', 'partOf', 'hasPart', false),
        ('group', 'parent', 'group', 'childOf', 'parentOf', false),
        ('group', 'children', 'group', 'childOf', 'parentOf', true),
        ('group', 'members', 'user', 'memberOf', 'hasMember', true),
        ('user', 'memberOf', 'group', 'memberOf', 'hasMember', false),
        ('template', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('', 'owner', 'group', 'ownedBy', 'ownerOf', false),
        ('', 'system', 'system', 'partOf', 'hasPart', false)
),
written as (
    select e.entity_id, e.reference, e.namespace, f.default_kind, f.relation, f.reverse, f.is_reversed,
           regexp_match(lower(item), '^(?:([^:/]+):)?(?:([^:/]+)/)?([^:/]+)$') as part
    from entity e
    join field f on f.kind = case
        when e.kind in ('component', 'api', 'resource', 'system', 'domain', 'group', 'user', 'location', 'template')
        then e.kind else '' end
    cross join lateral unnest(
        case
            when f.name in ('providesApis', 'implementsApis', 'consumesApis', 'dependsOn', 'dependencyOf', 'children',
                            'members', 'memberOf')
            then catalog_texts(e.document #> array['spec', f.name])
            when jsonb_typeof(e.document #> array['spec', f.name]) = 'string'
            then array[e.document #>> array['spec', f.name]]
            else '{}'
        end
    ) as item
),
mention as (
    select entity_id, reference, relation, reverse, is_reversed,
           coalesce(part[1], default_kind) || ':' || coalesce(part[2], namespace) || '/' || part[3] as target
    from written
    where part is not null and coalesce(part[1], default_kind) is not null
),
told as (
    select entity_id, case when is_reversed then target else reference end as from_ref, relation, reverse,
           case when is_reversed then reference else target end as to_ref
    from mention
)
insert into entity_relation (entity_id, from_ref, name, to_ref)
select entity_id, from_ref, relation, to_ref from told
union
select entity_id, to_ref, reverse, from_ref from told;

update entity e
set system = (
    select min(r.to_ref) from entity_relation r
    where r.entity_id = e.entity_id and r.from_ref = e.reference and r.name = 'partOf' and r.to_ref like 'system:%'
);
