//! Where one entity runs.

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        running::{Claim, ID, Labels, NAMESPACE_TYPE, Place, rank},
    },
};
use serde_json::Value;

use super::{
    row::{Row, RunningView, labels},
    sight::{ClusterSight, sights},
};
use crate::{Db, Error, Result};

/// What runs that belongs to an entity, and how far that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct RunsWhere {
    /// By environment, in the order in which a change travels, and by place.
    pub workloads: Vec<RunningView>,
    /// There are more.
    pub is_cut: bool,
    /// Of every cluster that is connected.
    pub clusters: Vec<ClusterSight>,
    /// Why nothing can be found by what the entity says, in words that stand after "its selector cannot be read:".
    pub fault: Option<String>,
    /// What the label on a workload says that belongs to it.
    pub id: String,
}

/// More of one entity are read by nobody.
const MOST: i64 = 200;
/// Kinds of entities that can run.
pub(super) const KINDS: [&str; 2] = ["component", "resource"];

/// `None` for what cannot run; what stands for a namespace does not run itself.
pub async fn running_of(
    viewer: &Viewer,
    db: &Db,
    reference: &EntityRef,
    document: &Value,
) -> Result<Option<RunsWhere>> {
    if !KINDS.contains(&reference.kind()) || document["spec"]["type"] == NAMESPACE_TYPE {
        return Ok(None);
    }
    let (claim, fault) = match Claim::of(document) {
        Ok(claim) => (claim, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let mut rows = in_its_namespaces(viewer, db, reference).await?;
    if let Some(claim) = claim {
        rows.extend(elsewhere(viewer, db, reference, &claim).await?);
    }
    let is_cut = i64::try_from(rows.len()).is_ok_and(|found| found > MOST);
    let mut workloads: Vec<RunningView> = rows.into_iter().filter_map(Row::view).collect();
    workloads.sort_by_cached_key(order);
    workloads.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let said = document["metadata"]["annotations"][ID].as_str().or_else(|| document["metadata"]["name"].as_str());
    let id = said.unwrap_or(reference.name()).to_owned();
    Ok(Some(RunsWhere { workloads, is_cut, clusters: sights(&db.pool).await?, fault, id }))
}

fn order(view: &RunningView) -> (u8, String, String, String, &'static str, String) {
    let environment = view.environment.as_ref().map(|found| found.name.clone());
    (
        rank(environment.as_deref()),
        environment.unwrap_or_default(),
        view.cluster.clone(),
        view.namespace.clone(),
        view.kind.as_str(),
        view.name.clone(),
    )
}

/// In a namespace that the platform keeps everything belongs to the service of its intent, and to nothing else.
async fn in_its_namespaces(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Vec<Row>> {
    if reference.kind() != "component" || reference.namespace() != "default" {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select r.cluster as "cluster!", r.kind as "kind!", r.namespace as "namespace!", r.name as "name!",
                  r.labels as "labels!", r.images as "images!", r.wanted, r.ready, r.manager, r.manager_name,
                  r.changed_at as "changed_at!", r.namespace_labels as "namespace_labels!", r.environment
           from tenant_namespace t
           join running r on r.cluster_id = t.cluster_id and r.namespace = t.name and r.namespace_id = t.namespace_id
           where t.service = $1 and ($2 or t.team = any ($3)) order by r.cluster, r.namespace, r.kind, r.name limit $4"#,
        reference.name(),
        viewer.sees_all_teams(),
        &viewer.teams,
        MOST + 1,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows)
}

/// What it claims outside of them, for those who see it.
async fn elsewhere(viewer: &Viewer, db: &Db, reference: &EntityRef, claim: &Claim) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select cluster as "cluster!", kind as "kind!", namespace as "namespace!", name as "name!", labels as "labels!",
                  images as "images!", wanted, ready, manager, manager_name, changed_at as "changed_at!",
                  namespace_labels as "namespace_labels!", environment
           from running
           where is_foreign and labels @> $1
             and exists (select 1 from entity e where e.reference = $2 and e.readers && $3::text[])
           order by cluster, namespace, kind, name"#,
        certain(claim)?,
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?;
    let is_its = |row: &Row| {
        let at = Place { cluster: &row.cluster, namespace: &row.namespace };
        claim.holds(at, &labels(&row.labels))
    };
    Ok(rows.into_iter().filter(is_its).collect())
}

/// What the database finds candidates by.
pub(super) fn certain(claim: &Claim) -> Result<Value> {
    let certain: Labels = claim.certain();
    serde_json::to_value(certain).map_err(|e| Error::internal(format!("labels: {e}")))
}
