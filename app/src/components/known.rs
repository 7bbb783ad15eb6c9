//! Values that may not be known.

use leptos::prelude::*;

use super::{Badge, Tone};

/// The value, or a badge that says that it is not known: never a zero, never nothing.
pub fn known<T: IntoView + 'static>(value: Option<T>) -> AnyView {
    match value {
        Some(value) => value.into_any(),
        None => view! { <Badge tone=Tone::Unknown word="not known" /> }.into_any(),
    }
}
