-- Where entities are read from, and what is wrong there, until it is mended.
create table catalog_source (
    source_id   uuid primary key default gen_random_uuid(),
    -- What its entities name as their origin, such as file:organisation.yaml.
    origin      text not null constraint catalog_source_origin_unique unique,
    created_at  timestamptz not null default now(),
    -- When it was read the last time.
    read_at     timestamptz not null default now()
);
insert into catalog_source (origin, created_at, read_at)
select origin, min(created_at), max(updated_at) from entity where origin like 'file:%' group by origin;

create table catalog_finding (
    finding_id  uuid primary key default gen_random_uuid(),
    source_id   uuid not null references catalog_source on delete cascade,
    file        text not null,
    line        integer not null constraint catalog_finding_line_positive check (line > 0),
    position    integer not null constraint catalog_finding_position_positive check (position > 0),
    severity    text not null constraint catalog_finding_severity_known check (severity in ('error', 'warning')),
    rule        text not null,
    message     text not null,
    -- Full reference of who can mend it; null when nobody is known.
    owner       text,
    since       timestamptz not null default now()
);
create index catalog_finding_source on catalog_finding (source_id, file, line);
create index catalog_finding_owner on catalog_finding (owner);
