-- What collectors saw. Observed is when it was so in the world, recorded is when we learnt it.
create table fact (
    fact_id        bigint generated always as identity primary key,
    -- A catalog reference, such as component:default/checkout.
    subject        text not null,
    name           text not null,
    value          jsonb not null default 'null',
    samples_passed integer,
    samples_total  integer,
    observed_at    timestamptz not null,
    recorded_at    timestamptz not null default now(),
    collector      text not null,
    -- Where it can be looked up, such as local/payments-checkout-prod or payments/checkout@<commit>.
    source_ref     text,
    constraint fact_samples_are_a_share check (
        (samples_passed is null and samples_total is null) or (samples_passed between 0 and samples_total))
);
create index fact_latest on fact (subject, name, observed_at desc, fact_id desc);

-- Levels of the past have to stay what they were: evidence is added to and never rewritten.
create function fact_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'facts are append-only';
end
$$;
create trigger fact_no_change before update or delete on fact
    for each row execute function fact_is_append_only();
create trigger fact_no_truncate before truncate on fact
    for each statement execute function fact_is_append_only();

-- How often something was as it should be, by the hour; rules read shares of a while.
create table fact_sample (
    subject text not null,
    name    text not null,
    hour    timestamptz not null,
    passed  integer not null,
    total   integer not null,
    primary key (subject, name, hour),
    constraint fact_sample_is_a_share check (passed between 0 and total)
);

-- Who collects, whose turn it is, and how the last turn went.
create table fact_collector (
    name         text primary key,
    due_at       timestamptz not null default now(),
    succeeded_at timestamptz,
    failed_at    timestamptz,
    problem      text
);
