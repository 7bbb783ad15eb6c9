//! What kustomizations may name: files of their own tree and nothing else.

use domain::scaffold::tree::{FileTree, RelPath};
use serde_json::Value;

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

/// A tag makes of a text what no search for names finds.
const TAG: &str = "!!";

/// The names that kustomize looks for in a folder, in its order.
pub(crate) const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The documents of a kustomization; a sentence about the first thing that lies elsewhere or cannot be read.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Vec<Value>, String> {
    let options = serde_saphyr::options! { strict_booleans: true };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)
        .map_err(|error| format!("{path}: {}", error.without_snippet()))?;
    if text.split_whitespace().any(|word| word.trim_start_matches(['[', '{', ',']).starts_with(TAG)) {
        return Err(format!("{path} holds a tag (`{TAG}`). Write the text without one."));
    }
    for document in &documents {
        if let Some(key) = REFUSED.iter().find(|key| document.get(**key).is_some()) {
            return Err(format!("{path}: `{key}` is not built here. Commit what it makes instead."));
        }
        walk(document, false).map_err(|fault| format!("{path} names {fault}"))?;
    }
    Ok(documents)
}

pub(super) fn check(tree: &FileTree) -> Result<(), String> {
    for (path, content) in tree.iter().filter(|(path, _)| KUSTOMIZATIONS.contains(&path.file_name())) {
        read(path, std::str::from_utf8(&content.bytes).map_err(|_| format!("{path} is no text."))?)?;
    }
    Ok(())
}

/// The first value under a key of [`PATHS`] that leaves the tree or may be read as another text than it was written as.
fn walk(value: &Value, is_path: bool) -> Result<(), String> {
    match value {
        Value::String(text) if is_path && leaves(text) => {
            Err(format!("`{text}`, which lies outside the repository. Commit the files instead."))
        }
        Value::Number(_) | Value::Bool(_) if is_path => Err(format!("`{value}`, which is no text. Put it in quotes.")),
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
            "resources: [!!binary Li4vYmFzZQ==]",
            "resources: [010]",
        ] {
            assert!(check(&tree(text)).is_err(), "{text}");
        }
    }
}
