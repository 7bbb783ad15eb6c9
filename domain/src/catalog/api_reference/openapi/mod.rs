//! OpenAPI 3.0 and 3.1, and Swagger 2.

mod operation;

use self::operation::operation;
use super::{
    ApiReference, Server,
    document::{Document, entries, items, said, text},
    grouped::{Groups, first},
    schema,
};
use crate::golden_paths::Node;

const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// What has no tag.
const OTHERS: &str = "Operations";
const WEBHOOKS: &str = "Webhooks";

pub(super) fn read(document: &Document) -> ApiReference {
    let root = document.root();
    let info = root.get("info").unwrap_or(root);
    let tags = items(root, "tags").iter().map(|tag| (text(tag, "name"), text(tag, "description")));
    let mut groups = Groups::new(tags);
    for (path, item) in entries(root, "paths").filter(|(path, _)| path.starts_with('/')) {
        path_item(document, path, item, None, &mut groups);
    }
    for (name, item) in entries(root, "webhooks") {
        path_item(document, name, item, Some(WEBHOOKS), &mut groups);
    }
    document.begin_types();
    let components = root.get("components").unwrap_or(root);
    let types = entries(components, "schemas").chain(entries(root, "definitions"));
    let (types, types_left_out) = first(types, |(name, schema)| schema::named(document, name, schema));
    ApiReference {
        title: text(info, "title"),
        version: text(info, "version"),
        description: text(info, "description"),
        servers: servers(root),
        types,
        operations_left_out: groups.left_out,
        types_left_out,
        groups: groups.finish(),
    }
}

fn path_item(document: &Document, path: &str, item: &Node, group: Option<&str>, groups: &mut Groups) {
    let item = document.resolved(item);
    for entry in item.entries().iter().filter(|entry| VERBS.contains(&entry.key.as_str())) {
        if groups.has_room() {
            let tag = items(&entry.value, "tags").first().map(said).filter(|tag| !tag.is_empty());
            let name = group.map(str::to_owned).or(tag).unwrap_or_else(|| OTHERS.to_owned());
            groups.add(&name, operation(document, path, &entry.key, item, &entry.value));
        }
    }
}

fn servers(root: &Node) -> Vec<Server> {
    let said_there = items(root, "servers");
    if !said_there.is_empty() {
        let server = |node: &Node| Server { address: text(node, "url"), description: text(node, "description") };
        return said_there.iter().map(server).collect();
    }
    let (host, base) = (text(root, "host"), text(root, "basePath"));
    if host.is_empty() {
        let server = Server { address: base, description: String::new() };
        return if server.address.is_empty() { Vec::new() } else { vec![server] };
    }
    let schemes: Vec<String> = items(root, "schemes").iter().map(said).collect();
    let schemes = if schemes.is_empty() { vec!["https".to_owned()] } else { schemes };
    let server = |scheme| Server { address: format!("{scheme}://{host}{base}"), description: String::new() };
    schemes.into_iter().map(server).collect()
}
