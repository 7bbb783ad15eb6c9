//! What becomes of the entities of one source, and what is wrong with its files.

use backend::catalog::{PreviewDocument, PreviewFate, living::Holder};
use domain::{catalog::descriptor::Finding, links};
use leptos::prelude::*;

use crate::components::{Badge, Cell, Column, DataTable, RowHeader, TableRow, TextLink, Tone};

/// Nobody reads more one by one; the figures above the table count all.
const MOST_ROWS: usize = 300;
/// Who has a name that is taken is said with the document.
pub(super) const TAKEN: &str = "entity-taken";

/// Each entity with what happens to it.
pub(super) fn entities(documents: Vec<PreviewDocument>, holders: &[Holder], caption: String) -> AnyView {
    let more = documents.len().saturating_sub(MOST_ROWS);
    let more = (more > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">"And " {more.to_string()} " more."</p> });
    let rows = documents.into_iter().take(MOST_ROWS).map(|document| row(document, holders)).collect_view();
    let columns = ["Entity", "What happens", "Where"].map(Column::text).to_vec();
    view! {
        <DataTable caption=caption columns=columns>{rows}</DataTable>
        {more}
    }
    .into_any()
}

pub(super) fn summary(documents: &[PreviewDocument], findings: &[(String, Finding)], orphaned: usize) -> String {
    let count = |is: fn(&PreviewFate) -> bool| documents.iter().filter(|document| is(&document.fate)).count();
    let failed = findings.iter().filter(|(_, finding)| finding.is_error() && finding.rule != TAKEN).count();
    let parts = [
        (count(|fate| *fate == PreviewFate::Appears), "new"),
        (count(|fate| matches!(fate, PreviewFate::Changes(_))), "changed"),
        (count(|fate| *fate == PreviewFate::Unchanged), "unchanged"),
        (count(|fate| *fate == PreviewFate::Collides), "held by somebody else, left alone"),
        (orphaned, "no longer described, marked as orphaned"),
        (failed, "to mend first, left out"),
    ];
    let told: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    if told.is_empty() { "There is no entity in what was read.".to_owned() } else { format!("{}.", told.join(", ")) }
}

fn row(document: PreviewDocument, holders: &[Holder]) -> AnyView {
    let PreviewDocument { file, line, column, reference, fate } = document;
    let happens = match fate {
        PreviewFate::Appears => view! { <Badge tone=Tone::Good word="appears" /> }.into_any(),
        PreviewFate::Unchanged => view! { <Badge tone=Tone::Info word="unchanged" /> }.into_any(),
        PreviewFate::Changes(fields) => {
            let fields = if fields.is_empty() { "where it is described".to_owned() } else { fields.join(", ") };
            view! { <Badge tone=Tone::Warn word="changes" /> <p class="text-sm text-ink-2 wrap-anywhere">{fields}</p> }
                .into_any()
        }
        PreviewFate::Collides => collides(holders.iter().find(|holder| holder.reference == reference)),
    };
    let (name, place) = (reference.to_string(), format!("{file}, line {line}, column {column}"));
    view! {
        <TableRow>
            <RowHeader label="Entity"><span class="wrap-anywhere">{name}</span></RowHeader>
            <Cell label="What happens">{happens}</Cell>
            <Cell label="Where"><span class="wrap-anywhere">{place}</span></Cell>
        </TableRow>
    }
    .into_any()
}

fn collides(holder: Option<&Holder>) -> AnyView {
    let with = holder.map(|holder| {
        let (href, origin) = (links::entity(&holder.reference), holder.origin.clone());
        view! {
            <p class="text-sm text-ink-2 wrap-anywhere">
                "The catalog has it " <TextLink href=href>"from elsewhere"</TextLink> ": " {origin} ". It stays as it is there."
            </p>
        }
    });
    view! { <Badge tone=Tone::Bad word="collides" /> {with} }.into_any()
}

pub(super) fn finding((file, finding): (String, Finding)) -> AnyView {
    let (tone, word) = if finding.is_error() { (Tone::Bad, "fails") } else { (Tone::Warn, "look") };
    let place = format!("{file}:{}:{}", finding.line, finding.column);
    let (rule, message) = (finding.rule, finding.message);
    view! {
        <li class="py-2">
            <Badge tone=tone word=word /> " " <code class="wrap-anywhere">{place}</code> " "
            <span class="text-sm text-ink-3">{rule}</span> <p class="wrap-anywhere">{message}</p>
        </li>
    }
    .into_any()
}
