//! Which entities claim which workloads, outside of namespaces that the platform keeps.

use std::collections::HashMap;

use domain::{
    access::Viewer,
    catalog::running::{Claim, Place},
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    of_entity::{KINDS, certain},
    row::{Row, labels},
};
use crate::Result;

/// A workload and an entity that claims it.
pub(super) struct Claimed {
    pub(super) reference: String,
    pub(super) owner: Option<String>,
    /// The viewer sees the entity.
    pub(super) is_visible: bool,
    pub(super) row: Row,
}

/// How many may be claimed: by what the viewer sees, or by anything that is in the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    WhatIsSeen,
    Anything,
}

struct Candidate {
    reference: String,
    owner: Option<String>,
    said: Value,
    is_visible: bool,
    cluster: String,
    kind: String,
    namespace: String,
    name: String,
    labels: Value,
    images: Vec<String>,
    wanted: Option<i32>,
    ready: Option<i32>,
    manager: Option<String>,
    manager_name: Option<String>,
    changed_at: OffsetDateTime,
    namespace_labels: Value,
}

/// The database finds candidates; the rule decides.
pub(super) async fn claimed(db: &mut PgConnection, viewer: &Viewer, by: By) -> Result<Vec<Claimed>> {
    let selectors = selectors(db, viewer, by).await?;
    let (ids, certain): (Vec<Uuid>, Vec<Value>) = selectors.into_iter().unzip();
    let rows = sqlx::query_as!(
        Candidate,
        r#"with candidate as (
               select e.entity_id, w.cluster_id, w.kind, w.namespace, w.name
               from workload w
               join entity e on e.document #>> '{metadata,annotations,backstage.io/kubernetes-id}' = w.kubernetes_id
                and length(e.document #>> '{metadata,annotations,backstage.io/kubernetes-id}') <= 63
               where w.kubernetes_id is not null
               union
               select e.entity_id, w.cluster_id, w.kind, w.namespace, w.name
               from workload w join entity e on e.name collate "C" = lower(w.kubernetes_id)
               where w.kubernetes_id is not null
               union
               select s.entity_id, w.cluster_id, w.kind, w.namespace, w.name
               from unnest($3::uuid[], $4::jsonb[]) as s (entity_id, certain) join workload w on w.labels @> s.certain
           )
           select e.reference as "reference!", e.owner, e.readers && $1::text[] as "is_visible!",
                  jsonb_build_object('metadata', jsonb_build_object(
                      'name', e.document #> '{metadata,name}', 'annotations', e.document #> '{metadata,annotations}'
                  )) as "said!",
                  r.cluster as "cluster!", r.kind as "kind!", r.namespace as "namespace!", r.name as "name!", r.labels as "labels!",
                  r.images as "images!", r.wanted, r.ready, r.manager, r.manager_name, r.changed_at as "changed_at!",
                  r.namespace_labels as "namespace_labels!"
           from candidate c
           join entity e using (entity_id)
           join running r on r.cluster_id = c.cluster_id and r.kind = c.kind and r.namespace = c.namespace and r.name = c.name
           where r.is_foreign and e.kind = any ($5) and e.removed_at is null and ($2 or e.readers && $1::text[])
           order by e.reference, r.cluster, r.namespace, r.kind, r.name"#,
        &viewer.catalog_readers(),
        by == By::Anything,
        &ids,
        &certain,
        &KINDS.map(str::to_owned),
    )
    .fetch_all(db)
    .await?;
    // One entity claims many workloads.
    let mut claims: HashMap<String, Option<Claim>> = HashMap::new();
    let holds = |row: &Candidate| {
        let claim = claims.entry(row.reference.clone()).or_insert_with(|| Claim::of(&row.said).ok().flatten());
        let at = Place { cluster: &row.cluster, namespace: &row.namespace };
        claim.as_ref().is_some_and(|claim| claim.holds(at, &labels(&row.labels)))
    };
    Ok(rows.into_iter().filter(holds).map(Candidate::claimed).collect())
}

/// Entities that choose by labels, each with labels that everything has which it chooses.
async fn selectors(db: &mut PgConnection, viewer: &Viewer, by: By) -> Result<Vec<(Uuid, Value)>> {
    let rows = sqlx::query!(
        r#"select entity_id, jsonb_build_object('metadata', jsonb_build_object('annotations', document #> '{metadata,annotations}')) as "said!"
           from entity
           where document #>> '{metadata,annotations,backstage.io/kubernetes-label-selector}' is not null
             and kind = any ($3) and removed_at is null and ($2 or readers && $1::text[])"#,
        &viewer.catalog_readers(),
        by == By::Anything,
        &KINDS.map(str::to_owned),
    )
    .fetch_all(db)
    .await?;
    let chosen = rows.into_iter().filter_map(|row| {
        let claim = Claim::of(&row.said).ok().flatten()?;
        Some(certain(&claim).map(|certain| (row.entity_id, certain)))
    });
    chosen.collect()
}

impl Candidate {
    fn claimed(self) -> Claimed {
        Claimed {
            reference: self.reference,
            owner: self.owner,
            is_visible: self.is_visible,
            row: Row {
                cluster: self.cluster,
                kind: self.kind,
                namespace: self.namespace,
                name: self.name,
                labels: self.labels,
                images: self.images,
                wanted: self.wanted,
                ready: self.ready,
                manager: self.manager,
                manager_name: self.manager_name,
                changed_at: self.changed_at,
                namespace_labels: self.namespace_labels,
                environment: None,
            },
        }
    }
}
