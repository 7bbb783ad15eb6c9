-- Imports that another import led to: a location in its files names a file of another repository. They are read and looked
-- at beside it, and accepted with it.
alter table catalog_import
    -- The import that somebody asked for, and the one whose files say so.
    add column led_by       uuid references catalog_import on delete cascade,
    add column said_by      uuid references catalog_import on delete cascade,
    -- How many repositories lie between, and the address as it stands there.
    add column depth        integer not null default 0,
    add column target       text,
    add column is_optional  boolean not null default false,
    -- Whom who asked is trusted to read for, beside what everybody may read: every owner, or these, in lower case.
    add column trusts_all   boolean not null default false,
    add column trusts       text[] not null default '{}',
    add constraint catalog_import_led check (
        (led_by is null) = (said_by is null) and (led_by is null) = (target is null) and (led_by is null) = (depth = 0));
create index catalog_import_led_by on catalog_import (led_by, import_id) where led_by is not null;
-- A command asks for whoever keeps the platform.
update catalog_import set trusts_all = true where person_id is null;
