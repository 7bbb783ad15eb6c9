//! How cards stand beside each other.

use leptos::prelude::*;

/// The columns of a grid; below 760 px there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// One below the other.
    One,
    Two,
    /// The first is the wider one.
    WideAndNarrow,
    Three,
    Four,
}

/// A grid of cards, 16 px apart.
#[component]
pub fn Grid(columns: Columns, children: Children) -> impl IntoView {
    let columns = match columns {
        Columns::One => "grid-cols-[minmax(0,1fr)]",
        Columns::Two => "md:grid-cols-2",
        Columns::WideAndNarrow => "lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]",
        Columns::Three => "md:grid-cols-3",
        Columns::Four => "md:grid-cols-2 lg:grid-cols-4",
    };
    view! { <div class=format!("mb-4 grid grid-cols-[minmax(0,1fr)] gap-4 last:mb-0 {columns}")>{children()}</div> }
        .into_any()
}
