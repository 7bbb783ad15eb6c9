//! The JSON API, `/api/v1`, and Backstage's catalog read API, `/api/catalog`. They call the same operations as the pages.

pub mod backstage;
mod body;
mod deliveries;
mod description;
mod environments;
mod golden_paths;
mod id_path;
mod maturity;
mod me;
mod namespaces;
mod once;
mod page;
mod plans;
mod quota_requests;
mod runs;
mod tokens;

pub use body::JsonBody;
pub use deliveries::{
    approve_change, confirm_change, deny_change, find_change, list_changes, list_deliveries, request_change,
    withdraw_change,
};
pub use description::{description, document};
pub use environments::list_environments;
pub use golden_paths::{find_golden_path, list_golden_paths};
pub use id_path::{EntityPath, IdPath, NamePath, NamespacePath, PlanPath};
pub use maturity::{maturity_explain, maturity_scores};
pub use me::me;
pub use namespaces::{declare_namespace, find_namespace, list_namespaces};
pub use once::once;
pub use page::Page;
pub use plans::{find_plan, request_plan};
pub use quota_requests::{
    approve_quota_request, deny_quota_request, find_quota_request, list_quota_requests, request_quota,
    withdraw_quota_request,
};
pub use runs::{accept, cancel, events, find, list, retry};
pub use tokens::{list_tokens, make_token, revoke_token};
