//! Parameters and fields, nested ones below what they belong to.

use domain::catalog::api_reference::Row;
use leptos::prelude::*;

use super::text;
use crate::components::{Cell, Column, DataTable, RowHeader, TableRow};

/// How far a name is moved in; deeper than that it would leave the table.
const INDENTS: [&str; 5] = ["", "pl-3", "pl-6", "pl-9", "pl-12"];

pub(super) fn rows(caption: String, rows: Vec<Row>, is_cut: bool) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let columns = ["Name", "Type", "What it is"].map(Column::text).to_vec();
    let rows = rows.into_iter().map(row).collect_view();
    let rest =
        is_cut.then(|| view! { <p class="mt-1 text-sm text-ink-2">"There is more in the definition itself."</p> });
    view! { <DataTable caption=caption columns=columns>{rows}</DataTable> {rest} }.into_any()
}

fn row(row: Row) -> AnyView {
    let Row { depth, name, place, type_name, is_required, is_deprecated, description } = row;
    let indent = INDENTS[depth.min(INDENTS.len() - 1)];
    let marks = [(!place.is_empty()).then(|| format!("in {place}")), is_required.then(|| "required".to_owned())];
    let marks = marks.into_iter().flatten().chain(is_deprecated.then(|| "deprecated".to_owned()));
    let marks = marks.collect::<Vec<_>>().join(", ");
    view! {
        <TableRow>
            <RowHeader label="Name">
                <span class=indent><code class="break-words">{name}</code></span>
                <p class="text-sm font-normal text-ink-2">{marks}</p>
            </RowHeader>
            <Cell label="Type"><code class="break-words">{type_name}</code></Cell>
            <Cell label="What it is">{text(description)}</Cell>
        </TableRow>
    }
    .into_any()
}
