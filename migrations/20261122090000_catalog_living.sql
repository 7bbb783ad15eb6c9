-- Sources that live: a worker reads them again whenever they change, and says when it could not.

alter table catalog_source
    -- Handed over once; at the Git host; at the Git host, in a repository that the platform made.
    add column kind          text not null default 'file' constraint catalog_source_kind_known
                                 check (kind in ('file', 'git', 'platform')),
    -- Owner and name, branch, and the first file.
    add column repository    text,
    add column branch        text,
    add column path          text,
    -- Everybody who has an account at the host may read it, as the host last said.
    add column is_open       boolean not null default false,
    add column requested_by  uuid references person (person_id),
    -- The commit that was read last, and the head that need not be read again; null when it has to be in any case.
    add column commit_id     text,
    add column etag          text,
    -- What the last reading did: {added, changed, unchanged, orphaned}.
    add column counts        jsonb,
    -- When the host answered last.
    add column looked_at     timestamptz,
    -- Why it cannot be read, in full sentences, and since when.
    add column trouble       text,
    add column trouble_since timestamptz,
    add column is_living     boolean not null generated always as (kind <> 'file') stored,
    add column due_at        timestamptz not null default now(),
    add column failures      integer not null default 0,
    add column wakes         bigint not null default 0,
    add column lease_owner   text,
    add column lease_epoch   bigint not null default 0,
    add column lease_until   timestamptz,
    add constraint catalog_source_place check (
        kind = 'file' or (repository is not null and branch is not null and path is not null)),
    add constraint catalog_source_trouble check ((trouble is null) = (trouble_since is null)),
    -- Null until it was read once.
    alter column read_at drop not null,
    alter column read_at drop default;
create index catalog_source_due on catalog_source (due_at) where is_living;
-- The host writes names as they were typed there.
create index catalog_source_repository on catalog_source (lower(repository));

-- Whether somebody may see a source even where they see none of its entities.
create function catalog_source_is_for(source catalog_source, sees_all boolean, person uuid, teams text[]) returns boolean
    language sql immutable parallel safe
    return sees_all or source.is_open or coalesce(source.requested_by = person, false)
        or coalesce(lower(split_part(source.repository, '/', 1)) = any (teams), false);

-- Where entities stand in the files of their origins.
create index entity_place on entity (origin, source_file, source_line);

-- The entity whose description holds a line of a file, by origin, file and line.
create function catalog_entity_at(text, text, integer) returns uuid
    language sql stable parallel safe
    return (
        select case when $3 < e.source_line + greatest(regexp_count(e.source_text, chr(10)), 1) then e.entity_id end
        from (
            select entity_id, source_line, source_text from entity
            where origin = $1 and source_file = $2 and source_line <= $3 and orphaned_at is null order by source_line desc limit 1
        ) e
    );

-- The one Git host, as the worker that reads it knows it.
create table catalog_host (
    host_id       uuid primary key default gen_random_uuid(),
    is_only       boolean not null default true constraint catalog_host_once unique constraint catalog_host_only check (is_only),
    url           text not null,
    -- When its repositories were listed last.
    listed_at     timestamptz,
    due_at        timestamptz not null default now(),
    failures      integer not null default 0,
    wakes         bigint not null default 0,
    lease_owner   text,
    lease_epoch   bigint not null default 0,
    lease_until   timestamptz
);

-- Repositories of the host that the platform may read.
create table catalog_repository (
    repository  text primary key,
    description text not null,
    branch      text not null,
    is_open     boolean not null,
    -- Whether catalog-info.yaml lies at its root.
    has_file    boolean not null,
    -- When it changed last, as the host writes it: what did not change is not looked into again. With a question mark
    -- where no file was found after that change, and it is looked once more.
    changed     text not null
);

-- A file that somebody wants in the catalog, and what a worker says of it.
create table catalog_import (
    import_id   uuid primary key default gen_random_uuid(),
    -- Null where a command asked.
    person_id   uuid references person (person_id),
    repository  text not null,
    -- Null until the worker has asked for the host's default.
    branch      text,
    path        text not null,
    -- Whether who asked may read the repository although not everybody does.
    is_trusted  boolean not null,
    state       text not null constraint catalog_import_state_known
                    check (state in ('reading', 'ready', 'moved', 'failed', 'accepted')),
    -- Why there is nothing to accept, in full sentences.
    problem     text,
    origin      text,
    is_open     boolean,
    commit_id   text,
    -- Everything that was read, as JSON, until it is accepted; and its SHA-256.
    content     bytea,
    hash        text,
    preview     jsonb,
    source_id   uuid references catalog_source,
    created_at  timestamptz not null default now(),
    read_at     timestamptz,
    is_waiting  boolean not null generated always as (state in ('reading', 'ready')) stored,
    due_at      timestamptz not null default now(),
    failures    integer not null default 0,
    wakes       bigint not null default 0,
    lease_owner text,
    lease_epoch bigint not null default 0,
    lease_until timestamptz,
    constraint catalog_import_whole check (
        state in ('reading', 'failed')
        or (origin is not null and commit_id is not null and hash is not null and preview is not null))
);
create index catalog_import_due on catalog_import (due_at) where is_waiting;
create index catalog_import_age on catalog_import (created_at);
