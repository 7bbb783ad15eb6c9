-- What runs in clusters and in which namespaces, as workers last saw it: of every namespace, whoever it belongs to.

create table cluster_namespace (
    cluster_id  uuid not null references cluster,
    name        text not null,
    uid         text not null,
    -- The cluster's own count of changes; what is older never takes the place of what is newer.
    version     bigint not null,
    labels      jsonb not null,
    -- When what is kept changed last, as the database's clock says.
    changed_at  timestamptz not null default now(),
    constraint cluster_namespace_once primary key (cluster_id, name)
);

create table workload (
    cluster_id    uuid not null references cluster,
    kind          text not null constraint workload_kind_known
                      check (kind in ('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob')),
    namespace     text not null,
    name          text not null,
    uid           text not null,
    version       bigint not null,
    labels        jsonb not null,
    images        text[] not null,
    -- Pods; null where the cluster has not said, and where there is no such number.
    wanted        integer,
    ready         integer,
    -- The engine that keeps it as it is, and what that calls what it is part of; null when nothing says so.
    manager       text constraint workload_manager_known check (manager in ('flux', 'argo_cd', 'helm')),
    manager_name  text,
    made_at       timestamptz,
    changed_at    timestamptz not null default now(),
    -- By which entities of Backstage's format name what is theirs.
    kubernetes_id text generated always as (labels ->> 'backstage.io/kubernetes-id') stored,
    constraint workload_once primary key (cluster_id, kind, namespace, name),
    constraint workload_manager_named check ((manager is null) = (manager_name is null))
);
create index workload_namespace on workload (cluster_id, namespace);
create index workload_kubernetes_id on workload (kubernetes_id) where kubernetes_id is not null;
create index workload_labels on workload using gin (labels jsonb_path_ops);

-- How far the worker's view of each kind reaches: before the first complete list nothing is known of it, and nobody has
-- looked since it was last heard of.
create table cluster_watch (
    cluster_id  uuid not null references cluster,
    -- Namespace, or a kind of workloads.
    kind        text not null,
    listed_at   timestamptz not null default now(),
    heard_at    timestamptz not null default now(),
    constraint cluster_watch_once primary key (cluster_id, kind)
);

-- Workloads with whose they are: those in a namespace that the platform keeps carry its intent, by the identity of the
-- namespace and not by its name. `is_foreign` are those of which it is certain that they stand in no such namespace.
create view running as
select w.*, k.name as cluster, coalesce(s.labels, '{}') as namespace_labels,
       case when t.uid = s.uid then t.namespace_id end as namespace_id,
       case when t.uid = s.uid then t.team end as team,
       case when t.uid = s.uid then t.service end as service,
       case when t.uid = s.uid then t.environment end as environment,
       t.namespace_id is null or coalesce(t.uid <> s.uid, false) as is_foreign
from workload w
join cluster k using (cluster_id)
left join cluster_namespace s on s.cluster_id = w.cluster_id and s.name = w.namespace
left join tenant_namespace t on t.cluster_id = w.cluster_id and t.name = w.namespace;

-- Entities that say what of a cluster is theirs, few among many. What is longer than a label can be matches none.
create index entity_kubernetes_id on entity ((document #>> '{metadata,annotations,backstage.io/kubernetes-id}'))
    where length(document #>> '{metadata,annotations,backstage.io/kubernetes-id}') <= 63;
create index entity_kubernetes_selector on entity (entity_id)
    where document #>> '{metadata,annotations,backstage.io/kubernetes-label-selector}' is not null;

-- Who took something that ran and stood in no catalog.
alter table catalog_event
    drop constraint catalog_event_kind_known,
    add constraint catalog_event_kind_known
        check (kind in ('changed', 'orphaned', 'found', 'renamed', 'removed', 'restored', 'adopted'));
