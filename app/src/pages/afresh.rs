//! What a page says to somebody who comes back from a fresh sign-in.

use leptos::prelude::*;

use crate::components::{Note, Tone};

/// `what` completes "Now …", such as `grant the request`.
pub(super) fn came_back_afresh(what: &'static str) -> AnyView {
    view! {
        <div class="my-3">
            <Note tone=Tone::Info title="It is you">
                "This step needs a sign-in of the last five minutes, and nothing was done before it. Now " {what} "."
            </Note>
        </div>
    }
    .into_any()
}
