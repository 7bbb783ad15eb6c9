-- Whether the Git host tells of pushes to the repository of a source, so that nobody waits until it is looked at.
alter table catalog_source
    -- Of the webhook that the host was last seen to have.
    add column webhook_print    bytea,
    -- When the host was asked for it last.
    add column webhook_asked_at timestamptz,
    -- Why there is none, in full sentences.
    add column webhook_trouble  text;
