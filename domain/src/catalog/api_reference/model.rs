//! What all formats have in common.

/// What an API offers. Texts are as they were written, descriptions mostly in Markdown; what is not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiReference {
    pub title: String,
    pub version: String,
    pub description: String,
    pub servers: Vec<Server>,
    pub groups: Vec<OperationGroup>,
    pub types: Vec<TypeReference>,
    /// Operations beyond `MOST_OPERATIONS`.
    pub operations_left_out: usize,
    /// Types beyond `MOST_TYPES`.
    pub types_left_out: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// As written; it may hold variables such as `{region}`, and it may be no address that can be opened.
    pub address: String,
    pub description: String,
}

/// Operations that belong together: a tag, a service, all queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationGroup {
    pub name: String,
    pub description: String,
    /// Never empty.
    pub operations: Vec<Operation>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// `GET`, `PUBLISH`, `SEND`, `QUERY`, `RPC`
    pub verb: String,
    /// A path, a channel, a field or a method.
    pub name: String,
    pub summary: String,
    pub description: String,
    pub is_deprecated: bool,
    pub parameters: Vec<Row>,
    /// What is sent, one for each media type or message.
    pub bodies: Vec<Body>,
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `200`, `4XX`, `default`; empty where the format knows no status.
    pub status: String,
    pub description: String,
    pub bodies: Vec<Body>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// A media type, or the name of a message.
    pub name: String,
    pub type_name: String,
    pub description: String,
    pub rows: Vec<Row>,
    /// There is more than the rows say: it is too deep or too much.
    pub is_cut: bool,
}

/// A parameter, a field, a value of an enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// How far it is nested, from 0.
    pub depth: usize,
    pub name: String,
    /// `path`, `query`, `header`, `cookie`; empty for a field.
    pub place: String,
    /// `string (date-time)`, `Order[]`, `map of integer`
    pub type_name: String,
    pub is_required: bool,
    pub is_deprecated: bool,
    pub description: String,
}

/// A type with a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeReference {
    pub name: String,
    /// `object`, `enum`, `input`, `message`, `string (uuid)`
    pub kind: String,
    pub description: String,
    pub rows: Vec<Row>,
    pub is_cut: bool,
}
