//! What a reader of the document alone can say about it.

use super::{Action, Finding, Node, NodeKind, Place, TEMPLATE_FILE, Template, VERSION_ANNOTATION};

/// Everything to mend that needs neither the files nor the expressions.
pub fn check(document: &Node, template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |place: Place, rule: &str, message: String| {
        findings.push(Finding::new(TEMPLATE_FILE, place, rule, message));
    };
    let metadata = document.get("metadata").map_or(document.place, |node| node.place);
    check_metadata(template, metadata, &mut find);
    for page in &template.pages {
        let properties = page.schema.get("properties").map(Node::entries).unwrap_or_default();
        for entry in properties {
            check_field(&entry.key, entry.place, &entry.value, &mut find);
        }
    }
    for step in &template.steps {
        let Some(action) = Action::find(&step.action) else {
            let instead = Action::instead_of(&step.action);
            let message = format!("The action `{}` is not known here; these are: {instead}.", step.action);
            find(step.action_place, "unknown-action", message);
            continue;
        };
        for name in action.required {
            if step.input.as_ref().and_then(|input| input.get(name)).is_none() {
                find(step.place, "missing-input", format!("The action `{}` needs the input `{name}`.", action.name));
            }
        }
    }
    findings
}

fn check_metadata(template: &Template, place: Place, find: &mut impl FnMut(Place, &str, String)) {
    if template.title.is_none() {
        find(place, "missing-title", "Give the path a `title`, which people read in the list.".into());
    }
    if template.description.is_none() {
        find(place, "missing-description", "Give the path a `description`: what it is for and what it is not.".into());
    }
    if !template.version.as_deref().is_some_and(is_version) {
        let message = format!("Give the path the annotation `{VERSION_ANNOTATION}` with a version such as \"1.0.0\".");
        find(place, "version", message);
    }
}

fn check_field(name: &str, place: Place, field: &Node, find: &mut impl FnMut(Place, &str, String)) {
    let written = |key: &str| field.get(key).and_then(Node::text).is_some_and(|text| !text.trim().is_empty());
    if !written("title") {
        find(place, "missing-title", format!("Give the parameter `{name}` a `title`, which people read at its field."));
    }
    if !written("description") {
        find(
            place,
            "missing-description",
            format!("Give the parameter `{name}` a `description` that says what it is for."),
        );
    }
    if let Some(default) = field.get("default").filter(|default| is_secret(name, default)) {
        let message =
            format!("The default of `{name}` looks like a secret: remove it, and change it where it is used.");
        find(default.place, "secret-default", message);
    }
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 3 && numbers.iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

const SECRET_NAMES: [&str; 7] = ["password", "passwd", "secret", "token", "apikey", "privatekey", "credential"];
const SECRET_STARTS: [&str; 9] =
    ["AKIA", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "wmk_", "-----BEGIN", "eyJhbGciOi"];

fn is_secret(name: &str, default: &Node) -> bool {
    let NodeKind::Text(text) = &default.kind else { return false };
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let named = SECRET_NAMES.iter().any(|word| plain.contains(word));
    SECRET_STARTS.iter().any(|start| text.contains(start)) || named && !text.is_empty() && !text.contains("${{")
}
