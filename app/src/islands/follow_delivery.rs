//! Shows a page of delivery anew until what it follows has arrived.

use leptos::prelude::*;

/// Draws nothing but a line for screen readers; the page itself is always the server's.
#[island]
pub fn FollowDelivery() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::live::look_again(std::time::Duration::from_secs(2));
    view! { <p class="sr-only" aria-live="polite">"This page follows the change until it has arrived."</p> }
}
