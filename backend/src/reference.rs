//! How things are named to programs: by their catalog references, also where they are stored by their names.

use serde::Serializer;

/// `payments` as `group:default/payments`.
pub(crate) fn group<S: Serializer>(name: &str, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("group:default/{name}"))
}

/// `checkout` as `component:default/checkout`.
pub(crate) fn component<S: Serializer>(name: &str, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("component:default/{name}"))
}

/// The same where there may be none.
pub(crate) fn optional_component<S: Serializer>(name: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
    match name {
        Some(name) => component(name, to),
        None => to.serialize_none(),
    }
}
