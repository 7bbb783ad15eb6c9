-- Every web process and every worker reads the same paths from here; a plan names the version that it was made from.
create table golden_path (
    name            text primary key constraint golden_path_name_shape check (name ~ '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$'),
    -- The one that new services start from.
    current_version text not null
);

create table golden_path_version (
    golden_path  text not null references golden_path (name),
    version      text not null,
    -- SHA-256 over all files: the same number never means two contents.
    digest       bytea not null constraint golden_path_version_digest_length check (octet_length(digest) = 32),
    title        text not null,
    description  text not null,
    owner        text,
    tags         text[] not null,
    -- What the service will be for the platform, such as web or gpu.
    workload     text,
    published_at timestamptz not null default now(),
    primary key (golden_path, version)
);
alter table golden_path add constraint golden_path_current_version foreign key (name, current_version)
    references golden_path_version (golden_path, version) deferrable initially deferred;

create table golden_path_file (
    golden_path text not null,
    version     text not null,
    path        text not null,
    content     bytea not null,
    executable  boolean not null,
    primary key (golden_path, version, path),
    foreign key (golden_path, version) references golden_path_version (golden_path, version)
);
-- How many services came from a path, and from which version of it.
create index plan_golden_path on plan (golden_path, version);

-- What somebody has typed into the form of a path, as it was typed. `json` and not `jsonb`: it keeps every character.
create table draft (
    person_id   uuid not null references person (person_id) on delete cascade,
    golden_path text not null references golden_path (name),
    typed       json not null,
    -- What was wrong with it when it was last looked at.
    errors      json not null default '[]',
    updated_at  timestamptz not null default now(),
    primary key (person_id, golden_path)
);

-- Input that arrived when its session had ended, until the same browser has signed in again.
create table parked_input (
    token_hash  bytea primary key constraint parked_input_token_hash_length check (octet_length(token_hash) = 32),
    golden_path text not null references golden_path (name),
    typed       json not null,
    created_at  timestamptz not null default now()
);
create index parked_input_created on parked_input (created_at);
