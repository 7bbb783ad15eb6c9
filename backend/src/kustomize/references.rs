//! What kustomizations may name: files of their own tree and nothing else.

use domain::scaffold::tree::FileTree;
use serde_json::Value;

const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// Keys whose texts are paths or addresses.
const PATHS: [&str; 14] = [
    "resources",
    "bases",
    "components",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "openapi",
    "path",
    "files",
    "envs",
    "env",
    "patchesStrategicMerge",
];
/// They start programs or fetch charts.
const REFUSED: [&str; 3] = ["helmCharts", "helmChartInflationGenerator", "helmGlobals"];

/// A sentence about the first thing that lies elsewhere.
pub(super) fn check(tree: &FileTree) -> Result<(), String> {
    for (path, content) in tree.iter().filter(|(path, _)| FILES.contains(&path.file_name())) {
        let text = std::str::from_utf8(&content.bytes).map_err(|_| format!("{} is no text.", path.as_str()))?;
        let options = serde_saphyr::options! { strict_booleans: true };
        let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)
            .map_err(|error| format!("{}: {}", path.as_str(), error.without_snippet()))?;
        for document in &documents {
            let fault = REFUSED.iter().find(|key| document.get(**key).is_some());
            if let Some(key) = fault {
                return Err(format!("{}: `{key}` is not built here. Commit what it makes instead.", path.as_str()));
            }
            walk(document, false).map_err(|named| {
                format!(
                    "{} names `{named}`, which lies outside the repository. Commit the files instead.",
                    path.as_str()
                )
            })?;
        }
    }
    Ok(())
}

/// The first text under a key of [`PATHS`] that leaves the tree.
fn walk(value: &Value, is_path: bool) -> Result<(), String> {
    match value {
        Value::String(text) if is_path && leaves(text) => Err(text.clone()),
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, is_path)),
        Value::Object(map) => {
            map.iter().try_for_each(|(key, value)| walk(value, is_path || PATHS.contains(&key.as_str())))
        }
        _ => Ok(()),
    }
}

/// Inline patches stand under the same keys and have lines; addresses have a scheme, a user or a host with a dot
/// before the first slash, which kustomize reads as a repository.
fn leaves(text: &str) -> bool {
    if text.contains('\n') {
        return false;
    }
    let first = text.split('/').next().unwrap_or_default();
    let is_host = text.contains('/') && first.contains('.') && !matches!(first, "." | "..");
    text.contains("://")
        || text.contains("::")
        || text.contains('@')
        || text.contains("?ref=")
        || is_host
        || text.starts_with('/')
}

#[cfg(test)]
mod tests {
    use domain::scaffold::tree::FileContent;

    use super::*;

    fn tree(kustomization: &str) -> FileTree {
        let mut tree = FileTree::new();
        let path = "deploy/kustomization.yaml".parse().unwrap();
        tree.insert(path, FileContent::text(kustomization)).unwrap();
        tree
    }

    #[test]
    fn what_lies_in_the_tree_may_be_named() {
        for text in [
            "resources: [../base, deployment.yaml, ./service.yaml]",
            "patches:\n- path: replicas.yaml\n- patch: |-\n    - op: add\n      path: /spec\n",
            "configMapGenerator:\n- name: a\n  files: [config.ini]\n  literals: [url=https://example.com]",
            "images: [{name: registry.example.com/a, newName: registry.example.com/b}]",
            "commonAnnotations: {docs: 'https://example.com/a'}",
        ] {
            check(&tree(text)).unwrap();
        }
    }

    #[test]
    fn what_lies_elsewhere_may_not() {
        for text in [
            "resources: ['https://example.com/a.yaml']",
            "resources: ['github.com/acme/base?ref=v1']",
            "resources: ['git@example.com:acme/base']",
            "components: ['git::https://example.com/a']",
            "patches: [{path: 'https://example.com/a.yaml'}]",
            "openapi: {path: /etc/passwd}",
            "configMapGenerator: [{name: a, files: ['a=https://example.com/a']}]",
            "helmCharts: [{name: a}]",
        ] {
            assert!(check(&tree(text)).is_err(), "{text}");
        }
    }
}
