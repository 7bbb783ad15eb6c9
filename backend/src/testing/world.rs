//! Counting what is really there, past everything that the product itself believes.

use std::{collections::BTreeMap, path::Path};

use kube::{
    Api, Client, Config,
    api::{DeleteParams, DynamicObject, ListParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
    core::{ApiResource, GroupVersionKind},
};
use serde_json::Value;

use crate::{Error, Result};

/// Kinds that a fenced namespace with a delivery holds, with their plural and group.
const KINDS: [(&str, &str, &str); 8] = [
    ("ResourceQuota", "resourcequotas", ""),
    ("LimitRange", "limitranges", ""),
    ("ServiceAccount", "serviceaccounts", ""),
    ("NetworkPolicy", "networkpolicies", "networking.k8s.io"),
    ("RoleBinding", "rolebindings", "rbac.authorization.k8s.io"),
    ("GitRepository", "gitrepositories", "source.toolkit.fluxcd.io"),
    ("Kustomization", "kustomizations", "kustomize.toolkit.fluxcd.io"),
    ("Deployment", "deployments", "apps"),
];

/// How many objects of each kind stand in a namespace, asked as the administrator of the kubeconfig.
pub async fn objects(kubeconfig: &Path, namespace: &str) -> Result<BTreeMap<&'static str, usize>> {
    let client = client(kubeconfig).await?;
    let mut counts = BTreeMap::new();
    for (kind, plural, group) in KINDS {
        let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, "v1", kind), plural);
        let api: Api<DynamicObject> = Api::namespaced_with(client.clone(), namespace, &resource);
        let list = api.list(&ListParams::default()).await.map_err(cluster_fault)?;
        counts.insert(kind, list.items.len());
    }
    Ok(counts)
}

/// How many of these cards the quota of a namespace lets in, as soon as the cluster counts against as many as `expected`.
pub async fn cards(kubeconfig: &Path, namespace: &str, resource: &str, expected: &str) -> Result<Option<String>> {
    let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("", "v1", "ResourceQuota"), "resourcequotas");
    let quotas: Api<DynamicObject> = Api::namespaced_with(client(kubeconfig).await?, namespace, &kind);
    let mut found = None;
    for _ in 0..100 {
        let quota = quotas.get("waymark-gpu").await.map_err(cluster_fault)?;
        let hard = &quota.data["status"]["hard"][format!("requests.{resource}")];
        found = hard.as_str().map(str::to_owned);
        if found.as_deref() == Some(expected) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(found)
}

/// Makes a namespace that is nobody's.
pub async fn namespace(kubeconfig: &Path, name: &str) -> Result<()> {
    let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("", "v1", "Namespace"), "namespaces");
    let namespaces: Api<DynamicObject> = Api::all_with(client(kubeconfig).await?, &kind);
    let object = DynamicObject::new(name, &kind);
    namespaces.create(&PostParams::default(), &object).await.map(drop).map_err(cluster_fault)
}

/// Takes a namespace away that is nobody's.
pub async fn without_namespace(kubeconfig: &Path, name: &str) -> Result<()> {
    let kind = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk("", "v1", "Namespace"), "namespaces");
    let namespaces: Api<DynamicObject> = Api::all_with(client(kubeconfig).await?, &kind);
    namespaces.delete(name, &DeleteParams::default()).await.map(drop).map_err(cluster_fault)
}

async fn client(kubeconfig: &Path) -> Result<Client> {
    let document = Kubeconfig::read_from(kubeconfig).map_err(cluster_fault)?;
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(document, &options).await.map_err(cluster_fault)?;
    Client::try_from(config).map_err(cluster_fault)
}

/// How many repositories of a Gitea carry exactly this name, whoever owns them.
pub async fn repositories(git_url: &str, token: &str, name: &str) -> Result<usize> {
    let found = get(git_url, token, &format!("/api/v1/repos/search?limit=50&q={name}")).await?;
    let items = found["data"].as_array().cloned().unwrap_or_default();
    Ok(items.iter().filter(|item| item["name"] == name).count())
}

/// The ids of all commits on `main`. Gitea calls a repository empty until it has worked off the push that filled it.
pub async fn commits(git_url: &str, token: &str, repository: &str) -> Result<Vec<String>> {
    let path = format!("/api/v1/repos/{repository}/commits?sha=main&limit=50");
    let mut found = get(git_url, token, &path).await;
    for _ in 0..100 {
        if found.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        found = get(git_url, token, &path).await;
    }
    let found = found?;
    let items = found.as_array().cloned().unwrap_or_default();
    Ok(items.iter().filter_map(|item| item["sha"].as_str()).map(str::to_owned).collect())
}

/// Where a Gitea sends the events of a repository.
pub async fn webhooks(git_url: &str, token: &str, repository: &str) -> Result<Vec<String>> {
    let found = get(git_url, token, &format!("/api/v1/repos/{repository}/hooks?limit=50")).await?;
    Ok(texts(&found, "/config/url"))
}

/// Takes all webhooks of a repository away.
pub async fn without_webhooks(git_url: &str, token: &str, repository: &str) -> Result<()> {
    let hooks = format!("/api/v1/repos/{repository}/hooks");
    let found = get(git_url, token, &format!("{hooks}?limit=50")).await?;
    let client = reqwest::Client::builder().build().map_err(git_fault)?;
    for hook in found.as_array().into_iter().flatten() {
        let address = format!("{}{hooks}/{}", git_url.trim_end_matches('/'), hook["id"]);
        let request = client.delete(address).header("authorization", format!("token {token}"));
        request.send().await.and_then(reqwest::Response::error_for_status).map_err(git_fault)?;
    }
    Ok(())
}

/// The rules about branches that a repository of a Gitea has.
pub async fn protected(git_url: &str, token: &str, repository: &str) -> Result<Vec<String>> {
    let found = get(git_url, token, &format!("/api/v1/repos/{repository}/branch_protections")).await?;
    Ok(texts(&found, "/rule_name"))
}

fn texts(items: &Value, pointer: &str) -> Vec<String> {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item.pointer(pointer)?.as_str()).map(str::to_owned).collect()
}

async fn get(git_url: &str, token: &str, path: &str) -> Result<Value> {
    let address = format!("{}{path}", git_url.trim_end_matches('/'));
    let client = reqwest::Client::builder().build().map_err(git_fault)?;
    let answer =
        client.get(address).header("authorization", format!("token {token}")).send().await.map_err(git_fault)?;
    answer.error_for_status().map_err(git_fault)?.json().await.map_err(git_fault)
}

/// Makes the organisation that a team's repositories live in, unless it is there.
pub async fn organisation(git_url: &str, token: &str, name: &str) -> Result<()> {
    let address = format!("{}/api/v1/orgs", git_url.trim_end_matches('/'));
    let client = reqwest::Client::builder().build().map_err(git_fault)?;
    let answer = client
        .post(address)
        .header("authorization", format!("token {token}"))
        .json(&serde_json::json!({ "username": name, "visibility": "private" }))
        .send()
        .await
        .map_err(git_fault)?;
    match answer.status().as_u16() {
        201 | 409 | 422 => Ok(()),
        status => Err(Error::internal(format!("Git host: {status}"))),
    }
}

/// Makes a repository that no run has made.
pub async fn repository(git_url: &str, token: &str, owner: &str, name: &str) -> Result<()> {
    let address = format!("{}/api/v1/orgs/{owner}/repos", git_url.trim_end_matches('/'));
    let client = reqwest::Client::builder().build().map_err(git_fault)?;
    let answer = client
        .post(address)
        .header("authorization", format!("token {token}"))
        .json(&serde_json::json!({ "name": name, "private": true }))
        .send()
        .await
        .map_err(git_fault)?;
    answer.error_for_status().map(drop).map_err(git_fault)
}

fn cluster_fault(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("cluster: {error}"))
}

fn git_fault(error: reqwest::Error) -> Error {
    Error::internal(format!("Git host: {error}"))
}
