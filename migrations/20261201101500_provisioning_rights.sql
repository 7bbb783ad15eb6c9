-- What of the platform's role its identity lacks in the cluster, as the cluster said when it was last asked. Both are
-- unknown until then.
alter table cluster
    add column rights_asked_at timestamptz,
    add column rights_missing  jsonb,
    add constraint cluster_rights_known check ((rights_asked_at is null) = (rights_missing is null));
