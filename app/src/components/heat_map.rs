//! The heat map: a real table, one row for each subject, one column for each dimension.

use leptos::prelude::*;

use super::{Align, Cell, Column, LevelCell, LevelReading, RowHeader, SafeHref, TextLink, table::TableHead};

/// The levels of one team, service or unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    pub subject: String,
    pub href: SafeHref,
    /// In the order of the columns, each with the address of its evidence.
    pub cells: Vec<(LevelReading, SafeHref)>,
    /// What changed: "level since May", "+1 step".
    pub trend: String,
}

/// Levels of subjects by dimension. Below 760 px each subject is a card.
#[component]
pub fn HeatMap(
    /// Says what the table holds.
    #[prop(into)]
    caption: String,
    /// What a row is: "Team".
    #[prop(into)]
    subject: String,
    dimensions: Vec<String>,
    /// The span that the last column is about: "this quarter".
    #[prop(into)]
    trend: String,
    rows: Vec<HeatRow>,
) -> impl IntoView {
    let first = [Column::text(subject.clone())].into_iter();
    let middle = dimensions.iter().cloned().map(Column::centered);
    let columns = first.chain(middle).chain([Column::number(trend.clone())]).collect();
    let row = move |HeatRow { subject: name, href, cells, trend: change }: HeatRow| {
        let cells = dimensions.iter().zip(cells).map(|(dimension, (reading, href))| {
            let whose = format!("{name}, {dimension}");
            view! {
                <Cell label=dimension.clone()>
                    <LevelCell subject=whose reading=reading href=href />
                </Cell>
            }
        });
        let cells = cells.collect_view();
        view! {
            <tr role="row" class="group">
                <RowHeader label=subject.clone()>
                    <TextLink href=href>{name}</TextLink>
                </RowHeader>
                {cells}
                <Cell label=trend.clone() align=Align::End>
                    <span class="text-sm whitespace-nowrap text-ink-2">{change}</span>
                </Cell>
            </tr>
        }
    };
    let label = caption.clone();
    view! {
        <div class="-mx-1 overflow-x-auto px-1" role="group" tabindex="0" aria-label=label>
            <table
                role="table"
                class="labelled-cards w-full table-fixed border-separate border-spacing-0 text-md *:*:*:align-middle md:min-w-160 md:[&_:is(td,th)]:border-b-0 md:[&_:is(td,th)]:px-[3px] md:[&_:is(td,th)]:py-[3px]"
            >
                <caption class="sr-only">{caption}</caption>
                <TableHead columns=columns />
                <tbody role="rowgroup">{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
