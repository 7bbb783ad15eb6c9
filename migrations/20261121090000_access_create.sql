-- People are known by issuer and subject alone: e-mail addresses and login names change hands.
create table person (
    person_id    uuid primary key default gen_random_uuid(),
    issuer       text not null,
    subject      text not null,
    login        text not null,
    name         text not null,
    email        text,
    groups       text[] not null,
    -- One choice per person, so that every browser of theirs shows the same.
    theme        text not null default 'system' constraint person_theme_known check (theme in ('system', 'light', 'dark')),
    created_at   timestamptz not null default now(),
    signed_in_at timestamptz not null default now(),
    constraint person_identity_unique unique (issuer, subject)
);

-- A session is found by the hash of its id: whoever reads this table cannot become anybody.
create table session (
    id_hash      bytea primary key constraint session_id_hash_length check (octet_length(id_hash) = 32),
    person_id    uuid references person (person_id) on delete cascade,
    -- The provider's own session, for its back-channel logout.
    provider_sid text,
    data         jsonb not null,
    created_at   timestamptz not null default now(),
    seen_at      timestamptz not null default now(),
    -- Set once and never cleared. A request that was under way when its session ended cannot bring it back.
    revoked_at   timestamptz
);
create index session_person on session (person_id);
create index session_provider_sid on session (provider_sid) where provider_sid is not null;
create index session_created on session (created_at);

-- One row for each sign-in that has begun; used once, within ten minutes, by the browser that began it.
create table sign_in_attempt (
    state_hash    bytea primary key constraint sign_in_attempt_state_hash_length check (octet_length(state_hash) = 32),
    browser_hash  bytea not null constraint sign_in_attempt_browser_hash_length check (octet_length(browser_hash) = 32),
    nonce         text not null,
    pkce_verifier text not null,
    next          text not null,
    created_at    timestamptz not null default now()
);
create index sign_in_attempt_browser on sign_in_attempt (browser_hash, created_at);
create index sign_in_attempt_created on sign_in_attempt (created_at);
