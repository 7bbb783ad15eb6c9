//! AsyncAPI 2 and 3: channels and the messages in them.

use super::{
    ApiReference, Body, Operation, Row, Server,
    document::{Document, entries, is_true, items, name_of, reference, text},
    grouped::{Groups, first},
    schema,
};
use crate::golden_paths::Node;

const OTHERS: &str = "Channels";

pub(super) fn read(document: &Document) -> ApiReference {
    let root = document.root();
    let info = root.get("info").unwrap_or(root);
    let tags = items(root, "tags").iter().chain(items(info, "tags"));
    let mut groups = Groups::new(tags.map(|tag| (text(tag, "name"), text(tag, "description"))));
    if text(root, "asyncapi").starts_with('2') {
        for (channel, node) in entries(root, "channels") {
            channel_2(document, channel, node, &mut groups);
        }
    } else {
        for (id, node) in entries(root, "operations") {
            operation_3(document, id, node, &mut groups);
        }
    }
    document.begin_types();
    let components = root.get("components").unwrap_or(root);
    let (types, types_left_out) =
        first(entries(components, "schemas"), |(name, schema)| schema::named(document, name, schema));
    ApiReference {
        title: text(info, "title"),
        version: text(info, "version"),
        description: text(info, "description"),
        servers: entries(root, "servers").map(|(_, node)| server(document, node)).collect(),
        types,
        operations_left_out: groups.left_out,
        types_left_out,
        groups: groups.finish(),
    }
}

fn server(document: &Document, node: &Node) -> Server {
    let node = document.resolved(node);
    let (url, host, protocol) = (text(node, "url"), text(node, "host"), text(node, "protocol"));
    let address = if url.is_empty() { format!("{host}{}", text(node, "pathname")) } else { url };
    let is_whole = protocol.is_empty() || address.contains("://");
    let address = if is_whole { address } else { format!("{protocol}://{address}") };
    Server { address, description: text(node, "description") }
}

/// Version 2 names what others do with a channel: they publish into it or subscribe to it.
fn channel_2(document: &Document, channel: &str, node: &Node, groups: &mut Groups) {
    let node = document.resolved(node);
    for verb in ["publish", "subscribe"] {
        let Some(operation) = node.get(verb) else { continue };
        if groups.has_room() {
            let message = operation.get("message");
            let several = message.map(|message| items(document.resolved(message), "oneOf")).unwrap_or_default();
            let one = message.map(std::slice::from_ref).unwrap_or_default();
            let messages = if several.is_empty() { one } else { several };
            let bodies = messages.iter().map(|message| body(document, message, "")).collect();
            let read = operation_of(document, verb, channel, operation, node, bodies);
            groups.add(&group_of(operation), read);
        }
    }
}

/// Version 3 names what the application itself does.
fn operation_3(document: &Document, id: &str, node: &Node, groups: &mut Groups) {
    if !groups.has_room() {
        return;
    }
    let node = document.resolved(node);
    let channel = node.get("channel").map(|channel| document.resolved(channel)).unwrap_or(node);
    let address = text(channel, "address");
    let name = if address.is_empty() { id.to_owned() } else { address };
    let messages = items(node, "messages");
    let bodies: Vec<Body> = if messages.is_empty() {
        entries(channel, "messages").map(|(name, message)| body(document, message, name)).collect()
    } else {
        messages
            .iter()
            .map(|message| body(document, message, &reference(message).map(name_of).unwrap_or_default()))
            .collect()
    };
    let read = operation_of(document, &text(node, "action"), &name, node, channel, bodies);
    groups.add(&group_of(node), read);
}

fn operation_of(
    document: &Document,
    verb: &str,
    name: &str,
    node: &Node,
    channel: &Node,
    bodies: Vec<Body>,
) -> Operation {
    let description = [node, channel].map(|node| text(node, "description"));
    Operation {
        verb: verb.to_ascii_uppercase(),
        name: name.to_owned(),
        summary: text(node, "summary"),
        description: description.into_iter().find(|text| !text.is_empty()).unwrap_or_default(),
        is_deprecated: is_true(node, "deprecated"),
        parameters: entries(channel, "parameters").map(|(name, node)| parameter(document, name, node)).collect(),
        bodies,
        answers: Vec::new(),
    }
}

fn parameter(document: &Document, name: &str, node: &Node) -> Row {
    let node = document.resolved(node);
    let mut row = schema::parameter(document, node);
    if node.get("schema").is_none() {
        row.type_name = "string".to_owned();
    }
    Row { name: name.to_owned(), place: "channel".to_owned(), is_required: true, ..row }
}

fn body(document: &Document, message: &Node, name: &str) -> Body {
    let given = reference(message).map(name_of).unwrap_or_default();
    let message = document.resolved(message);
    let names = [text(message, "name"), text(message, "title"), name.to_owned(), given];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let words = ["summary", "description"].map(|key| text(message, key));
    let description = words.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let payload = message.get("payload");
    // A schema of another language stands in a map of its own.
    let payload = payload
        .map(|payload| payload.get("schema").filter(|_| payload.get("schemaFormat").is_some()).unwrap_or(payload));
    schema::body(document, &name, description, payload)
}

fn group_of(node: &Node) -> String {
    let tag = items(node, "tags").first().map(|tag| text(tag, "name")).filter(|tag| !tag.is_empty());
    tag.unwrap_or_else(|| OTHERS.to_owned())
}
