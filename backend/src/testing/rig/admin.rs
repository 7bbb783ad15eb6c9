//! The cluster past everything that the platform may do.

use kube::{
    Api, Client,
    api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};

use super::{client, eventually};

/// Its administrator.
#[derive(Clone)]
pub(crate) struct Admin(pub(crate) Client);

impl Admin {
    pub(crate) async fn connect() -> Self {
        Self(client("/kubeconfig").await)
    }

    pub(crate) async fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let object = self.api(kind, namespace).get_opt(name).await.unwrap();
        object.map(|object| serde_json::to_value(object).unwrap())
    }

    /// As somebody with `kubectl edit`.
    pub(crate) async fn tamper(&self, kind: &str, namespace: &str, name: &str, patch: Value) {
        let params = PatchParams { field_manager: Some("kubectl-edit".into()), ..PatchParams::default() };
        self.api(kind, namespace).patch(name, &params, &Patch::Merge(patch)).await.unwrap();
    }

    pub(crate) async fn create(&self, kind: &str, namespace: &str, object: Value) {
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        self.api(kind, namespace).create(&PostParams::default(), &object).await.unwrap();
    }

    pub(crate) async fn delete(&self, kind: &str, namespace: &str, name: &str) {
        self.api(kind, namespace).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Takes the protection off and deletes. A worker puts the protection back within milliseconds, so both are tried
    /// again.
    pub(crate) async fn remove_namespace(&self, name: &str) {
        let namespaces = self.api("Namespace", "");
        let unprotected = json!({ "metadata": { "annotations": { "waymark.dev/deletion-protection": null } } });
        eventually("the namespace is deleted", || async {
            if namespaces.patch(name, &PatchParams::default(), &Patch::Merge(&unprotected)).await.is_err() {
                return Ok(());
            }
            namespaces.delete(name, &DeleteParams::default()).await.map(|_| ()).map_err(|e| e.to_string())
        })
        .await;
    }

    /// Takes the engine's objects away, where they are still there.
    pub(crate) async fn undeliver(&self, namespace: &str) {
        for (kind, name) in [("Kustomization", "waymark-delivery"), ("GitRepository", "waymark-source")] {
            let _ = self.api(kind, namespace).delete(name, &DeleteParams::default()).await;
        }
    }

    fn api(&self, kind: &str, namespace: &str) -> Api<DynamicObject> {
        let home =
            if matches!(kind, "Namespace" | "Node" | "ClusterRole" | "ClusterRoleBinding") { "" } else { namespace };
        api(&self.0, kind, home)
    }
}

/// Objects of the whole cluster when `namespace` is empty.
pub(crate) fn api(client: &Client, kind: &str, namespace: &str) -> Api<DynamicObject> {
    let (group, plural) = match kind {
        "Namespace" => ("", "namespaces"),
        "ResourceQuota" => ("", "resourcequotas"),
        "LimitRange" => ("", "limitranges"),
        "ServiceAccount" => ("", "serviceaccounts"),
        "Secret" => ("", "secrets"),
        "Pod" => ("", "pods"),
        "Node" => ("", "nodes"),
        "Deployment" => ("apps", "deployments"),
        "NetworkPolicy" => ("networking.k8s.io", "networkpolicies"),
        "RoleBinding" => ("rbac.authorization.k8s.io", "rolebindings"),
        "ClusterRole" => ("rbac.authorization.k8s.io", "clusterroles"),
        "ClusterRoleBinding" => ("rbac.authorization.k8s.io", "clusterrolebindings"),
        "GitRepository" => ("source.toolkit.fluxcd.io", "gitrepositories"),
        "Kustomization" => ("kustomize.toolkit.fluxcd.io", "kustomizations"),
        other => panic!("{other}"),
    };
    let resource = ApiResource {
        group: group.into(),
        version: "v1".into(),
        api_version: if group.is_empty() { "v1".into() } else { format!("{group}/v1") },
        kind: kind.into(),
        plural: plural.into(),
    };
    if namespace.is_empty() {
        Api::all_with(client.clone(), &resource)
    } else {
        Api::namespaced_with(client.clone(), namespace, &resource)
    }
}
