//! What runs in the namespaces of a service, and behind which fences.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Collector, Observation, each, workload};
use crate::{
    Db, Dependency, Error, Result,
    cluster::{Cluster, Failure, NamespaceEvidence},
};

pub(super) const NAMESPACE: &str = "k8s.namespace";
pub(super) const NETWORK: &str = "k8s.network";
pub(super) const WORKLOADS: &str = "k8s.workloads";
pub(super) const PODS: &str = "k8s.pods";

pub(super) struct InCluster {
    pub(super) cluster: Cluster,
}

#[derive(Clone, Debug)]
struct Place {
    service: String,
    environment: String,
    namespace: String,
}

#[async_trait]
impl Collector for InCluster {
    fn name(&self) -> &'static str {
        "cluster"
    }

    async fn collect(&self, db: &Db) -> Result<Vec<Observation>> {
        each(places(db, self.cluster.name()).await?, |place| {
            let place = place.clone();
            async move { self.look(&place).await }
        })
        .await
    }
}

impl InCluster {
    async fn look(&self, place: &Place) -> Result<Vec<Observation>> {
        let Some(seen) = self.cluster.evidence(&place.namespace).await.map_err(away)? else { return Ok(vec![]) };
        let subject = format!("component:default/{}", place.service);
        let source = format!("{}/{}", self.cluster.name(), place.namespace);
        let told = |name, value| Observation::now(&subject, name, value, Some(source.clone()));
        Ok(vec![
            told(NAMESPACE, namespace(place, &seen)),
            told(NETWORK, workload::network(&seen.network_policies)),
            told(WORKLOADS, workload::workloads(&seen)),
            told(PODS, workload::pods(&seen.pods)),
        ])
    }
}

/// One namespace for each service: that of production where there is one, else the one that comes nearest to it.
async fn places(db: &Db, cluster: &str) -> Result<Vec<Place>> {
    let rows = sqlx::query_as!(
        Place,
        r#"select distinct on (n.service) n.service, n.environment, n.name as namespace
           from tenant_namespace n join cluster c using (cluster_id)
           where c.name = $1 and n.uid is not null
           order by n.service, n.environment <> 'prod', n.environment <> 'staging', n.environment, n.name"#,
        cluster,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows)
}

fn namespace(place: &Place, seen: &NamespaceEvidence) -> Value {
    let labels = &seen.namespace["metadata"]["labels"];
    json!({
        "name": place.namespace,
        "environment": place.environment,
        "pod_security": labels["pod-security.kubernetes.io/enforce"],
        "has_quota": !seen.quotas.is_empty(),
        "has_limit_range": !seen.limit_ranges.is_empty(),
    })
}

fn away(failure: Failure) -> Error {
    Error::Unavailable { dependency: Dependency::Cluster, detail: failure.to_string() }
}
