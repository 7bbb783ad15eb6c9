//! The namespace that stands in for one that is not there yet: the same fences, nobody's access, and never anything
//! in it but dry runs.

use std::{collections::BTreeMap, time::Duration};

use domain::provisioning::{
    Enforcement, NamespaceName, ObjectKey, ObjectKind, Size, Standing, enforcement, render, standing,
};
use futures::future::try_join_all;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{Preview, moved, scratch_environment};
use crate::{
    cluster::{Failure, FailureClass},
    provisioning::Declaration,
};

/// A stand-in whose quotas count.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    pub(crate) namespace: String,
}

const TEAM: &str = "waymark";
const SERVICE: &str = "scratch";
/// The quota controller takes a few milliseconds when it is idle.
const ENFORCED_WITHIN: Duration = Duration::from_secs(5);

impl Scratch {
    /// The object as it would be here.
    pub(crate) fn adopt(&self, body: &Value) -> Value {
        moved(body, &self.namespace)
    }
}

impl Preview<'_> {
    /// Makes the stand-in for namespaces of this size with these grants, unless it is there.
    pub(crate) async fn scratch(&self, size: Size, accelerators: &BTreeMap<String, u32>) -> Result<Scratch, Failure> {
        let environment = scratch_environment(size, accelerators);
        let name = NamespaceName::of_platform(&format!("{SERVICE}-{environment}"))
            .map_err(|error| Failure::of_ours(FailureClass::Invalid, error.to_string()))?;
        let wanted = Declaration {
            cluster: self.cluster.name().to_owned(),
            team: TEAM.to_owned(),
            service: SERVICE.to_owned(),
            environment,
            size,
            editors: vec![],
            viewers: vec![],
        };
        let mut intent = self.intent_of(name, &wanted, accelerators);
        // Nothing in it is worth protecting, and an administrator may throw it away.
        intent.deletion_protected = false;
        let objects = render(&intent, &self.capabilities);
        let namespace = intent.name.as_str();
        let key = ObjectKey::new(ObjectKind::Namespace, namespace);
        let found = self.cluster.find(namespace, &key).await?;
        match standing(&intent, None, found.as_ref()) {
            Standing::Absent | Standing::Ours { .. } => {}
            _ => {
                let message = format!("The namespace {namespace} is needed for dry runs and belongs to somebody else.");
                return Err(Failure::of_ours(FailureClass::Other, message));
            }
        }
        for desired in objects.iter().filter(|desired| desired.key == key) {
            self.cluster.apply("", &key, &desired.body, None).await?;
        }
        let children = objects.iter().filter(|desired| desired.key != key);
        try_join_all(children.map(|child| self.cluster.apply(namespace, &child.key, &child.body, None))).await?;
        self.enforced(namespace).await?;
        Ok(Scratch { namespace: namespace.to_owned() })
    }

    /// Until then every pod would pass.
    async fn enforced(&self, namespace: &str) -> Result<(), Failure> {
        let until = Instant::now() + ENFORCED_WITHIN;
        loop {
            let quotas = self.cluster.list_in(namespace, &[ObjectKind::ResourceQuota]).await?;
            if quotas.len() >= 2 && quotas.values().all(|quota| enforcement(quota) != Enforcement::Waiting) {
                return Ok(());
            }
            if Instant::now() > until {
                let message = format!("The quotas of {namespace} are not counted yet.");
                return Err(Failure::of_ours(FailureClass::Overloaded, message));
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}
