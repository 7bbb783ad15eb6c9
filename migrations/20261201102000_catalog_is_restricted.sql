-- Whether anything is hidden from somebody, or taken out. Asked with every import: by the indexes of what is so, and not
-- by reading every entity, which is what it looks like to the planner before it knows how few there are.
create function catalog_is_restricted() returns boolean
    language plpgsql stable parallel safe set enable_seqscan = off
as $$
begin
    return exists (select from entity where visible_to is not null or readers <> '{everybody}')
        or exists (select from entity where removed_at is not null);
end
$$;
