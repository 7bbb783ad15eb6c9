//! What the API server would say, before anything is declared.
//!
//! A namespace that is not there yet cannot be asked about what will lie in it. An empty one with the same fences stands
//! in for it, and every answer says so.

mod scratch;
mod verdict;

use std::collections::BTreeMap;

use domain::{
    provisioning::{ClusterCapabilities, NamespaceIntent, NamespaceName, ObjectKey, ObjectKind, render},
    scaffold::{CheckedIn, ObjectVerdict},
};
use futures::future::join_all;
use serde_json::Value;
use uuid::Uuid;

pub(crate) use scratch::Scratch;
pub(crate) use verdict::{judged, unverified};

use super::{Declaration, capability};
use crate::{
    Db, Error, Result,
    cluster::{Cluster, Failure},
};

/// Asks one cluster on behalf of one plan.
#[derive(Debug)]
pub(crate) struct Preview<'a> {
    pub(crate) cluster: &'a Cluster,
    instance: Uuid,
    capabilities: ClusterCapabilities,
}

impl<'a> Preview<'a> {
    pub(crate) async fn of(db: &Db, cluster: &'a Cluster) -> Result<Self> {
        let row = sqlx::query_scalar!("select capabilities from cluster where name = $1", cluster.name())
            .fetch_optional(&db.pool)
            .await?;
        // A cluster that no worker has looked at yet is taken for one that can do nothing special.
        let capabilities = row.map(serde_json::from_value).transpose();
        let capabilities = capabilities
            .map_err(|_| Error::internal(format!("cluster {}: capabilities are not readable", cluster.name())))?
            .unwrap_or_default();
        Ok(Self { cluster, instance: capability::instance(db).await?, capabilities })
    }

    /// Whether a namespace of this name stands on the cluster already, whoever made it.
    pub(crate) async fn exists(&self, name: &str) -> std::result::Result<bool, Failure> {
        let key = ObjectKey::new(ObjectKind::Namespace, name);
        Ok(self.cluster.find(name, &key).await?.is_some())
    }

    /// The verdict on each of the objects of a namespace: the namespace itself as it will be, the rest in the stand-in.
    pub(crate) async fn namespace(
        &self,
        wanted: &Declaration,
        accelerators: &BTreeMap<String, u32>,
        scratch: &std::result::Result<Scratch, Failure>,
    ) -> Result<Vec<ObjectVerdict>> {
        let intent = self.intent(wanted, accelerators)?;
        let objects = render(&intent, &self.capabilities);
        let verdicts = objects.iter().map(|desired| async {
            if desired.key.kind == ObjectKind::Namespace {
                let answer = self.cluster.try_create(desired.key.kind.plural(), &desired.body).await;
                return judged(&desired.body, None, CheckedIn::Target, answer.map(|answer| answer.warnings));
            }
            let home = Some(intent.name.as_str());
            match scratch {
                Err(failure) => unverified(&desired.body, home, failure),
                Ok(scratch) => {
                    let body = scratch.adopt(&desired.body);
                    let answer = self.cluster.try_apply(desired.key.kind.plural(), &body).await;
                    judged(&desired.body, home, CheckedIn::Scratch, answer.map(|answer| answer.warnings))
                }
            }
        });
        Ok(join_all(verdicts).await)
    }

    fn intent(&self, wanted: &Declaration, accelerators: &BTreeMap<String, u32>) -> Result<NamespaceIntent> {
        let name = NamespaceName::of(&wanted.team, &wanted.service, &wanted.environment)
            .map_err(|error| Error::Invalid(vec![error.at_name()]))?;
        Ok(self.intent_of(name, wanted, accelerators))
    }

    fn intent_of(
        &self,
        name: NamespaceName,
        wanted: &Declaration,
        accelerators: &BTreeMap<String, u32>,
    ) -> NamespaceIntent {
        NamespaceIntent {
            // Of no row: it only has to have the shape of one.
            id: Uuid::nil(),
            instance: self.instance,
            cluster: wanted.cluster.clone(),
            name,
            team: wanted.team.clone(),
            service: wanted.service.clone(),
            environment: wanted.environment.clone(),
            size: wanted.size,
            accelerators: accelerators.clone(),
            editors: wanted.editors.clone(),
            viewers: wanted.viewers.clone(),
            deletion_protected: true,
            revision: 1,
        }
    }
}

/// In another namespace than its own.
fn moved(body: &Value, namespace: &str) -> Value {
    let mut body = body.clone();
    if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    // The account that delivery works as is named with its namespace.
    for subject in body.get_mut("subjects").and_then(Value::as_array_mut).into_iter().flatten() {
        if subject["kind"] == "ServiceAccount" {
            subject["namespace"] = namespace.into();
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_moves_with_the_account_it_names_and_gains_nothing() {
        let binding = json!({"metadata": {"namespace": "a"}, "subjects": [
            {"kind": "ServiceAccount", "namespace": "a"}, {"kind": "Group", "name": "oidc:payments"}]});
        let there = moved(&binding, "b");
        assert_eq!(there["metadata"]["namespace"], "b");
        assert_eq!(there["subjects"][0]["namespace"], "b");
        assert_eq!(there["subjects"][1], binding["subjects"][1]);
        assert_eq!(moved(&json!({"metadata": {}}), "b"), json!({"metadata": {"namespace": "b"}}));
        for odd in [json!({"metadata": "text"}), json!([1]), json!("text")] {
            assert_eq!(moved(&odd, "b"), odd);
        }
    }
}
