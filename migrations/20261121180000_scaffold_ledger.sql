-- What a step sets out to do outside is on the ledger before it is tried. Null: whether it was made is not known.
alter table effect alter column made_by_this_run drop not null;

-- Lists of runs name what is made without reading whole plans.
alter table plan add column entity text generated always as (content #>> '{entity,reference}') stored;
create index run_newest on run (created_at desc, run_id desc);
