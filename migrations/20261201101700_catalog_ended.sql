-- Sources that end: what they described is marked, and nothing is read there any more.
alter table catalog_source
    -- Since when, and who said so; nobody where the host had nothing there for a day.
    add column ended_at      timestamptz,
    add column ended_by      uuid references person (person_id),
    -- Since when the host says that the repository or the branch is not there, and how often it said so.
    add column missing_since timestamptz,
    add column missing_looks integer not null default 0,
    -- What the host calls the repository by now, owner and name, where it was renamed.
    add column moved_to      text,
    drop column is_living;
alter table catalog_source
    add column is_living boolean not null generated always as (kind <> 'file' and ended_at is null) stored;
create index catalog_source_due on catalog_source (due_at) where is_living;

-- Whether somebody decides about a source: the platform team, the team whose repository it is, and otherwise those who own
-- all that it describes.
create function catalog_source_is_of(
    source catalog_source, is_platform boolean, person uuid, teams text[], owners text[]
) returns boolean
    language sql stable parallel safe
    return is_platform
        or coalesce(lower(split_part(source.repository, '/', 1)) = any (teams), false)
        or (coalesce(source.requested_by = person, false)
            or exists (select from entity e where e.origin = source.origin and e.owner = any (owners)))
           and not exists (
               select from entity e
               where e.origin = source.origin and e.orphaned_at is null and not coalesce(e.owner = any (owners), false)
           );
