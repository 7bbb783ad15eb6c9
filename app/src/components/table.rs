//! Tables: wide ones scroll inside their frame; below 760 px each row is a card whose cells carry their column's name.

use leptos::prelude::*;

/// One column. A cell repeats its column's title as its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    title: String,
    align: Align,
}

/// Words start, figures end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Start,
    Center,
    End,
}

impl Align {
    fn class(self) -> &'static str {
        match self {
            Align::Start => "text-start",
            Align::Center => "text-center",
            Align::End => "text-end tabular-nums",
        }
    }
}

impl Column {
    /// A column of words.
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Start }
    }

    /// A column of marks that are all of one width.
    pub fn centered(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Center }
    }

    /// A column of figures.
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::End }
    }
}

/// A table of [`TableRow`]s. The roles are written out because turning rows into cards takes them away in some browsers.
#[component]
pub fn DataTable(
    /// Says what the table holds.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    children: Children,
) -> impl IntoView {
    let label = caption.clone();
    view! {
        <div class="-mx-1 overflow-x-auto px-1" role="group" tabindex="0" aria-label=label>
            <table role="table" class="labelled-cards w-full border-separate border-spacing-0 text-md">
                <caption class="sr-only">{caption}</caption>
                <TableHead columns=columns />
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The titles of the columns.
#[component]
pub(super) fn TableHead(columns: Vec<Column>) -> impl IntoView {
    let header = |Column { title, align }: Column| {
        let class = format!("border-b border-line px-2.5 py-1.5 text-sm font-[560] text-ink-2 {}", align.class());
        view! {
            <th scope="col" role="columnheader" class=class>
                {title}
            </th>
        }
    };
    view! {
        <thead role="rowgroup">
            <tr role="row">{columns.into_iter().map(header).collect_view()}</tr>
        </thead>
    }
    .into_any()
}

/// One row of [`RowHeader`] and [`Cell`]s.
#[component]
pub fn TableRow(children: Children) -> impl IntoView {
    view! {
        <tr role="row" class="group">
            {children()}
        </tr>
    }
    .into_any()
}

const CELL: &str = "border-b border-line px-2.5 py-2 align-baseline group-last:border-b-0";

/// The cell that names its row.
#[component]
pub fn RowHeader(
    /// The title of its column.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <th scope="row" role="rowheader" data-label=label class=format!("{CELL} text-start font-[560]")>
            <div class="min-w-0">{children()}</div>
        </th>
    }
    .into_any()
}

/// One cell.
#[component]
pub fn Cell(
    /// The title of its column.
    #[prop(into)]
    label: String,
    #[prop(optional)] align: Align,
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell" data-label=label class=format!("{CELL} {}", align.class())>
            <div class="min-w-0">{children()}</div>
        </td>
    }
    .into_any()
}
