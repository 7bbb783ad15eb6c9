//! What every entity has, whatever its kind: version, kind and metadata.

use url::Url;

use super::{
    Finding,
    shape::{is_api_version, is_key, is_kind, is_label_value, is_namespace, is_object_name, is_tag},
};
use crate::{
    catalog::EntityRef,
    golden_paths::{Entry, Node, NodeKind, Place},
};

/// Made by catalogs and not by people; read and left out.
pub(super) const OUTPUT_ONLY: [&str; 2] = ["relations", "status"];
pub(super) const OUTPUT_ONLY_METADATA: [&str; 2] = ["uid", "etag"];
const ROOT: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];
/// What a browser would carry out instead of opening.
const DANGEROUS: [&str; 3] = ["javascript", "vbscript", "data"];
const LOCATIONS: [&str; 3] =
    ["backstage.io/source-location", "backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"];
const ADDRESSES: [&str; 2] = ["backstage.io/view-url", "backstage.io/edit-url"];

/// The annotation that names the groups that alone see an entity and all that is part of it, beside owners and the platform
/// team.
pub const VISIBLE_TO: &str = "waymark.dev/visible-to";
/// Between the references of a list that is written as one text.
const LISTED: [char; 5] = [',', ' ', '\t', '\r', '\n'];

const API_VERSION: &str = "Write a version such as backstage.io/v1alpha1: a domain, a slash, letters and digits.";
const KIND: &str = "Write a kind such as Component: a letter, then letters and digits, 63 at most.";
const NAME: &str = "A name has 1 to 63 letters, digits, hyphens, dots and underscores, and begins and ends with a letter \
                    or digit. Put what people should read into `title`.";
const SKELETON: &str = "This is filled in when something is made from a template: the file belongs to its skeleton and describes \
                        nothing yet. Leave it out of what is read.";
const NAMESPACE: &str = "A namespace has 1 to 63 small letters, digits and hyphens, none of them at an end. Capitals are \
                         not accepted here.";
const LABEL: &str = "A label is empty or 1 to 63 letters, digits, hyphens, dots or underscores, without spaces. Longer \
                     words belong into annotations.";
const GROUPS: &str = "Name groups with commas between them, such as payments, group:default/search. Nobody but them, the \
                      owner and the platform team will see it.";
const TAG: &str = "A tag has 1 to 63 small letters, digits and the characters + # : with single hyphens between them.";

pub(super) fn check(document: &Node, findings: &mut Vec<Finding>) {
    root(document, findings);
    shaped(document, "apiVersion", true, is_api_version, API_VERSION, findings);
    shaped(document, "kind", true, is_kind, KIND, findings);
    match document.entry("metadata") {
        Some(entry) if entry.value.is_map() => metadata(&entry.value, findings),
        Some(entry) => findings.push(Finding::error(entry.place, "metadata", "Write `metadata` as a map with a name.")),
        None => findings.push(Finding::error(document.place, "metadata", "Add `metadata` with a `name`.")),
    }
}

fn root(document: &Node, findings: &mut Vec<Finding>) {
    for Entry { key, place, .. } in document.entries() {
        if OUTPUT_ONLY.contains(&key.as_str()) {
            findings.push(output_only(key, *place));
        } else if !ROOT.contains(&key.as_str()) {
            let message = format!("`{key}` is not known here. Put it under `metadata` or `spec`, or take it out.");
            findings.push(Finding::error(*place, "foreign-field", message));
        }
    }
}

fn metadata(metadata: &Node, findings: &mut Vec<Finding>) {
    let is_filled_in = metadata.get("name").and_then(Node::text).is_some_and(|name| name.contains("{{"));
    shaped(metadata, "name", true, is_object_name, if is_filled_in { SKELETON } else { NAME }, findings);
    shaped(metadata, "namespace", false, is_namespace, NAMESPACE, findings);
    shaped(metadata, "title", false, |text| !text.is_empty(), "Write a title or take the line out.", findings);
    text(metadata, "description", false, findings);
    for key in OUTPUT_ONLY_METADATA {
        findings.extend(metadata.entry(key).map(|entry| output_only(key, entry.place)));
    }
    pairs(metadata, "labels", findings, label);
    pairs(metadata, "annotations", findings, annotation);
    items(metadata, "tags", findings, tag);
    items(metadata, "links", findings, link);
}

/// What is wrong with one item of `tags`.
pub(in crate::catalog) fn judge_tag(item: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    tag(item, &mut findings);
    findings
}

/// What is wrong with one item of `links`. The rule is the field in it, or `links` for its address.
pub(in crate::catalog) fn judge_link(item: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    link(item, &mut findings);
    findings
}

/// A text that has to look a certain way.
fn shaped(
    map: &Node,
    key: &str,
    is_required: bool,
    rule: fn(&str) -> bool,
    message: &str,
    findings: &mut Vec<Finding>,
) {
    if let Some((text, place)) = text(map, key, is_required, findings)
        && !rule(text)
    {
        findings.push(Finding::error(place, key, message));
    }
}

/// The text of a field with its place. Anything but a text is a finding.
pub(super) fn text<'a>(
    map: &'a Node,
    key: &str,
    is_required: bool,
    findings: &mut Vec<Finding>,
) -> Option<(&'a str, Place)> {
    let Some(entry) = map.entry(key) else {
        if is_required {
            findings.push(Finding::error(map.place, key, format!("Add `{key}`.")));
        }
        return None;
    };
    if let Some(text) = entry.value.text() {
        return Some((text, entry.value.place));
    }
    let message = match &entry.value.kind {
        NodeKind::Null if is_required => format!("Write a text after `{key}:`."),
        NodeKind::Null => format!("Write a text after `{key}:` or take the line out."),
        NodeKind::Bool(_) | NodeKind::Number(_) => format!("Put `{key}` into quotes: it has to be a text."),
        _ => format!("Write `{key}` as a text."),
    };
    findings.push(Finding::error(entry.value.place, key, message));
    None
}

fn pairs(metadata: &Node, key: &str, findings: &mut Vec<Finding>, judge: fn(&Entry, &mut Vec<Finding>)) {
    let Some(map) = metadata.get(key) else { return };
    if !map.is_map() {
        findings.push(Finding::error(map.place, key, format!("Write `{key}` as a map, or take it out.")));
    }
    for entry in map.entries() {
        if !is_key(&entry.key) {
            let message = format!(
                "`{}` is no key: write a name of letters, digits, hyphens, dots and underscores, with a domain and one \
                 slash before it if you like.",
                entry.key
            );
            findings.push(Finding::error(entry.place, "key", message));
        }
        match entry.value.kind {
            NodeKind::Text(_) => judge(entry, findings),
            NodeKind::Bool(_) | NodeKind::Number(_) => {
                let message = format!("Put the value of `{}` into quotes: it has to be a text.", entry.key);
                findings.push(Finding::error(entry.value.place, key, message));
            }
            _ => {
                let message = format!("Write a text as the value of `{}`.", entry.key);
                findings.push(Finding::error(entry.value.place, key, message));
            }
        }
    }
}

fn label(entry: &Entry, findings: &mut Vec<Finding>) {
    if !entry.value.text().is_some_and(is_label_value) {
        findings.push(Finding::error(entry.value.place, "labels", LABEL));
    }
}

fn annotation(entry: &Entry, findings: &mut Vec<Finding>) {
    let (key, value) = (entry.key.as_str(), entry.value.text().unwrap_or_default());
    let problem = if LOCATIONS.contains(&key) { location_problem(value) } else { None };
    let problem = problem.or_else(|| ADDRESSES.contains(&key).then(|| address_problem(value)).flatten());
    findings.extend(problem.map(|message| Finding::error(entry.value.place, "location", message)));
    if key == VISIBLE_TO && !value.split(LISTED).filter(|item| !item.is_empty()).all(is_group) {
        findings.push(Finding::error(entry.value.place, "visible-to", GROUPS));
    }
}

fn is_group(text: &str) -> bool {
    EntityRef::relative(text, Some("group"), "default").is_ok_and(|reference| reference.kind() == "group")
}

/// `<type>:<target>`, cut at the first colon.
fn location_problem(text: &str) -> Option<String> {
    let parts = text.split_once(':').map(|(kind, target)| (kind.trim(), target.trim()));
    match parts {
        Some(("http" | "https", _)) => Some(format!("Write `url:{text}`: a location begins with its type.")),
        Some((kind, target)) if !kind.is_empty() && !target.is_empty() => {
            is_dangerous(target).then(|| "This address runs a script. Name the file that is meant.".to_owned())
        }
        _ => Some("Write a location as type:target, such as url:https://git.example.com/team/service/.".to_owned()),
    }
}

fn address_problem(text: &str) -> Option<String> {
    match Url::parse(text) {
        Ok(_) if is_dangerous(text) => {
            Some("This address would run a script when somebody opens it. Write an https address.".to_owned())
        }
        Ok(_) => None,
        Err(_) => Some("This is not an address. Write one such as https://example.com/page.".to_owned()),
    }
}

fn is_dangerous(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| DANGEROUS.contains(&url.scheme()))
}

fn items(metadata: &Node, key: &str, findings: &mut Vec<Finding>, judge: fn(&Node, &mut Vec<Finding>)) {
    let Some(list) = metadata.get(key) else { return };
    if !list.is_list() {
        findings.push(Finding::error(list.place, key, format!("Write `{key}` as a list, or take it out.")));
    }
    list.items().iter().for_each(|item| judge(item, findings));
}

fn tag(item: &Node, findings: &mut Vec<Finding>) {
    if !item.text().is_some_and(is_tag) {
        findings.push(Finding::error(item.place, "tags", TAG));
    }
}

fn link(item: &Node, findings: &mut Vec<Finding>) {
    if !item.is_map() {
        findings.push(Finding::error(item.place, "links", "Write a link as a map with a `url`."));
        return;
    }
    let url = text(item, "url", true, findings);
    let problem = url.and_then(|(text, place)| Some((address_problem(text)?, place)));
    findings.extend(problem.map(|(message, place)| Finding::error(place, "links", message)));
    for key in ["title", "icon", "type"] {
        let is_said = |text: &str| !text.trim().is_empty();
        shaped(item, key, false, is_said, "Write a text here or take the line out.", findings);
    }
}

fn output_only(key: &str, place: Place) -> Finding {
    let message = format!("`{key}` is written by catalogs and was left out. Take it out of the file.");
    Finding::warning(place, "output-only", message)
}
