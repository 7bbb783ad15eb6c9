//! Pages that show what is still under way.

use leptos::prelude::*;

/// Keeps a page up to date by its follower. Without scripts it loads itself again after so many seconds.
pub(super) fn followed(seconds: u32, follower: impl IntoView) -> impl IntoView {
    view! {
        <noscript>
            <meta http-equiv="refresh" content=seconds.to_string() />
        </noscript>
        <div data-followed="">{follower}</div>
    }
}
