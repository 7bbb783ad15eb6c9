//! Actions that change the tree without rendering: delete, rename, write an entity.

use domain::golden_paths::{Place, TEMPLATE_FILE};
use domain::scaffold::tree::FileContent;
use domain::yaml;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::{Workspace, globs};
use super::notes::Notes;

pub(super) const CATALOG_FILE: &str = "catalog-info.yaml";

#[derive(Deserialize)]
struct Move {
    from: String,
    to: String,
    #[serde(default)]
    overwrite: bool,
}

pub(super) fn delete(input: &Map<String, Value>, place: Place, workspace: &mut Workspace, notes: &mut Notes) {
    let files: Vec<String> = parse(input.get("files")).unwrap_or_default();
    match globs(files.iter()) {
        Ok(globs) => workspace.retain(|path, _| !globs.is_match(path.as_str())),
        Err(message) => notes.error(TEMPLATE_FILE, place, "input", message),
    }
}

pub(super) fn rename(input: &Map<String, Value>, place: Place, workspace: &mut Workspace, notes: &mut Notes) {
    let Some(moves) = parse::<Vec<Move>>(input.get("files")) else {
        return notes.error(TEMPLATE_FILE, place, "input", "Write `files` as a list of `from` and `to`.");
    };
    for Move { from, to, overwrite } in moves {
        let (from, to) = (from.trim_start_matches("./"), to.trim_start_matches("./"));
        let below = format!("{}/", from.trim_end_matches('/'));
        let moved: Vec<_> =
            workspace.keys().filter(|p| p.as_str() == from || p.as_str().starts_with(&below)).cloned().collect();
        if moved.is_empty() {
            notes.error(TEMPLATE_FILE, place, "input", format!("There is no `{from}` to rename: mend the name."));
        }
        for path in moved {
            let rest = path.as_str().strip_prefix(&below).map(|rest| format!("{}/{rest}", to.trim_end_matches('/')));
            match rest.unwrap_or_else(|| to.to_owned()).parse() {
                Ok(target) if workspace.contains_key(&target) && !overwrite => {
                    notes.error(
                        TEMPLATE_FILE,
                        place,
                        "same-path",
                        format!("`{target}` is there already: choose another name."),
                    );
                }
                Ok(target) => {
                    let content = workspace.remove(&path).unwrap_or_default();
                    workspace.insert(target, content);
                }
                Err(error) => notes.error(TEMPLATE_FILE, place, "target-path", error.to_string()),
            }
        }
    }
}

/// The entity is serialised, never pasted together.
pub(super) fn write_entity(input: &Map<String, Value>, place: Place, workspace: &mut Workspace, notes: &mut Notes) {
    let path = input.get("filePath").and_then(Value::as_str).unwrap_or(CATALOG_FILE).trim_start_matches("./");
    let text = input.get("entity").filter(|entity| entity.is_object()).map(serde_saphyr::to_string);
    match (path.parse(), text) {
        (Ok(path), Some(Ok(text))) => {
            workspace.insert(path, FileContent::text(text));
        }
        (Err(error), _) => notes.error(TEMPLATE_FILE, place, "target-path", error.to_string()),
        _ => notes.error(TEMPLATE_FILE, place, "input", "Write `entity` as a map."),
    }
}

/// The entity in the tree that `catalog:register` would read.
pub(super) fn entity(input: &Map<String, Value>, workspace: &Workspace) -> Option<Value> {
    let path = input.get("catalogInfoPath").and_then(Value::as_str).unwrap_or(CATALOG_FILE).trim_start_matches('/');
    let content = workspace.get(&path.parse().ok()?)?;
    Some(yaml::read(std::str::from_utf8(&content.bytes).ok()?).ok()?.to_value())
}

fn parse<T: serde::de::DeserializeOwned>(value: Option<&Value>) -> Option<T> {
    serde_json::from_value(value?.clone()).ok()
}
