//! What runs and stands in no catalog, by the place where it runs.

use backend::catalog::running::{MOST_OFFERED, Offer, OfferReason, Offers};
use domain::{catalog::EntityRef, catalog::running::ID, links};
use leptos::prelude::*;

use super::super::running::images;
use crate::components::{Button, Card, Cell, Choice, Column, DataTable, RowHeader, RowSelect, TableRow, TextLink};

/// A card for each namespace.
pub(super) fn offers(offers: Offers) -> Option<AnyView> {
    if offers.found.is_empty() {
        return None;
    }
    let Offers { found, is_cut, owners } = offers;
    let cards = found.chunk_by(is_same_place).map(|of| card(of, &owners)).collect_view();
    let cut = is_cut.then(|| {
        view! { <p class="mt-3 text-sm text-ink-2">{format!("There are more; these are the first {MOST_OFFERED}.")}</p> }
    });
    let section = view! {
        <section class="mt-8">
            <h2 class="mb-1 text-lg font-[620]">"Running in a cluster, in no catalog"</h2>
            <p class="mb-3 max-w-prose text-ink-2">
                "What is adopted becomes an entry with an owner, and its page shows where it runs. Nothing in the cluster is changed."
            </p>
            <div class="grid grid-cols-[minmax(0,1fr)] gap-4">{cards}</div>
            {cut}
        </section>
    };
    Some(section.into_any())
}

fn is_same_place(one: &Offer, next: &Offer) -> bool {
    (&one.key.cluster, &one.key.namespace) == (&next.key.cluster, &next.key.namespace)
}

fn card(of: &[Offer], owners: &[EntityRef]) -> AnyView {
    let Some(first) = of.first() else { return ().into_any() };
    let (title, aside) = (first.key.namespace.clone(), format!("on {}", first.key.cluster));
    let caption = format!("In no catalog: {title} {aside}");
    let columns = ["What", "Image", "Might belong to", "Action"].map(Column::text).to_vec();
    let rows = of.iter().map(|offer| row(offer, owners)).collect_view();
    view! { <Card title=title aside=aside><DataTable caption=caption columns=columns>{rows}</DataTable></Card> }
        .into_any()
}

fn row(offer: &Offer, owners: &[EntityRef]) -> AnyView {
    let members: Vec<String> = offer.members.iter().map(|(kind, name)| format!("{} {name}", kind.as_str())).collect();
    let members = if members.is_empty() { "the namespace itself".to_owned() } else { members.join(", ") };
    let shown = match offer.key.what.is_some() {
        true => images(&offer.images),
        false => view! { <span class="text-ink-2">"none"</span> }.into_any(),
    };
    let proposal = match &offer.proposal {
        Some((owner, reason)) => {
            let (href, name, why) = (links::entity(owner), owner.name().to_owned(), why(reason));
            view! { <TextLink href=href>{name}</TextLink> <p class="text-sm wrap-anywhere text-ink-2">{why}</p> }
                .into_any()
        }
        None => view! { <span class="text-ink-2">"not known"</span> }.into_any(),
    };
    let (name, action) = (offer.name.clone(), action(offer, owners));
    view! {
        <TableRow>
            <RowHeader label="What">
                <span class="wrap-anywhere">{name}</span>
                <p class="text-sm font-normal wrap-anywhere text-ink-2">{members}</p>
            </RowHeader>
            <Cell label="Image">{shown}</Cell>
            <Cell label="Might belong to">{proposal}</Cell>
            <Cell label="Action">{action}</Cell>
        </TableRow>
    }
    .into_any()
}

/// Who may choose does; everybody else takes it for the team that is proposed.
fn action(offer: &Offer, owners: &[EntityRef]) -> Option<AnyView> {
    if offer.marks.is_none() {
        let label = format!("{ID}: {}", offer.name);
        return Some(
            view! {
                <p class="text-sm wrap-anywhere text-ink-2">
                    "No label tells it from what else runs there. Give it one, such as " <code>{label}</code> ", then adopt it."
                </p>
            }
            .into_any(),
        );
    }
    if !offer.may_adopt {
        return None;
    }
    let proposed = offer.proposal.as_ref().map(|(owner, _)| owner.clone());
    let name = offer.name.clone();
    let (owner, words) = if owners.is_empty() {
        let owner = proposed?;
        let words = format!(" for {}", owner.name());
        (view! { <input type="hidden" name="owner" value=owner.to_string() /> }.into_any(), words)
    } else {
        let choices = owners.iter().map(|owner| Choice::new(owner.to_string(), owner.name()));
        let choices = [Choice::new("", "Choose a team")].into_iter().chain(choices).collect::<Vec<_>>();
        let (value, label) = (proposed.map(|owner| owner.to_string()).unwrap_or_default(), format!("Owner of {name}"));
        (view! { <RowSelect name="owner" label=label choices=choices value=value /> }.into_any(), String::new())
    };
    let key = offer.key.clone();
    Some(
        view! {
            <form method="post" action=links::CATALOG_ADOPT class="flex flex-wrap items-center gap-2">
                <input type="hidden" name="cluster" value=key.cluster />
                <input type="hidden" name="namespace" value=key.namespace />
                <input type="hidden" name="what" value=key.what.unwrap_or_default() />
                {owner}
                <Button><span>"Adopt" <span class="sr-only">" " {name}</span> {words}</span></Button>
            </form>
        }
        .into_any(),
    )
}

fn why(reason: &OfferReason) -> String {
    match reason {
        OfferReason::Label { key, is_of_namespace: false } => format!("its label {key} names them"),
        OfferReason::Label { key, is_of_namespace: true } => format!("the label {key} of the namespace names them"),
        OfferReason::Whole { system } => format!("they own the system {system} that it is a part of"),
        OfferReason::Neighbours => "they own most of what runs there".to_owned(),
    }
}
