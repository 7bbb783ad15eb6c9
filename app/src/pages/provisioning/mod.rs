//! Namespaces: declared beside enforced, and what others changed.

mod ask;
mod detail;
mod list;
mod requests;
mod rights;

pub use ask::AskPage;
pub use detail::NamespacePage;
pub use list::NamespacesPage;
pub use requests::RequestsPage;

use domain::provisioning::NamespaceView;
use leptos::prelude::*;

use crate::components::{Badge, Tone};

/// Where a request for accelerators stands.
fn lease_standing(state: &str) -> (Tone, &'static str) {
    match state {
        "granted" => (Tone::Good, "granted"),
        "pending" => (Tone::Warn, "waits for a decision"),
        "denied" => (Tone::Bad, "refused"),
        "withdrawn" => (Tone::Info, "withdrawn"),
        "expired" => (Tone::Info, "over"),
        _ => (Tone::Unknown, "not known"),
    }
}

/// Ready, under way, or not known.
fn standing(view: &NamespaceView) -> impl IntoView + use<> {
    let (tone, word) = if view.is_ready() {
        (Tone::Good, "ready")
    } else if view.conditions.is_empty() {
        (Tone::Unknown, "not looked at yet")
    } else {
        (Tone::Warn, "under way")
    };
    view! { <Badge tone=tone word=word /> }
}
