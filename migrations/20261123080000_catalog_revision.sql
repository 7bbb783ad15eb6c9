-- How often the catalog has changed: what was answered at one number is the answer until there is another. A row for each
-- transaction, so that none waits for another; the number is the sum, which grows with every commit and with nothing else.
create table catalog_revision (
    transaction_id xid8 primary key default pg_current_xact_id(),
    changes        bigint not null default 1
);
insert into catalog_revision default values;

-- A number that a transaction of another server left behind, from which this database was restored, counts on.
create function catalog_revised() returns trigger language plpgsql as $$
begin
    insert into catalog_revision as r default values on conflict (transaction_id) do update set changes = r.changes + 1;
    return null;
end
$$;

create trigger entity_revised after insert or update or delete on entity
    for each statement execute function catalog_revised();
create trigger entity_relation_revised after insert or update or delete on entity_relation
    for each statement execute function catalog_revised();
create trigger entity_search_revised after insert or update or delete on entity_search
    for each statement execute function catalog_revised();
create trigger catalog_finding_revised after insert or update or delete on catalog_finding
    for each statement execute function catalog_revised();
-- The rest of a source is about its next look.
create trigger catalog_source_revised after insert or update of origin, trouble_since or delete on catalog_source
    for each statement execute function catalog_revised();
create trigger entity_docs_revised after insert or update or delete on entity_docs
    for each statement execute function catalog_revised();
create trigger catalog_docs_page_revised after insert or update or delete on catalog_docs_page
    for each statement execute function catalog_revised();
