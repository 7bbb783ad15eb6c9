//! Follows a run over server-sent events and shows the page anew when something has changed.

use leptos::prelude::*;

/// Draws nothing but a line for screen readers; the page itself is always the server's. `after` is the last event that
/// the page already shows.
#[island]
pub fn FollowRun(run: String, after: i64) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::live::follow(format!("/api/v1/runs/{run}/events"), after);
    #[cfg(not(feature = "hydrate"))]
    let _ = (run, after);
    view! { <p class="sr-only" aria-live="polite">"This page follows the run."</p> }
}
