-- Search: the words of an entry by their weight, and what it is called for names that are mistyped.

-- Owners of a database may create it; it comes with Postgres.
create extension if not exists pg_trgm;

-- What people call it, in lower case.
create function catalog_called(document jsonb) returns text
    language sql immutable parallel safe
    return lower(coalesce(document #>> '{metadata,name}', '') || ' ' || coalesce(document #>> '{metadata,title}', ''));

-- A text as the words in it; separators of names and references come apart.
create function catalog_apart(text) returns text
    language sql immutable parallel safe
    return translate(coalesce($1, ''), '-_.:/', '     ');

-- Names weigh most, then whom it belongs to and its tags, then its description, then all else that it says. Texts in
-- sentences are kept as they are and by their English stems.
create function catalog_words(document jsonb) returns tsvector
    language sql immutable parallel safe
    return setweight(to_tsvector('simple', catalog_called(document) || ' ' || catalog_apart(catalog_called(document))), 'A')
        || setweight(to_tsvector('simple', catalog_apart(document #>> '{spec,owner}')
               || ' ' || catalog_apart(document #>> '{spec,system}')), 'B')
        || setweight(jsonb_to_tsvector('simple', coalesce(document #> '{metadata,tags}', '[]'), '["string"]'), 'B')
        || setweight(to_tsvector('simple', coalesce(document #>> '{metadata,description}', '')), 'C')
        || setweight(to_tsvector('english', coalesce(document #>> '{metadata,description}', '')), 'C')
        || setweight(jsonb_to_tsvector('simple', coalesce(document #> '{metadata,annotations}', '{}'), '["string"]'), 'D')
        || setweight(to_tsvector('english', left(coalesce(document #>> '{spec,definition}', ''), 200000)), 'D');

alter table entity
    add column called text not null generated always as (catalog_called(document)) stored,
    add column words tsvector not null generated always as (catalog_words(document)) stored;

create index entity_words on entity using gin (words);
create index entity_called on entity using gin (called gin_trgm_ops);
