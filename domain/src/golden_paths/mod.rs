//! Golden paths: the templates (`scaffolder.backstage.io/v1beta3`) from which services are made, read with the place
//! of every part, so that whoever writes one is told where to mend it.

mod actions;
mod context;
mod document;
mod finding;
pub mod form;
mod names;
#[cfg(feature = "schema")]
mod parameters;
mod rules;
mod template;

pub use actions::{Action, ActionKind, PublishHost, repository_of};
pub use context::{Namespaces, PathContext, is_truthy};
pub use document::{Entry, Node, NodeKind, Place};
pub use finding::Finding;
pub use names::{Scope, Use, check_names};
#[cfg(feature = "schema")]
pub use parameters::{Parameters, SchemaFault};
pub use rules::check;
pub use template::{Page, Step, TEMPLATE_FILE, Template, VERSION_ANNOTATION};
