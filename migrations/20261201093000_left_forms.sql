-- Forms of every kind wait for the sign-in, each in a row of its own. What was parked before was there for an hour.
drop table parked_input;

create table left_form (
    left_form_id uuid primary key default gen_random_uuid(),
    -- Of the token that the browser holds.
    token_hash   bytea not null constraint left_form_token_hash_length check (octet_length(token_hash) = 32),
    -- The page that the form stands on.
    page         text not null constraint left_form_page_length check (octet_length(page) between 1 and 2000),
    typed        json not null,
    -- Who signed in then. Nobody else is shown it, at the same browser either.
    person_id    uuid references person on delete cascade,
    created_at   timestamptz not null default now()
);
create index left_form_token on left_form (token_hash);
create index left_form_created on left_form (created_at);
