//! The JSON API, `/api/v1`. It calls the same operations as the pages.

mod body;
mod golden_paths;
mod id_path;
mod maturity;
mod me;
mod namespaces;
mod plans;
mod runs;

pub use body::JsonBody;
pub use golden_paths::{find_golden_path, list_golden_paths};
pub use id_path::{IdPath, NamePath, PlanPath};
pub use maturity::{maturity_explain, maturity_scores};
pub use me::me;
pub use namespaces::{declare_namespace, find_namespace, list_namespaces};
pub use plans::{find_plan, request_plan};
pub use runs::{accept, cancel, events, find, list, retry};
