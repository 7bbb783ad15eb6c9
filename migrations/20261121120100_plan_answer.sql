-- A worker answers a plan that was asked for: it claims the row for a minute of the database's time, and every claim
-- counts, so that one that breaks the worker is given up.
alter table plan
    add column service       text,
    -- What the world said: verdicts, quotas, gates, effects, warnings. No part of the hash.
    add column review        jsonb,
    -- What is wrong with single parameters and only a worker could find out.
    add column errors        jsonb not null default '[]',
    add column attempts      integer not null default 0,
    add column claimed_until timestamptz;
