//! All environments of what a viewer sees: of namespaces that the platform keeps, and of what entities claim elsewhere.

use std::collections::BTreeMap;

use domain::{
    access::Viewer,
    catalog::{EntityRef, running::Environment},
};

use super::{
    super::{
        claims::{By, Claimed, claimed},
        row::{Row, RunningView},
        sight::ClusterSight,
    },
    view::EnvironmentView,
};
use crate::{Db, Error, Result};

/// Without what is delivered to them.
pub(super) async fn gather(viewer: &Viewer, db: &Db, clusters: &[ClusterSight]) -> Result<Vec<EnvironmentView>> {
    let mut all = kept(viewer, db).await?;
    let mut connection = db.pool.acquire().await?;
    all.extend(foreign(claimed(&mut connection, viewer, By::WhatIsSeen).await?));
    let is_current = |cluster: &str| clusters.iter().any(|of| of.cluster == cluster && of.is.is_current());
    for found in &mut all {
        found.is_stale = !is_current(&found.cluster);
    }
    Ok(all)
}

async fn kept(viewer: &Viewer, db: &Db) -> Result<Vec<EnvironmentView>> {
    let rows = sqlx::query!(
        r#"select k.name as cluster, n.name as namespace, n.team, n.service, n.environment, s.repository as "repository?"
           from tenant_namespace n
           join cluster k using (cluster_id)
           left join delivery d using (namespace_id)
           left join delivery_source s using (source_id)
           where $1 or n.team = any ($2)"#,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut workloads = in_kept_namespaces(viewer, db).await?;
    let views = rows.into_iter().map(|row| {
        let broken =
            |what: &str| Error::internal(format!("tenant_namespace {}: {what} is not readable", row.namespace));
        let found = workloads.remove(&(row.cluster.clone(), row.namespace.clone())).unwrap_or_default();
        Ok(EnvironmentView {
            service: EntityRef::new("component", "default", &row.service).map_err(|_| broken("service"))?,
            owner: Some(EntityRef::new("group", "default", &row.team).map_err(|_| broken("team"))?),
            environment: Some(Environment { name: row.environment, label: None, is_of_namespace: true }),
            cluster: row.cluster,
            namespace: row.namespace,
            is_kept: true,
            delivery: None,
            workloads: if row.repository.is_some() { Vec::new() } else { found },
            is_stale: false,
            states: Vec::new(),
            repository: row.repository,
        })
    });
    views.collect()
}

type Place = (String, String);

async fn in_kept_namespaces(viewer: &Viewer, db: &Db) -> Result<BTreeMap<Place, Vec<RunningView>>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select cluster as "cluster!", kind as "kind!", namespace as "namespace!", name as "name!", labels as "labels!",
                  images as "images!", wanted, ready, manager, manager_name, changed_at as "changed_at!",
                  namespace_labels as "namespace_labels!", environment
           from running r
           where namespace_id is not null and ($1 or team = any ($2))
             and not exists (select 1 from delivery d where d.namespace_id = r.namespace_id)
           order by kind, name"#,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut by_place: BTreeMap<Place, Vec<RunningView>> = BTreeMap::new();
    for view in rows.into_iter().filter_map(Row::view) {
        by_place.entry((view.cluster.clone(), view.namespace.clone())).or_default().push(view);
    }
    Ok(by_place)
}

fn foreign(all: Vec<Claimed>) -> Vec<EnvironmentView> {
    let mut by_key: BTreeMap<(String, Option<String>, String, String), EnvironmentView> = BTreeMap::new();
    for Claimed { reference, owner, row, .. } in all {
        let (Ok(service), Some(view)) = (reference.parse(), row.view()) else { continue };
        let name = view.environment.as_ref().map(|found| found.name.clone());
        let key = (reference, name, view.cluster.clone(), view.namespace.clone());
        let found = by_key.entry(key).or_insert_with(|| EnvironmentView {
            service,
            owner: owner.and_then(|owner| owner.parse().ok()),
            environment: view.environment.clone(),
            cluster: view.cluster.clone(),
            namespace: view.namespace.clone(),
            is_kept: false,
            delivery: None,
            workloads: Vec::new(),
            is_stale: false,
            states: Vec::new(),
            repository: None,
        });
        found.workloads.push(view);
    }
    by_key.into_values().collect()
}
