-- What is a part of itself over more than one source, so that no source alone shows it.
create table catalog_circle (
    circle_id uuid primary key default gen_random_uuid(),
    -- Full references: each is a part of the next one, and the last of the first.
    members   text[] not null constraint catalog_circle_once unique,
    since     timestamptz not null default now()
);
create trigger catalog_circle_revised after insert or update or delete on catalog_circle
    for each statement execute function catalog_revised();
