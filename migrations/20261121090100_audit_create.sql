-- The trail is one chain. Appending locks this row until the transaction ends, so numbers have no gaps and no forks.
create table audit_head (
    only_row boolean primary key default true constraint audit_head_one_row check (only_row),
    seq      bigint not null,
    hash     bytea not null constraint audit_head_hash_length check (octet_length(hash) = 32)
);
insert into audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

create table audit_entry (
    seq       bigint primary key,
    at        timestamptz not null,
    actor     text not null,
    action    text not null,
    target    text not null,
    detail    jsonb not null,
    prev_hash bytea not null constraint audit_entry_prev_hash_length check (octet_length(prev_hash) = 32),
    hash      bytea not null constraint audit_entry_hash_length check (octet_length(hash) = 32)
);
create index audit_entry_actor on audit_entry (actor, seq desc);
create index audit_entry_target on audit_entry (target, seq desc);

-- Holds for every role, the owner's too, so that a slip in our own code cannot rewrite history unseen.
create function audit_entry_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only';
end
$$;
create trigger audit_entry_no_change before update or delete on audit_entry
    for each row execute function audit_entry_is_append_only();
create trigger audit_entry_no_truncate before truncate on audit_entry
    for each statement execute function audit_entry_is_append_only();
