//! What a kustomization names of its own repository: the rest of what an environment is built from.
//!
//! Every text counts as a possible path, whatever key it stands under: what names no file is left out afterwards, and
//! nothing that kustomize reads can be missed because its key was not known.

use std::collections::BTreeSet;

use serde_json::Value;

/// Paths from the repository's root that a kustomization in `folder` may mean, there or not. The root is the empty text.
pub fn named(document: &Value, folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(document, folder, &mut found);
    found
}

/// The same for a text whose meaning is not known, such as the configuration of a generator.
pub fn mentioned(text: &str, folder: &str) -> BTreeSet<String> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | '{' | '}' | ',');
    let words = text.split(is_between).filter(|word| !word.is_empty());
    words.flat_map(|word| candidates(word, folder)).collect()
}

fn collect(value: &Value, folder: &str, found: &mut BTreeSet<String>) {
    match value {
        // Patches and generators can stand inside the file itself.
        Value::String(text) if text.contains('\n') => found.extend(mentioned(text, folder)),
        Value::String(text) => found.extend(candidates(text, folder)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, folder, found)),
        Value::Object(map) => map.values().for_each(|value| collect(value, folder, found)),
        _ => {}
    }
}

/// As it stands, and behind the key of `key=path`.
fn candidates(text: &str, folder: &str) -> impl Iterator<Item = String> {
    let behind = text.split_once('=').map(|(_, path)| path);
    [Some(text), behind].into_iter().flatten().filter_map(|path| resolve(folder, path))
}

/// `None` when it leaves the repository.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!path.is_empty() && !path.starts_with('/')).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const FOLDER: &str = "deploy/overlays/prod";

    #[test]
    fn every_way_to_name_a_file_is_found() {
        let document = json!({
            "resources": ["../../base", "./extra.yaml", "../../base/"],
            "components": ["../../parts/metrics"],
            "patches": [{ "path": "replicas.yaml" }, { "patch": "- op: add\n  path: /spec\n" }],
            "configMapGenerator": [{ "files": ["a.ini", "key=../shared/b.ini"], "envs": ["c.env"] }],
            "replacements": [{ "path": "replace.yaml" }],
            "generators": ["|-", "kind: ConfigMapGenerator\nfiles: [\"inline.ini\"]\n"],
            "somethingNew": { "deep": [{ "in": "new.yaml" }] },
        });
        let found = named(&document, FOLDER);
        for path in [
            "deploy/base",
            "deploy/overlays/prod/extra.yaml",
            "deploy/parts/metrics",
            "deploy/overlays/prod/replicas.yaml",
            "deploy/overlays/prod/a.ini",
            "deploy/overlays/shared/b.ini",
            "deploy/overlays/prod/c.env",
            "deploy/overlays/prod/replace.yaml",
            "deploy/overlays/prod/inline.ini",
            "deploy/overlays/prod/new.yaml",
        ] {
            assert!(found.contains(path), "{path}: {found:?}");
        }
    }

    #[test]
    fn the_root_is_reached_and_never_left() {
        assert_eq!(resolve(FOLDER, "../../.."), Some(String::new()));
        assert_eq!(resolve(FOLDER, "../../../.."), None);
        assert_eq!(resolve(FOLDER, "/etc/passwd"), None);
        assert_eq!(resolve("", "a/../b"), Some("b".to_owned()));
        assert_eq!(resolve("", ".."), None);
    }

    proptest! {
        #[test]
        fn no_path_holds_a_step(text in "[./a=]{0,12}", folder in "[a-c](/[a-c]){0,2}") {
            for path in named(&json!(text), &folder) {
                prop_assert!(!path.starts_with('/') && !path.ends_with('/'));
                prop_assert!(path.split('/').all(|part| part != "." && part != ".."));
            }
        }
    }
}
