//! What nobody owns, with who might and why; and what runs and stands in no catalog at all.

mod offers;
mod repositories;

use backend::catalog::{
    self, MOST_UNOWNED, Proposal, Reason, Unowned,
    living::{self, Undescribed},
    running::{self, Offers},
};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;

use crate::{
    components::{
        Button, Cell, Choice, Column, Crumb, DataTable, EmptyState, PageHeader, RowHeader, RowSelect, Sentence,
        TableRow, TextLink,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn UnownedPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let load = async move {
        let found = catalog::unowned(&context.viewer, &context.db).await?;
        let repositories = living::undescribed(&context.viewer, &context.db).await?;
        Ok((found, repositories, running::offers(&context.viewer, &context.db).await?))
    };
    let draw = |(found, repositories, offers)| {
        view! { <List found=found repositories=repositories offers=offers /> }
    };
    Some(loaded(load, draw))
}

#[component]
fn List(found: Vec<Unowned>, repositories: Vec<Undescribed>, offers: Offers) -> impl IntoView {
    let is_cut = i64::try_from(found.len()).is_ok_and(|count| count >= MOST_UNOWNED);
    let is_more = !offers.found.is_empty() || !repositories.is_empty();
    let title = match found.len() {
        0 if !offers.found.is_empty() => "Something runs that is in no catalog".to_owned(),
        0 if is_more => "Every entry has an owner".to_owned(),
        0 => "Everything has an owner".to_owned(),
        1 => "One entry has no living owner".to_owned(),
        count if is_cut => format!("{count} entries and more have no living owner"),
        count => format!("{count} entries have no living owner"),
    };
    let owners = offers.owners.clone();
    let list = if found.is_empty() && is_more {
        ().into_any()
    } else if found.is_empty() {
        view! { <EmptyState sentence="What loses its team, or never had one, stands here with a proposal." /> }
            .into_any()
    } else {
        let rows = found.into_iter().map(|found| row(found, &owners)).collect_view();
        let columns = ["Name", "Owner it names", "Might belong to", "Action"].map(Column::text).to_vec();
        view! { <DataTable caption="Entries without a living owner" columns=columns>{rows}</DataTable> }.into_any()
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"A team takes what is proposed to it in one step. Where nobody is proposed, the platform team says whose it is, or the file that describes it does, which the page of each entry names."</Sentence>
        </PageHeader>
        {list}
        {offers::offers(offers)}
        {repositories::repositories(repositories, &owners)}
    }
    .into_any()
}

fn row(found: Unowned, owners: &[EntityRef]) -> AnyView {
    let action = action(&found, owners);
    let Unowned { reference, title, named, proposal, .. } = found;
    let (href, kind) = (links::entity(&reference), reference.kind().to_owned());
    let name = title.unwrap_or_else(|| reference.name().to_owned());
    let named = match named {
        Some(named) => format!("{named}, whom the catalog does not know"),
        None => "nobody".to_owned(),
    };
    let proposal = proposed(proposal);
    view! {
        <TableRow>
            <RowHeader label="Name">
                <TextLink href=href>{name}</TextLink> " " <span class="text-sm font-normal text-ink-3">{kind}</span>
            </RowHeader>
            <Cell label="Owner it names"><span class="break-words">{named}</span></Cell>
            <Cell label="Might belong to">{proposal}</Cell>
            <Cell label="Action">{action}</Cell>
        </TableRow>
    }
    .into_any()
}

/// Who might own it, and why.
fn proposed(proposal: Option<Proposal>) -> AnyView {
    let Some(Proposal { owner, reason }) = proposal else {
        return view! { <span class="text-ink-2">"not known"</span> }.into_any();
    };
    let (href, name, why) = (links::entity(&owner), owner.name().to_owned(), why(reason));
    view! { <TextLink href=href>{name}</TextLink> <p class="text-sm text-ink-2">{why}</p> }.into_any()
}

/// For those who may; nothing while a change of its owner is under way.
fn action(found: &Unowned, owners: &[EntityRef]) -> Option<AnyView> {
    if let Some(change) = found.under_way {
        let href = links::catalog_change(change);
        return Some(view! { <TextLink href=href>"A change is under way"</TextLink> }.into_any());
    }
    if !found.may_adopt {
        return None;
    }
    let (address, name) = (links::entity_adopt(&found.reference), found.reference.name().to_owned());
    let decision = decision(&name, found.proposal.as_ref(), owners)?;
    Some(
        view! { <form method="post" action=address class="flex flex-wrap items-center gap-2">{decision}</form> }
            .into_any(),
    )
}

/// Taking it for the team that is proposed; where nobody is, for one of those that the viewer may choose from.
fn decision(name: &str, proposal: Option<&Proposal>, owners: &[EntityRef]) -> Option<AnyView> {
    let called = name.to_owned();
    if let Some(Proposal { owner, .. }) = proposal {
        let (value, team) = (owner.to_string(), owner.name().to_owned());
        return Some(
            view! {
                <input type="hidden" name="owner" value=value />
                <Button><span>"Adopt" <span class="sr-only">" " {called}</span> " for " {team}</span></Button>
            }
            .into_any(),
        );
    }
    if owners.is_empty() {
        return None;
    }
    let teams = owners.iter().map(|owner| Choice::new(owner.to_string(), owner.name()));
    let choices = [Choice::new("", "Choose a team")].into_iter().chain(teams).collect::<Vec<_>>();
    Some(
        view! {
            <RowSelect name="owner" label=format!("Owner of {name}") choices=choices />
            <Button><span>"Adopt" <span class="sr-only">" " {called}</span></span></Button>
        }
        .into_any(),
    )
}

fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Label => "a label of its own names them",
        Reason::Whole => "they own what it is a part of",
        Reason::CodeOwners => "the code owners file of its repository names them",
        Reason::History => "most of those who committed last are members",
        Reason::Repository => "its repository lies below their name",
        Reason::Dependents => "they own most of what needs it",
    }
}
