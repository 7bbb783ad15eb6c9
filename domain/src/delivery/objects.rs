//! The objects by which the delivery engine learns what to keep running in a namespace.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    provisioning::{FIELD_MANAGER, INSTANCE_LABEL, NAMESPACE_ID_LABEL, NamespaceName},
    scaffold::tree::{CommitId, RelPath},
};

/// The secret that holds the credential for reading; the platform may write it and never read it back.
pub const CREDENTIAL: &str = "waymark-git-read";
/// The service account as which commits are applied; its role knows neither access, fences nor quotas.
pub const DEPLOYER: &str = "waymark-deployer";
pub const SOURCE_NAME: &str = "waymark-source";
pub const SYNC_NAME: &str = "waymark-delivery";
/// Chooses what the engine has applied for us.
pub const WORKLOAD_SELECTOR: &str = "kustomize.toolkit.fluxcd.io/name=waymark-delivery";

/// What is kept running in one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryIntent {
    pub instance: Uuid,
    pub namespace_id: Uuid,
    pub namespace: NamespaceName,
    pub team: String,
    pub service: String,
    pub environment: String,
    /// Where the engine clones from, without a credential.
    pub clone_url: String,
    pub branch: String,
    /// The one commit that may run; `None` where the branch is followed.
    pub pin: Option<CommitId>,
    /// Of the overlay.
    pub folder: RelPath,
    /// How often the engine asks the Git host, in seconds.
    pub interval: u32,
}

/// The two kinds of the engine that we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FluxKind {
    GitRepository,
    Kustomization,
}

/// How often what was applied is compared with what stands, and what others changed put back.
const KEEP_EVERY: &str = "5m";
const RETRY_EVERY: &str = "20s";
const APPLY_DEADLINE: &str = "3m";

impl FluxKind {
    pub const ALL: [Self; 2] = [Self::GitRepository, Self::Kustomization];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitRepository => "GitRepository",
            Self::Kustomization => "Kustomization",
        }
    }

    pub fn group(self) -> &'static str {
        match self {
            Self::GitRepository => "source.toolkit.fluxcd.io",
            Self::Kustomization => "kustomize.toolkit.fluxcd.io",
        }
    }

    pub fn plural(self) -> &'static str {
        match self {
            Self::GitRepository => "gitrepositories",
            Self::Kustomization => "kustomizations",
        }
    }

    /// The name of ours in each namespace.
    pub fn object(self) -> &'static str {
        match self {
            Self::GitRepository => SOURCE_NAME,
            Self::Kustomization => SYNC_NAME,
        }
    }
}

/// The object of this kind, ready for server-side apply. Values that the server would fill in are written out, so that
/// what others add can be told.
pub fn desired(intent: &DeliveryIntent, kind: FluxKind) -> Value {
    let spec = match kind {
        FluxKind::GitRepository => json!({
            "url": intent.clone_url,
            "ref": reference(intent),
            "secretRef": { "name": CREDENTIAL },
            "interval": format!("{}s", intent.interval),
            "timeout": "60s",
        }),
        // Whether pods become ready is seen on the workloads themselves, so the engine need not wait for it.
        FluxKind::Kustomization => json!({
            "sourceRef": { "kind": "GitRepository", "name": SOURCE_NAME },
            "path": format!("./{}", intent.folder),
            "serviceAccountName": DEPLOYER,
            "prune": true,
            "force": false,
            "interval": KEEP_EVERY,
            "retryInterval": RETRY_EVERY,
            "timeout": APPLY_DEADLINE,
        }),
    };
    json!({
        "apiVersion": format!("{}/v1", kind.group()),
        "kind": kind.as_str(),
        "metadata": metadata(intent, kind.object()),
        "spec": spec,
    })
}

/// The secret with a credential that reads one repository; `username` and `password` are base64.
pub fn credential(intent: &DeliveryIntent, username: &str, password: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(intent, CREDENTIAL),
        "type": "Opaque",
        "data": { "username": username, "password": password },
    })
}

/// With a commit the engine takes nothing else, and looks for it on the branch.
fn reference(intent: &DeliveryIntent) -> Value {
    match &intent.pin {
        Some(commit) => json!({ "branch": intent.branch, "commit": commit }),
        None => json!({ "branch": intent.branch }),
    }
}

fn metadata(intent: &DeliveryIntent, name: &str) -> Value {
    json!({
        "name": name,
        "namespace": intent.namespace.as_str(),
        "labels": {
            "app.kubernetes.io/managed-by": FIELD_MANAGER,
            "app.kubernetes.io/part-of": intent.team,
            "app.kubernetes.io/name": intent.service,
            "app.kubernetes.io/component": "delivery",
            INSTANCE_LABEL: intent.instance,
            NAMESPACE_ID_LABEL: intent.namespace_id,
            "waymark.dev/team": intent.team,
            "waymark.dev/service": intent.service,
            "waymark.dev/environment": intent.environment,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent() -> DeliveryIntent {
        DeliveryIntent {
            instance: Uuid::from_u128(1),
            namespace_id: Uuid::from_u128(2),
            namespace: "payments-checkout-dev".parse().unwrap(),
            team: "payments".into(),
            service: "checkout".into(),
            environment: "dev".into(),
            clone_url: "https://git.example/payments/checkout.git".into(),
            branch: "main".into(),
            pin: None,
            folder: "deploy/overlays/dev".parse().unwrap(),
            interval: 60,
        }
    }

    #[test]
    fn commits_act_as_the_deployer_of_their_own_namespace() {
        let sync = desired(&intent(), FluxKind::Kustomization);
        assert_eq!(sync["spec"]["serviceAccountName"], "waymark-deployer");
        assert_eq!(sync["spec"]["sourceRef"].get("namespace"), None, "a source of another namespace is none of ours");
        for kind in FluxKind::ALL {
            assert_eq!(desired(&intent(), kind)["metadata"]["namespace"], "payments-checkout-dev");
        }
    }

    #[test]
    fn a_pinned_environment_names_its_commit_and_others_follow_the_branch() {
        let follows = desired(&intent(), FluxKind::GitRepository);
        assert_eq!(follows["spec"]["ref"], json!({ "branch": "main" }));
        let id = "0123456789abcdef0123456789abcdef01234567";
        let pinned = desired(&DeliveryIntent { pin: id.parse().ok(), ..intent() }, FluxKind::GitRepository);
        assert_eq!(pinned["spec"]["ref"], json!({ "branch": "main", "commit": id }));
    }

    #[test]
    fn the_selector_names_our_kustomization() {
        assert_eq!(WORKLOAD_SELECTOR.split_once('=').unwrap().1, SYNC_NAME);
    }
}
