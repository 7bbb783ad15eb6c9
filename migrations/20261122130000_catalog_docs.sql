-- Documentation of entities: pages of Markdown that lie beside their code, drawn when their source is read.

-- One folder of a source with its pages. Several entities may name the same one.
create table catalog_docs (
    docs_id     uuid primary key default gen_random_uuid(),
    source_id   uuid not null references catalog_source on delete cascade,
    -- In the repository; the root is empty.
    folder      text not null,
    title       text,
    -- The address of the first page.
    home        text not null,
    -- The lines of the navigation, in order: {depth, title, address | url}.
    nav         jsonb not null,
    -- The commit that was read last; null where files were handed over.
    commit_id   text,
    read_at     timestamptz not null default now(),
    -- Of all pages and images: where it stays nothing else is written.
    hash        text not null,
    constraint catalog_docs_once unique (source_id, folder)
);

create table catalog_docs_page (
    page_id     uuid primary key default gen_random_uuid(),
    docs_id     uuid not null references catalog_docs on delete cascade,
    -- What follows `docs/` in its address; empty for the first page.
    address     text not null,
    -- In the repository.
    file        text not null,
    title       text not null,
    -- Clean; links to pages and images of the same documentation begin with `docs:`.
    html        text not null,
    -- Its headings but the title: {level, anchor, text}.
    headings    jsonb not null,
    hash        text not null,
    constraint catalog_docs_page_once unique (docs_id, address)
);

-- What is searched: the words from one heading to the next.
create table catalog_docs_section (
    page_id     uuid not null references catalog_docs_page on delete cascade,
    position    integer not null,
    -- Null before the first heading.
    anchor      text,
    heading     text not null,
    text        text not null,
    words       tsvector not null generated always as (
                    setweight(to_tsvector('english', heading), 'A') || setweight(to_tsvector('english', text), 'D')) stored,
    constraint catalog_docs_section_once primary key (page_id, position)
);
create index catalog_docs_section_words on catalog_docs_section using gin (words);

create table catalog_docs_image (
    docs_id     uuid not null references catalog_docs on delete cascade,
    -- SHA-256 of its bytes.
    hash        text not null,
    kind        text not null constraint catalog_docs_image_kind_known
                    check (kind in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
    bytes       bytea not null,
    constraint catalog_docs_image_once primary key (docs_id, hash)
);

-- Which entity has which documentation.
create table entity_docs (
    entity_id   uuid primary key references entity on delete cascade,
    docs_id     uuid not null references catalog_docs on delete cascade
);
create index entity_docs_docs on entity_docs (docs_id);

-- What was read before has its documentation read with the next look.
update catalog_source s set etag = null
where s.is_living and exists (
    select from entity e where e.origin = s.origin and e.document #>> '{metadata,annotations,backstage.io/techdocs-ref}' is not null
);
