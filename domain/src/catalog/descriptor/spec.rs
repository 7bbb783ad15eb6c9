//! What the `spec` of each kind holds.

use super::{
    Finding,
    envelope::text,
    kinds::{Field, Kind, Shape, kind_of},
    placeholder::is_placeholder,
};
use crate::golden_paths::{Node, Place};

/// An entity whose envelope is in order.
pub(super) fn check(document: &Node, findings: &mut Vec<Finding>) {
    let text_of = |key: &str| document.get(key).and_then(Node::text).unwrap_or_default();
    let (version, name) = (text_of("apiVersion"), text_of("kind"));
    let spec = document.entry("spec");
    if let Some(entry) = spec.filter(|entry| !entry.value.is_map()) {
        findings.push(Finding::error(entry.place, "spec", "Write `spec` as a map, or take it out."));
        return;
    }
    let Some(kind) = kind_of(name).filter(|kind| is_meant(kind, version)) else { return };
    let place = |key: &str| document.get(key).map_or(document.place, |node| node.place);
    if !kind.api_versions.contains(&version) {
        findings.push(Finding::error(place("apiVersion"), "apiVersion", version_words(kind, version)));
        return;
    }
    if kind.name != name {
        let message = format!("Write this kind as `{}`.", kind.name);
        findings.push(Finding::error(place("kind"), "kind", message));
    }
    match spec {
        Some(entry) => fields(kind, &entry.value, findings),
        None => findings.push(Finding::error(document.place, "spec", format!("Add `spec`: {}.", needs(kind)))),
    }
}

/// A kind of the same name in a version of somebody's own is a kind of their own.
fn is_meant(kind: &Kind, version: &str) -> bool {
    kind.api_versions.contains(&version)
        || version.starts_with("backstage.io/")
        || version.starts_with("scaffolder.backstage.io/")
}

fn version_words(kind: &Kind, version: &str) -> String {
    let wanted = kind.api_versions.join(" or ");
    if kind.name == "Template" && version == "backstage.io/v1beta2" {
        return format!(
            "Templates of {version} are no longer read. Write {wanted}, and `${{{{ … }}}}` for each `{{{{ … }}}}`."
        );
    }
    format!("A {} has the version {wanted}.", kind.name)
}

fn needs(kind: &Kind) -> String {
    let names: Vec<String> =
        kind.fields.iter().filter(|field| field.is_required).map(|field| format!("`{}`", field.name)).collect();
    if names.is_empty() {
        "it may be empty, as in `spec: {}`".to_owned()
    } else {
        format!("it holds {}", names.join(", "))
    }
}

fn fields(kind: &Kind, spec: &Node, findings: &mut Vec<Finding>) {
    for field in kind.fields {
        self::field(spec, field, findings);
    }
    match kind.name {
        "API" => definition(spec, findings),
        "Location" => presence(spec, findings),
        "Component" => legacy(spec, findings),
        "Group" | "User" => profile(spec, findings),
        _ => {}
    }
}

fn field(spec: &Node, field: &Field, findings: &mut Vec<Finding>) {
    if spec.get(field.name).is_some_and(is_placeholder) {
        return;
    }
    match field.shape {
        Shape::Text => {
            if let Some((text, place)) = text(spec, field.name, field.is_required, findings)
                && text.is_empty()
            {
                findings.push(Finding::error(place, field.name, format!("Write a text after `{}:`.", field.name)));
            }
        }
        Shape::Texts => list(spec, field, Node::text, "texts", findings),
        Shape::Maps => list(spec, field, |item| item.is_map().then_some(""), "maps", findings),
    }
}

fn list(spec: &Node, field: &Field, read: impl Fn(&Node) -> Option<&str>, words: &str, findings: &mut Vec<Finding>) {
    let name = field.name;
    let mut error = |place: Place, message: String| findings.push(Finding::error(place, name, message));
    match spec.get(name) {
        None if field.is_required => error(spec.place, format!("Add `{name}`, a list of {words}; it may be empty: []")),
        None => {}
        Some(node) if !node.is_list() => error(node.place, format!("Write `{name}` as a list of {words}.")),
        Some(node) => {
            for item in node.items().iter().filter(|item| read(item).is_none() && !is_placeholder(item)) {
                error(item.place, format!("Write each item of `{name}` as one of its {words}."));
            }
        }
    }
}

/// A server for models is described by where it can be reached, any other API by its definition.
fn definition(spec: &Node, findings: &mut Vec<Finding>) {
    if spec.get("type").and_then(Node::text) != Some("mcp-server") {
        if spec.get("definition").is_none() {
            let message = "Add `definition` with the text of the API, or a reference such as `$text: ./openapi.yaml`.";
            findings.push(Finding::error(spec.place, "definition", message));
        }
        return;
    }
    let remotes = spec.get("remotes").map(Node::items).unwrap_or_default();
    if remotes.is_empty() {
        let message = "Add `remotes`, a list with at least one `type` and `url`.";
        findings.push(Finding::error(spec.place, "remotes", message));
    }
    for remote in remotes.iter().filter(|remote| remote.is_map()) {
        text(remote, "type", true, findings);
        text(remote, "url", true, findings);
    }
}

fn presence(spec: &Node, findings: &mut Vec<Finding>) {
    if let Some(node) = spec.get("presence")
        && node.text().is_some_and(|text| !matches!(text, "required" | "optional"))
    {
        findings.push(Finding::error(node.place, "presence", "Write `required` or `optional`."));
    }
}

fn legacy(spec: &Node, findings: &mut Vec<Finding>) {
    if let Some(entry) = spec.entry("implementsApis") {
        let message = "`implementsApis` is the old name of `providesApis`; it is read as that. Write the new name.";
        findings.push(Finding::warning(entry.place, "legacy-field", message));
    }
}

fn profile(spec: &Node, findings: &mut Vec<Finding>) {
    let Some(profile) = spec.get("profile").filter(|profile| !is_placeholder(profile)) else { return };
    if !profile.is_map() {
        findings.push(Finding::error(profile.place, "profile", "Write `profile` as a map, or take it out."));
    }
    for key in ["displayName", "email", "picture"] {
        text(profile, key, false, findings);
    }
}
