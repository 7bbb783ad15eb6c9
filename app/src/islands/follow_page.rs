//! Shows a page anew until what it follows has arrived.

use leptos::prelude::*;

/// Draws nothing but `sentence`, for screen readers; the page itself is always the server's. It is looked at again after
/// so many seconds.
#[island]
pub fn FollowPage(seconds: u32, sentence: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::live::look_again(std::time::Duration::from_secs(seconds.into()));
    #[cfg(not(feature = "hydrate"))]
    let _ = seconds;
    view! { <p class="sr-only" aria-live="polite">{sentence}</p> }
}
