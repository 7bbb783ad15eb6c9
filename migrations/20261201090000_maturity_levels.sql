-- The levels of services as they were worked out last, so that the catalog can be narrowed to them. Pages about maturity
-- work them out themselves. No level: not known.
create table maturity_level (
    subject text primary key,
    level   smallint check (level between 0 and 5)
);

-- A list that was narrowed to a level is another one when levels change.
create trigger maturity_level_revised after insert or update or delete on maturity_level
    for each statement execute function catalog_revised();

-- When levels are worked out again, by one of the workers.
create table maturity_level_turn (
    is_only boolean primary key default true check (is_only),
    due_at  timestamptz not null default now()
);
insert into maturity_level_turn default values;
