//! Release definitions in a repository: a base and what each environment changes of it, as Kustomize writes them.

use serde_json::{Value, json};

use crate::golden_paths::read_yaml;

const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A folder that changes something for one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overlay {
    pub(super) folder: String,
    /// Its definition.
    pub(super) file: String,
}

/// Whether a file is a manifest or a definition of one.
pub(super) fn is_manifest(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    FILES.contains(&file)
        || file == "Chart.yaml"
        || ["deploy/", "k8s/", "kubernetes/", "manifests/"].iter().any(|folder| path.starts_with(folder))
            && (file.ends_with(".yaml") || file.ends_with(".yml"))
}

/// The overlays among these files.
pub(super) fn overlays(paths: &[&str]) -> Vec<Overlay> {
    let definitions = definitions(paths).into_iter().filter(|(folder, _)| folder.contains("overlays/"));
    definitions.map(|(folder, file)| Overlay { folder, file }).collect()
}

/// What is released from here; the texts are those of the overlays' definitions.
pub(super) fn told(paths: &[&str], overlays: &[(Overlay, String)]) -> Value {
    let definitions = definitions(paths);
    let list: Vec<Value> = overlays
        .iter()
        .map(|(overlay, text)| {
            let resources = resources(text);
            let base = resources.iter().find_map(|resource| {
                let target = joined(&overlay.folder, resource)?;
                definitions.iter().any(|(folder, _)| *folder == target).then_some(target)
            });
            json!({
                "name": overlay.folder.rsplit('/').next(),
                "only_changes_base": base.is_some() && resources.len() == 1,
                "base": base,
            })
        })
        .collect();
    let mut bases: Vec<&str> = list.iter().filter_map(|overlay| overlay["base"].as_str()).collect();
    bases.sort_unstable();
    bases.dedup();
    json!({ "bases": bases.len(), "overlays": list })
}

fn definitions(paths: &[&str]) -> Vec<(String, String)> {
    let definition = |path: &&str| {
        let (folder, file) = path.rsplit_once('/')?;
        FILES.contains(&file).then(|| (folder.to_owned(), (*path).to_owned()))
    };
    paths.iter().filter_map(definition).collect()
}

fn resources(text: &str) -> Vec<String> {
    let Ok(document) = read_yaml(text) else { return Vec::new() };
    let items = document.get("resources").map(|list| list.items()).unwrap_or_default();
    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

/// `None` when the path leaves the repository.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 6] = [
        "README.md",
        "deploy/base/kustomization.yaml",
        "deploy/base/deployment.yaml",
        "deploy/overlays/dev/kustomization.yaml",
        "deploy/overlays/prod/kustomization.yaml",
        "deploy/overlays/prod/deployment.yaml",
    ];

    #[test]
    fn one_base_and_overlays_that_only_change_it() {
        let overlays = overlays(&PATHS);
        let folders: Vec<&str> = overlays.iter().map(|overlay| overlay.folder.as_str()).collect();
        assert_eq!(folders, ["deploy/overlays/dev", "deploy/overlays/prod"]);
        let texts = ["resources: [../../base]\n", "resources:\n  - ../../base/\n  - deployment.yaml\n"];
        let read: Vec<(Overlay, String)> = overlays.into_iter().zip(texts.map(str::to_owned)).collect();
        assert_eq!(
            told(&PATHS, &read),
            json!({"bases": 1, "overlays": [
                {"name": "dev", "only_changes_base": true, "base": "deploy/base"},
                {"name": "prod", "only_changes_base": false, "base": "deploy/base"},
            ]})
        );
    }

    #[test]
    fn what_is_no_base_counts_as_none() {
        let overlay = Overlay { folder: "overlays/dev".into(), file: "overlays/dev/kustomization.yaml".into() };
        for text in ["resources: [../../../base]\n", "resources: [../missing]\n", "resources: 7\n", "{{ broken", ""] {
            let told = told(&["overlays/dev/kustomization.yaml"], &[(overlay.clone(), text.to_owned())]);
            assert_eq!(
                (&told["bases"], &told["overlays"][0]["only_changes_base"]),
                (&json!(0), &json!(false)),
                "{text}"
            );
        }
        assert_eq!(told(&["README.md"], &[]), json!({"bases": 0, "overlays": []}));
    }

    #[test]
    fn manifests_are_told_from_other_yaml() {
        for path in ["deploy/base/a.yaml", "k8s/a.yml", "chart/Chart.yaml", "x/kustomization.yaml"] {
            assert!(is_manifest(path), "{path}");
        }
        for path in ["catalog-info.yaml", ".github/workflows/ci.yaml", "deploy/README.md"] {
            assert!(!is_manifest(path), "{path}");
        }
    }
}
