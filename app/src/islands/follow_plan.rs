//! Shows the page of a plan anew until the plan is made.

use leptos::prelude::*;

/// Draws nothing but a line for screen readers; the page itself is always the server's.
#[island]
pub fn FollowPlan() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::live::look_again();
    view! { <p class="sr-only" aria-live="polite">"This page shows the plan as soon as it is made."</p> }
}
