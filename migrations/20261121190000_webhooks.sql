-- What other systems told, each thing once, for a week. Only that something happened and where: what happened is asked of
-- the system itself.
create table webhook_delivery (
    source      text not null,
    -- The sender's own id. No signature covers it, so what was signed counts as well.
    delivery    text not null constraint webhook_delivery_id_length check (length(delivery) between 1 and 100),
    body_sha256 bytea not null constraint webhook_delivery_body_length check (octet_length(body_sha256) = 32),
    event       text not null constraint webhook_delivery_event_length check (length(event) between 1 and 50),
    -- Owner and name at the source; null where the event is about no repository.
    repository  text,
    received_at timestamptz not null default now(),
    primary key (source, delivery),
    constraint webhook_delivery_body_once unique (source, body_sha256)
);
create index webhook_delivery_age on webhook_delivery (received_at);

alter table delivery_source
    -- How often the Git host told of a push, and up to which of them the delivery engine was told to look.
    add column pushes          bigint not null default 0,
    add column pushes_told     bigint not null default 0,
    -- Which webhook the host was last seen to have, an HMAC of its address under its secret; and when.
    add column webhook_print   bytea constraint delivery_source_print_length check (octet_length(webhook_print) = 32),
    add column webhook_seen_at timestamptz;
-- The host writes names as they were typed there.
create index delivery_source_repository_folded on delivery_source (lower(repository));
