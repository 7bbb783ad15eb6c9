//! What a cluster holds before anything is provisioned: the kinds of continuous delivery, two namespaces, what
//! `deploy/cluster/` says about rights and policies, and the simulated nodes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::api::Api;
use super::{Engines, nodes};
use crate::failure::{Failure, Result, While};
use crate::fingerprint::files_below;
use crate::workshop::Workshop;

const ESTABLISHED_DEADLINE: Duration = Duration::from_secs(30);
const KINDS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

pub(super) fn apply(workshop: &Workshop, api: &Api, engines: &Engines, namespaces: &[&str]) -> Result<()> {
    let mut kinds = documents_below(&engines.source.extra("crds"))?;
    kinds.extend(documents_below(&engines.kustomize.extra("crds"))?);
    kinds.iter().try_for_each(|kind| api.apply(kind))?;
    for name in namespaces {
        api.apply(&json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } }))?;
    }
    documents_below(&workshop.path("deploy/cluster"))?.iter().try_for_each(|document| api.apply(document))?;
    nodes::all().iter().try_for_each(|node| api.apply(node))?;
    kinds.iter().try_for_each(|kind| await_kind(workshop, api, kind))
}

/// Controllers that start before their kinds are served give up.
fn await_kind(workshop: &Workshop, api: &Api, kind: &Value) -> Result<()> {
    let name = kind["metadata"]["name"].as_str().unwrap_or_default();
    let established = workshop.interrupt.poll(ESTABLISHED_DEADLINE, || {
        let conditions = api.get(&format!("{KINDS}/{name}"))?["status"]["conditions"].take();
        let is_established = |condition: &Value| condition["type"] == "Established" && condition["status"] == "True";
        Ok(conditions.as_array().is_some_and(|all| all.iter().any(is_established)).then_some(()))
    })?;
    established.ok_or_else(|| Failure::world(format!("The API server does not serve {name}. Look at its log.")))
}

/// The documents of every YAML file below a folder, in the order of the files' names.
fn documents_below(folder: &Path) -> Result<Vec<Value>> {
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml");
    let mut documents = Vec::new();
    for path in files_below(folder)?.into_iter().filter(is_yaml) {
        let text = fs::read_to_string(&path).input(format_args!("read {}", path.display()))?;
        documents.extend(documents_of(&text).input(format_args!("read {}", path.display()))?);
    }
    Ok(documents)
}

/// The documents of one YAML text. `yes` stays a text, as it does for the API server.
fn documents_of(text: &str) -> Result<Vec<Value>, serde_saphyr::Error> {
    let options = serde_saphyr::options! { strict_booleans: true };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Interrupt;

    #[test]
    fn documents_are_split_where_yaml_splits_them() {
        let text =
            "# why\nkind: A\ndata: |\n  one\n  --- not a border\n  ---\n---\n---\nkind: B\nanswer: yes\ncount: \"8\"\n";
        let documents = documents_of(text).unwrap();
        assert_eq!(
            documents,
            [
                json!({ "kind": "A", "data": "one\n--- not a border\n---\n" }),
                json!({ "kind": "B", "answer": "yes", "count": "8" }),
            ]
        );
        assert!(documents_of("kind: A\n---\nkind: [B").is_err());
    }

    #[test]
    fn what_is_deployed_can_be_read_and_applied() {
        let workshop = Workshop::open(Interrupt::default()).unwrap();
        let documents = documents_below(&workshop.path("deploy/cluster")).unwrap();
        let named = |kind: &str| documents.iter().filter(|document| document["kind"] == kind).count();
        assert_eq!(named("ValidatingAdmissionPolicy"), named("ValidatingAdmissionPolicyBinding"));
        assert!(named("ValidatingAdmissionPolicy") > 0 && named("ClusterRole") > 0);
        for document in &documents {
            assert!(document["apiVersion"].is_string() && document["metadata"]["name"].is_string(), "{document}");
        }
    }
}
