//! The template document: what it must hold, and what its parts are.

use super::{Finding, Node, NodeKind, Place};

pub const TEMPLATE_FILE: &str = "template.yaml";
pub const VERSION_ANNOTATION: &str = "waymark.dev/version";
const STRICT_ANNOTATION: &str = "waymark.dev/strict";

const API_VERSION: &str = "scaffolder.backstage.io/v1beta3";
const STEP_KEYS: [&str; 8] =
    ["id", "name", "action", "if", "each", "input", "backstage:permissions", "backstage:featureFlag"];

/// One golden path in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub name: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    /// As the annotation `waymark.dev/version` says.
    pub version: Option<String>,
    /// Printing an undefined value is an error, not a warning.
    pub strict: bool,
    /// `spec.type`, such as `service`.
    pub kind: String,
    pub owner: Option<String>,
    /// Wizard pages; their fields are one flat namespace.
    pub pages: Vec<Page>,
    pub steps: Vec<Step>,
    pub output: Option<Node>,
}

/// One JSON Schema object of `spec.parameters`.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub title: Option<String>,
    pub description: Option<String>,
    /// As written, so that the fields keep their order.
    pub schema: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// `step-<n>` from 1 where none is written.
    pub id: String,
    /// The action where none is written.
    pub name: String,
    pub action: String,
    pub condition: Option<Node>,
    pub each: Option<Node>,
    pub input: Option<Node>,
    pub place: Place,
    pub action_place: Place,
}

impl Template {
    /// Reads a document, or says everything that keeps it from being a template.
    pub fn read(document: &Node) -> Result<Self, Vec<Finding>> {
        let mut reader = Reader { findings: Vec::new() };
        reader.fixed(document, "apiVersion", API_VERSION);
        reader.fixed(document, "kind", "Template");
        let metadata = reader.map(document, "metadata");
        let spec = reader.map(document, "spec");
        let (Some(metadata), Some(spec)) = (metadata, spec) else { return Err(reader.findings) };
        let template = Self {
            name: reader.required(metadata, "name"),
            title: optional(metadata, "title"),
            description: optional(metadata, "description"),
            tags: metadata.get("tags").map(Node::items).unwrap_or_default().iter().filter_map(owned).collect(),
            version: annotation(metadata, VERSION_ANNOTATION),
            strict: annotation(metadata, STRICT_ANNOTATION).is_some_and(|value| value == "true"),
            kind: reader.required(spec, "type"),
            owner: optional(spec, "owner"),
            pages: reader.pages(spec),
            steps: reader.steps(spec),
            output: spec.get("output").cloned(),
        };
        if reader.findings.is_empty() { Ok(template) } else { Err(reader.findings) }
    }

    /// The names of all parameters with the place of their keys, in the order of the wizard.
    pub fn parameters(&self) -> Vec<(&str, Place)> {
        let mut found = Vec::new();
        for page in &self.pages {
            properties(&page.schema, &mut found);
        }
        found
    }
}

/// Conditional parts of a schema declare parameters too.
fn properties<'a>(schema: &'a Node, found: &mut Vec<(&'a str, Place)>) {
    for entry in schema.get("properties").map(Node::entries).unwrap_or_default() {
        if !found.iter().any(|(name, _)| *name == entry.key) {
            found.push((&entry.key, entry.place));
        }
    }
    for key in ["then", "else", "if"] {
        schema.get(key).into_iter().for_each(|part| properties(part, found));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        schema.get(key).map(Node::items).unwrap_or_default().iter().for_each(|part| properties(part, found));
    }
    for key in ["dependencies", "dependentSchemas"] {
        let parts = schema.get(key).map(Node::entries).unwrap_or_default();
        parts.iter().for_each(|part| properties(&part.value, found));
    }
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn find(&mut self, place: Place, message: String) {
        self.findings.push(Finding::new(TEMPLATE_FILE, place, "document", message));
    }

    fn fixed(&mut self, document: &Node, key: &str, wanted: &str) {
        let found = document.get(key);
        if found.and_then(Node::text) != Some(wanted) {
            let place = found.map_or(document.place, |node| node.place);
            self.find(place, format!("Write `{key}: {wanted}`; other kinds of documents are not read."));
        }
    }

    fn map<'a>(&mut self, parent: &'a Node, key: &str) -> Option<&'a Node> {
        let found = parent.get(key);
        if found.is_some_and(Node::is_map) {
            return found;
        }
        let place = found.map_or(parent.place, |node| node.place);
        self.find(place, format!("Write `{key}` as a map."));
        None
    }

    fn required(&mut self, parent: &Node, key: &str) -> String {
        let found = parent.get(key);
        if let Some(text) = found.and_then(Node::text).filter(|text| !text.is_empty()) {
            return text.to_owned();
        }
        let place = found.map_or(parent.place, |node| node.place);
        self.find(place, format!("Write `{key}` as a text; it is required here."));
        String::new()
    }

    fn pages(&mut self, spec: &Node) -> Vec<Page> {
        let Some(parameters) = spec.get("parameters") else { return Vec::new() };
        let schemas = match &parameters.kind {
            NodeKind::Map(_) => std::slice::from_ref(parameters),
            NodeKind::List(pages) => pages.as_slice(),
            _ => &[],
        };
        if !parameters.is_list() && schemas.is_empty() || schemas.iter().any(|schema| !schema.is_map()) {
            self.find(parameters.place, "Write `parameters` as a JSON Schema object or a list of them.".into());
        }
        let page = |schema: &Node| Page {
            title: optional(schema, "title"),
            description: optional(schema, "description"),
            schema: schema.clone(),
        };
        schemas.iter().map(page).collect()
    }

    fn steps(&mut self, spec: &Node) -> Vec<Step> {
        let found = spec.get("steps");
        let Some(list) = found.filter(|node| node.is_list()) else {
            let place = found.map_or(spec.place, |node| node.place);
            self.find(place, "Write `steps` as a list.".into());
            return Vec::new();
        };
        let steps: Vec<Step> = list.items().iter().enumerate().map(|(index, node)| self.step(index, node)).collect();
        for (index, step) in steps.iter().enumerate() {
            if steps[..index].iter().any(|earlier| earlier.id == step.id) {
                self.find(step.place, format!("The id `{}` is used by an earlier step: choose another one.", step.id));
            }
        }
        steps
    }

    fn step(&mut self, index: usize, node: &Node) -> Step {
        for entry in node.entries().iter().filter(|entry| !STEP_KEYS.contains(&entry.key.as_str())) {
            self.find(entry.place, format!("A step has no `{}`: remove it or mend its spelling.", entry.key));
        }
        if let Some(input) = node.get("input").filter(|input| !input.is_map()) {
            self.find(input.place, "Write the `input` of a step as a map.".into());
        }
        let action = self.required(node, "action");
        Step {
            id: optional(node, "id").unwrap_or_else(|| format!("step-{}", index + 1)),
            name: optional(node, "name").unwrap_or_else(|| action.clone()),
            condition: node.get("if").cloned(),
            each: node.get("each").cloned(),
            input: node.get("input").cloned(),
            place: node.place,
            action_place: node.get("action").map_or(node.place, |action| action.place),
            action,
        }
    }
}

fn owned(node: &Node) -> Option<String> {
    node.text().map(str::to_owned)
}

fn optional(parent: &Node, key: &str) -> Option<String> {
    parent.get(key).and_then(owned).filter(|text| !text.is_empty())
}

fn annotation(metadata: &Node, key: &str) -> Option<String> {
    metadata.get("annotations").and_then(|annotations| optional(annotations, key))
}
