//! One operation: what it takes and what it answers.

use std::collections::HashMap;

use crate::{
    catalog::api_reference::{
        Answer, Body, Operation, Row,
        document::{Document, entries, is_true, items, said, text},
        schema::{body, parameter},
    },
    golden_paths::Node,
};

pub(super) fn operation(document: &Document, path: &str, verb: &str, item: &Node, node: &Node) -> Operation {
    let parameters = parameters(document, item, node);
    let place = |node: &&Node| text(node, "in");
    let rows = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<Row> {
        let wanted = parameters.iter().filter(|node| is_wanted(&place(node)));
        wanted.map(|node| parameter(document, node)).collect()
    };
    let mut bodies = request(document, node);
    bodies.extend(parameters.iter().filter(|node| place(node) == "body").flat_map(|node| sent(document, node)));
    let fields = rows(&|place| place == "formData");
    if !fields.is_empty() {
        let name = "application/x-www-form-urlencoded".to_owned();
        bodies.push(Body { name, type_name: "object".to_owned(), rows: fields, ..Body::default() });
    }
    Operation {
        verb: verb.to_ascii_uppercase(),
        name: path.to_owned(),
        summary: text(node, "summary"),
        description: text(node, "description"),
        is_deprecated: is_true(node, "deprecated"),
        parameters: rows(&|place| !matches!(place, "body" | "formData")),
        bodies,
        answers: answers(document, node),
    }
}

/// Those of the path, unless the operation has one of the same name in the same place.
fn parameters<'a>(document: &'a Document, item: &'a Node, node: &'a Node) -> Vec<&'a Node> {
    let (mut parameters, mut places) = (Vec::new(), HashMap::new());
    for given in items(item, "parameters").iter().chain(items(node, "parameters")) {
        let given = document.resolved(given);
        let at = *places.entry(["name", "in"].map(|key| text(given, key))).or_insert(parameters.len());
        match parameters.get_mut(at) {
            Some(other) => *other = given,
            None => parameters.push(given),
        }
    }
    parameters
}

fn request(document: &Document, node: &Node) -> Vec<Body> {
    let Some(request) = node.get("requestBody").map(|node| document.resolved(node)) else { return Vec::new() };
    contents(document, request, &text(request, "description"))
}

/// One for each media type.
fn contents(document: &Document, node: &Node, description: &str) -> Vec<Body> {
    let content = |(media, node): (&str, &Node)| body(document, media, description.to_owned(), node.get("schema"));
    entries(node, "content").map(content).collect()
}

/// A body as Swagger 2 writes it.
fn sent(document: &Document, node: &Node) -> Vec<Body> {
    let root = document.root();
    let media = items(node, "consumes").first().or(items(root, "consumes").first());
    let media = media.map_or_else(|| "application/json".to_owned(), said);
    vec![body(document, &media, text(node, "description"), node.get("schema"))]
}

fn answers(document: &Document, node: &Node) -> Vec<Answer> {
    let media = items(node, "produces").first().or(items(document.root(), "produces").first());
    let media = media.map_or_else(|| "application/json".to_owned(), said);
    let answer = |(status, answer): (&str, &Node)| {
        let answer = document.resolved(answer);
        let mut bodies = contents(document, answer, "");
        if let Some(schema) = answer.get("schema") {
            bodies.push(body(document, &media, String::new(), Some(schema)));
        }
        Answer { status: status.to_owned(), description: text(answer, "description"), bodies }
    };
    entries(node, "responses").map(answer).collect()
}
