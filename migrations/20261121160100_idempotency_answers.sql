-- Every mutation of the API keeps its answer now, not the acceptance of plans alone. What was kept before is worth a day
-- and is forgotten: a plan becomes one run whatever its key.
drop table idempotency_key;
create table idempotency_key (
    person_id     uuid not null references person (person_id) on delete cascade,
    -- Method and address with its parameters' names, such as POST /api/v1/runs/{id}/cancel.
    route         text not null,
    key           text not null constraint idempotency_key_length check (length(key) between 1 and 200),
    -- SHA-256 of the whole address and the body.
    fingerprint   bytea not null constraint idempotency_key_fingerprint_length check (octet_length(fingerprint) = 32),
    -- The one process that carries the request out, and until when it is believed to live.
    claim         uuid not null,
    claimed_until timestamptz not null,
    -- What was changed, written in the transaction of the change itself.
    done          text,
    -- The answer; null while there is none.
    status        smallint,
    content_type  text,
    location      text,
    body          bytea,
    created_at    timestamptz not null default now(),
    primary key (person_id, route, key),
    constraint idempotency_key_answer_is_whole check ((status is null) = (body is null))
);
create index idempotency_key_created on idempotency_key (created_at);
