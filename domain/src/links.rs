//! The addresses of pages, each written in one place: pages link to them, forms post below them, runs and messages name
//! them. They are paths within this installation.

use uuid::Uuid;

use crate::catalog::EntityRef;

/// An entity's page.
pub fn entity(reference: &EntityRef) -> String {
    format!("/catalog/{}/{}/{}", reference.kind(), reference.namespace(), reference.name())
}

/// What is around an entity, as a picture.
pub fn graph(reference: &EntityRef) -> String {
    format!("{}/graph", entity(reference))
}

/// The form in which an entity is changed.
pub fn entity_edit(reference: &EntityRef) -> String {
    format!("{}/edit", entity(reference))
}

/// Where a team takes what nobody owns.
pub fn entity_adopt(reference: &EntityRef) -> String {
    format!("{}/adopt", entity(reference))
}

/// A change of an entity that somebody asked for.
pub fn catalog_change(change: Uuid) -> String {
    format!("/catalog/changes/{change}")
}

/// The first page of an entity's documentation.
pub fn docs(reference: &EntityRef) -> String {
    format!("{}/docs", entity(reference))
}

/// A page of it; the first one has no address.
pub fn docs_page(reference: &EntityRef, address: &str) -> String {
    match address {
        "" => docs(reference),
        address => format!("{}/{}", docs(reference), encoded(address)),
    }
}

/// An image in it, by its hash.
pub fn docs_image(reference: &EntityRef, hash: &str) -> String {
    format!("{}/docs-images/{hash}", entity(reference))
}

/// A path in which every character that could mean something else is encoded.
pub fn encoded(path: &str) -> String {
    let one = |byte: u8| match byte {
        b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(one).collect()
}

/// Where a file of the Git host is brought into the catalog.
pub const CATALOG_IMPORT: &str = "/catalog/import";
pub const CATALOG_SOURCES: &str = "/catalog/sources";
/// What is wrong where entities are described.
pub const CATALOG_ERRORS: &str = "/catalog/errors";
/// What nobody owns.
pub const CATALOG_UNOWNED: &str = "/catalog/unowned";

/// Takes something that runs into the catalog.
pub const CATALOG_ADOPT: &str = "/catalog/unowned/adopt";
/// What should run where, beside what does.
pub const CATALOG_ENVIRONMENTS: &str = "/catalog/environments";

/// Where a repository without a file is taken into the catalog.
pub const REPOSITORY_ADOPT: &str = "/catalog/unowned/repositories/adopt";
/// What the viewer's teams own, as far as it needs somebody.
pub const CATALOG_MINE: &str = "/catalog/mine";
/// What was taken out.
pub const CATALOG_REMOVED: &str = "/catalog/removed";

/// Where an entity is taken out of the catalog.
pub fn entity_remove(reference: &EntityRef) -> String {
    format!("{}/remove", entity(reference))
}

/// Where something that was taken out is put back.
pub fn catalog_restore(id: Uuid) -> String {
    format!("{CATALOG_REMOVED}/{id}/restore")
}

/// An import that was asked for.
pub fn catalog_import(import: Uuid) -> String {
    format!("{CATALOG_IMPORT}/{import}")
}

/// Where entities are read from.
pub fn catalog_source(source: Uuid) -> String {
    format!("{CATALOG_SOURCES}/{source}")
}

/// Where a source is ended: what that means first.
pub fn catalog_source_end(source: Uuid) -> String {
    format!("{}/end", catalog_source(source))
}

/// Where the new address of a source is taken over.
pub fn catalog_source_move(source: Uuid) -> String {
    format!("{}/move", catalog_source(source))
}

pub fn golden_path(name: &str) -> String {
    format!("/golden-paths/{name}")
}

/// The form of a golden path.
pub fn golden_path_form(name: &str) -> String {
    format!("/golden-paths/{name}/new")
}

/// A plan that was made with a golden path.
pub fn plan(golden_path: &str, plan: Uuid) -> String {
    format!("/golden-paths/{golden_path}/plans/{plan}")
}

pub fn run(run: Uuid) -> String {
    format!("/scaffold/{run}")
}

/// What of a service runs where.
pub fn delivery(service: &str) -> String {
    format!("/delivery?service={service}")
}

/// A promotion, a release or a roll-back.
pub fn change(change: Uuid) -> String {
    format!("/delivery/changes/{change}")
}

pub fn namespace(cluster: &str, namespace: &str) -> String {
    format!("/provisioning/{cluster}/{namespace}")
}

/// The form by which accelerators are asked for.
pub fn ask(cluster: &str, namespace: &str) -> String {
    format!("/provisioning/{cluster}/{namespace}/ask")
}

pub fn kubeconfig(cluster: &str, namespace: &str) -> String {
    format!("/provisioning/{cluster}/{namespace}/kubeconfig")
}

/// What was asked for beyond what is granted at once.
pub const REQUESTS: &str = "/provisioning/requests";

/// A request for quota, in the list of all.
pub fn request(request: Uuid) -> String {
    format!("{REQUESTS}#{request}")
}

/// The levels of a team or a service; nothing for what has no such page.
pub fn levels(subject: &str) -> Option<String> {
    match subject.split_once(':')? {
        ("group", rest) => Some(format!("/maturity/teams/{}", rest.strip_prefix("default/").unwrap_or(subject))),
        ("component", _) => Some(format!("/maturity/services/{}", subject.replace(':', "%3A").replace('/', "%2F"))),
        _ => None,
    }
}

pub fn rule(id: &str) -> String {
    format!("/maturity/rules/{id}")
}

#[cfg(test)]
mod tests {
    use super::{encoded, levels};

    #[test]
    fn paths_are_encoded() {
        assert_eq!(encoded("a b/ü#?%\"&.md"), "a%20b/%C3%BC%23%3F%25%22%26.md");
    }

    #[test]
    fn references_lead_to_their_levels() {
        assert_eq!(levels("group:default/payments").as_deref(), Some("/maturity/teams/payments"));
        assert_eq!(
            levels("component:default/checkout").as_deref(),
            Some("/maturity/services/component%3Adefault%2Fcheckout")
        );
        assert_eq!(levels("unowned"), None);
    }
}
