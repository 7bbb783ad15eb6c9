-- What the organisation has, in the entity format that its teams know. The document is kept as it was given.
create table entity (
    entity_id   uuid primary key default gen_random_uuid(),
    -- Lower case: references compare without regard to case.
    kind        text not null constraint entity_kind_lower check (kind = lower(kind)),
    namespace   text not null default 'default' constraint entity_namespace_lower check (namespace = lower(namespace)),
    name        text not null constraint entity_name_lower check (name = lower(name)),
    title       text,
    description text,
    -- Full reference of the owner, such as group:default/payments; null when nobody owns it.
    owner       text,
    document    jsonb not null,
    -- What put it here: a run, an import, a file.
    origin      text not null,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    constraint entity_reference_unique unique (kind, namespace, name)
);
create index entity_owner on entity (owner);
-- Every page asks whether any of this is invented; the answer must not cost a scan.
create index entity_demo on entity (entity_id) where document #>> '{metadata,annotations,waymark.dev/demo}' = 'true';
