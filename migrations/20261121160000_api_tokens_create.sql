-- Credentials of people for their programs. A token is found by its hash: whoever reads this table cannot become anybody.
create table api_token (
    token_id     uuid primary key default gen_random_uuid(),
    person_id    uuid not null references person (person_id) on delete cascade,
    name         text not null constraint api_token_name_length check (char_length(name) between 1 and 60),
    scopes       text[] not null constraint api_token_scopes_known
                     check (cardinality(scopes) > 0 and scopes <@ array['read', 'write']),
    hash         bytea not null constraint api_token_hash_unique unique
                     constraint api_token_hash_length check (octet_length(hash) = 32),
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null,
    -- To the nearest ten minutes: enough to see what is not used any more.
    last_used_at timestamptz,
    revoked_at   timestamptz,
    -- A day more than people may ask for, because they count from the clock of another process.
    constraint api_token_life check (expires_at > created_at and expires_at <= created_at + interval '366 days')
);
create index api_token_person on api_token (person_id, created_at desc);

-- What waits for somebody is counted on every page.
create index delivery_change_to_agree on delivery_change (delivery_id) where state in ('ready', 'awaiting_approval');
