//! Repositories that nothing in the catalog comes from, with whose they might be.

use backend::catalog::living::{MOST_UNDESCRIBED, Undescribed};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;

use super::{decision, proposed};
use crate::components::{Button, Cell, Column, DataTable, RowHeader, SafeHref, TableRow, TextLink};

/// Nothing where every repository is in the catalog.
pub(super) fn repositories(found: Vec<Undescribed>, owners: &[EntityRef]) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let is_cut = i64::try_from(found.len()).is_ok_and(|count| count >= MOST_UNDESCRIBED);
    let cut = is_cut.then(|| {
        let words = format!("There are more; these are the first {MOST_UNDESCRIBED}.");
        view! { <p class="mt-3 text-sm text-ink-2">{words}</p> }
    });
    let columns = ["Repository", "Might belong to", "Action"].map(Column::text).to_vec();
    let rows = found.into_iter().map(|found| row(found, owners)).collect_view();
    let section = view! {
        <section class="mt-8">
            <h2 class="mb-1 text-lg font-[620]">"Repositories that nothing describes"</h2>
            <p class="mb-3 max-w-prose text-ink-2">
                "One with a catalog file is imported. One without is adopted: an entry stands for it until a file of the same owner does."
            </p>
            <DataTable caption="Repositories that nothing describes" columns=columns>{rows}</DataTable>
            {cut}
        </section>
    };
    Some(section.into_any())
}

fn row(found: Undescribed, owners: &[EntityRef]) -> AnyView {
    let action = action(&found, owners);
    let Undescribed { repository, description, address, proposal, .. } = found;
    let name = match SafeHref::parse(&address) {
        Ok(href) => view! { <TextLink href=href>{repository}</TextLink> }.into_any(),
        Err(_) => repository.into_any(),
    };
    let proposal = proposed(proposal);
    view! {
        <TableRow>
            <RowHeader label="Repository">
                {name} <p class="text-sm font-normal wrap-anywhere text-ink-2">{description}</p>
            </RowHeader>
            <Cell label="Might belong to">{proposal}</Cell>
            <Cell label="Action">{action}</Cell>
        </TableRow>
    }
    .into_any()
}

fn action(found: &Undescribed, owners: &[EntityRef]) -> Option<AnyView> {
    let repository = found.repository.clone();
    if let Some(file) = found.file.clone() {
        let form = view! {
            <form method="post" action=links::CATALOG_IMPORT>
                <input type="hidden" name="address" value=file />
                <Button><span>"Import" <span class="sr-only">" " {repository}</span></span></Button>
            </form>
        };
        return Some(form.into_any());
    }
    if !found.may_adopt {
        return None;
    }
    let decision = decision(&repository, found.proposal.as_ref(), owners)?;
    let form = view! {
        <form method="post" action=links::REPOSITORY_ADOPT class="flex flex-wrap items-center gap-2">
            <input type="hidden" name="repository" value=repository />
            {decision}
        </form>
    };
    Some(form.into_any())
}
