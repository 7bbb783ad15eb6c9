//! What an entity was called before, and who calls it so still.

use backend::catalog::Former;
use leptos::prelude::*;

use crate::{
    components::{Note, Tone},
    pages::catalog::removed::references,
};

pub(super) fn former(all: &[Former]) -> Option<AnyView> {
    let notes = all.iter().map(note).collect_view();
    (!all.is_empty()).then(|| view! { <div class="mb-4 space-y-2">{notes}</div> }.into_any())
}

fn note(former: &Former) -> AnyView {
    let title = format!("It was called {} before", former.reference);
    if former.referred_to_by.is_empty() {
        let words = "The old address leads here, and nobody refers to it by the old name.";
        return view! { <Note tone=Tone::Info title=title>{words}</Note> }.into_any();
    }
    let tellers = references(&former.referred_to_by);
    view! {
        <Note tone=Tone::Warn title=title>
            "The old address leads here. These still refer to it by the old name; write the new one where they are described:"
            {tellers}
        </Note>
    }
    .into_any()
}
