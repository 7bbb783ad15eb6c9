//! What is there to be offered.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        running::{Grouped, Labels, NAMESPACE_TYPE, WorkloadKind, is_systems},
    },
    provisioning::INSTANCE_LABEL,
};
use sqlx::PgConnection;

use super::super::{
    claims::{By, claimed},
    row::labels,
};
use crate::Result;

/// The workloads of a namespace that the platform does not keep.
pub(super) struct Found {
    pub(super) cluster: String,
    pub(super) namespace: String,
    /// Of the namespace.
    pub(super) labels: Labels,
    pub(super) unclaimed: Vec<Grouped>,
    /// Labels of those that entities claim.
    pub(super) claimed: Vec<Labels>,
    pub(super) images: HashMap<(WorkloadKind, String), Vec<String>>,
    /// Who owns what runs there, as far as the viewer sees it; each as often as they do.
    pub(super) owners: Vec<String>,
}

/// More are not offered at once.
const MOST_LOOKED_AT: i64 = 10_000;
/// Where things run that nobody has put anywhere; it stands for nothing itself.
const DEFAULT: &str = "default";

pub(super) async fn find_workloads(db: &mut PgConnection, viewer: &Viewer) -> Result<Vec<Found>> {
    let all = claimed(db, viewer, By::Anything).await?;
    let mut owners: HashMap<(String, String), Vec<String>> = HashMap::new();
    let mut taken: HashSet<(String, String, String, String)> = HashSet::new();
    for of in all {
        let place = (of.row.cluster, of.row.namespace);
        if let Some(owner) = of.owner.filter(|_| of.is_visible) {
            owners.entry(place.clone()).or_default().push(owner);
        }
        taken.insert((place.0, place.1, of.row.kind, of.row.name));
    }
    let rows = sqlx::query!(
        r#"select cluster as "cluster!", namespace as "namespace!", kind as "kind!", name as "name!", labels as "labels!",
                  images as "images!", namespace_labels as "namespace_labels!"
           from running where is_foreign order by cluster, namespace, kind, name limit $1"#,
        MOST_LOOKED_AT,
    )
    .fetch_all(db)
    .await?;
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    for row in rows {
        let (of_namespace, own) = (labels(&row.namespace_labels), labels(&row.labels));
        let Some(kind) = WorkloadKind::of(&row.kind).filter(|_| is_offered(&row.namespace, &of_namespace)) else {
            continue;
        };
        let place = (row.cluster.clone(), row.namespace.clone());
        let is_taken = taken.contains(&(row.cluster.clone(), row.namespace.clone(), row.kind, row.name.clone()));
        let here = found.entry(place.clone()).or_insert_with(|| Found {
            cluster: row.cluster,
            namespace: row.namespace,
            labels: of_namespace,
            unclaimed: Vec::new(),
            claimed: Vec::new(),
            images: HashMap::new(),
            owners: owners.remove(&place).unwrap_or_default(),
        });
        if is_taken {
            here.claimed.push(own);
        } else {
            here.images.insert((kind, row.name.clone()), row.images);
            here.unclaimed.push(Grouped { kind, name: row.name, labels: own });
        }
    }
    Ok(found.into_values().collect())
}

/// Cluster, name and labels of namespaces that neither the platform keeps nor an entity stands for.
pub(super) async fn find_namespaces(db: &mut PgConnection) -> Result<Vec<(String, String, Labels)>> {
    let rows = sqlx::query!(
        r#"select k.name as cluster, s.name, s.labels
           from cluster_namespace s join cluster k using (cluster_id)
           where not exists (
                   select 1 from tenant_namespace t
                   where t.cluster_id = s.cluster_id and t.name = s.name and coalesce(t.uid = s.uid, true))
             and not exists (
                   select 1 from entity e
                   where e.kind = 'resource' and e.type = $1 and e.removed_at is null
                     and e.document #>> '{metadata,annotations,backstage.io/kubernetes-namespace}' = s.name
                     and coalesce(e.document #>> '{metadata,annotations,backstage.io/kubernetes-cluster}', k.name) = k.name)
           order by k.name, s.name limit $2"#,
        NAMESPACE_TYPE,
        MOST_LOOKED_AT,
    )
    .fetch_all(db)
    .await?;
    let all = rows.into_iter().map(|row| (row.cluster, row.name, labels(&row.labels)));
    Ok(all.filter(|(_, name, labels)| is_offered(name, labels) && name != DEFAULT).collect())
}

/// Neither the cluster's own, nor that of an installation of the platform.
fn is_offered(namespace: &str, labels: &Labels) -> bool {
    !is_systems(namespace) && !labels.contains_key(INSTANCE_LABEL)
}

/// Whom somebody who may choose can give it to.
pub(super) async fn living_groups(db: &mut PgConnection, viewer: &Viewer) -> Result<Vec<EntityRef>> {
    let references = sqlx::query_scalar!(
        r#"select reference as "reference!" from entity
           where kind = 'group' and orphaned_at is null and readers && $1::text[] order by reference limit 500"#,
        &viewer.catalog_readers(),
    )
    .fetch_all(db)
    .await?;
    Ok(references.into_iter().filter_map(|reference| reference.parse().ok()).collect())
}
