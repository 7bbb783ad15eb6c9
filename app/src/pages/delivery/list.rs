//! Every service with its environments, or one with what can be done about it.

use backend::{
    Error,
    delivery::{self, ChangeView, DeliveryFilter, DeliveryPage, DeliveryView},
};
use domain::{access::Viewer, delivery::ChangeState, golden_paths::form::Typed, links};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::{environments, forms, next_steps, troubles, unreleased_notes, words};
use crate::{
    components::{
        Badge, Card, Columns, Crumb, EmptyState, Grid, Lead, PageHeader, Pager, RowItem, Rows, SafeHref, Sentence,
        TextLink, relative,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

const SHOWN_CHANGES: i64 = 20;

struct Loaded {
    page: DeliveryPage,
    changes: Vec<ChangeView>,
    viewer: Viewer,
    service: Option<String>,
    is_first: bool,
    /// Into the forms, before a sign-in.
    typed: Option<Typed>,
}

#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let query = use_query_map().read_untracked().clone();
    let (service, after) = (query.get("service").filter(|s| !s.is_empty()), query.get("after"));
    let now = context.now;
    let load = async move {
        let (viewer, db, typed) = (context.viewer, context.db, context.left_form.typed);
        let is_first = after.is_none();
        let filter = DeliveryFilter { service: service.clone(), after, limit: Some(20), ..DeliveryFilter::default() };
        let page = delivery::list(&viewer, &db, &filter).await?;
        if service.is_some() && page.items.is_empty() {
            return Err(Error::NotFound);
        }
        let changes = delivery::changes(&viewer, &db, service.as_deref(), SHOWN_CHANGES).await?;
        Ok(Loaded { page, changes, viewer, service, is_first, typed })
    };
    Some(loaded(load, move |loaded| view! { <Deliveries loaded=loaded now=now /> }))
}

#[component]
fn Deliveries(loaded: Loaded, now: OffsetDateTime) -> impl IntoView {
    let Loaded { page, changes, viewer, service, is_first, typed } = loaded;
    let services = by_service(page.items);
    let stuck = services.iter().flatten().filter(|view| !view.troubles.is_empty()).count();
    let title = match (&service, stuck) {
        (Some(name), _) => format!("Delivery of {name}"),
        (None, _) if services.is_empty() => "Nothing is delivered yet".to_owned(),
        (None, 0) => "Delivery".to_owned(),
        (None, 1) => "One environment is stuck".to_owned(),
        (None, n) => format!("{n} environments are stuck"),
    };
    let crumbs = service.as_ref().map(|_| vec![Crumb::new("Delivery", "/delivery")]).unwrap_or_default();
    let next = page.next_cursor.map(|cursor| SafeHref::from(format!("/delivery?after={}", cursor.replace('/', "%2F"))));
    let first = (!is_first).then(|| SafeHref::from("/delivery"));
    let summary = format!("{} services on this page", services.len());
    let is_one = service.is_some();
    let is_moving = changes.iter().any(|change| matches!(change.state, ChangeState::Queued | ChangeState::Syncing));
    view! {
        // Nobody's choice in a form is taken away by drawing the page again.
        {(is_moving && !is_one).then(super::followed)}
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>
                "What should run beside what does. Promoting and rolling back are commits: you read the difference before anything is changed. Production runs what a lead of the team has approved, whatever is pushed."
            </Sentence>
        </PageHeader>
        {open(&changes, now)}
        {if services.is_empty() {
            view! { <EmptyState sentence="A service that is made from a golden path appears here with its environments." /> }
                .into_any()
        } else {
            services.iter().map(|views| card(views, &viewer, (is_one, typed.as_ref()), now)).collect_view().into_any()
        }}
        {(!is_one).then(|| view! { <Pager summary=summary first=first next=next /> })}
    }
}

/// Changes that somebody has to do something about, the viewer's own decisions first.
fn open(changes: &[ChangeView], now: OffsetDateTime) -> Option<AnyView> {
    let mut open: Vec<&ChangeView> = changes.iter().filter(|change| !change.state.is_terminal()).collect();
    open.sort_by_key(|change| {
        let is_mine = (change.state == ChangeState::AwaitingApproval && change.may_decide)
            || (change.state == ChangeState::Ready && change.is_own);
        !is_mine
    });
    if open.is_empty() {
        return None;
    }
    let row = |change: &ChangeView| {
        let subject = change.subject.clone().unwrap_or_else(|| format!("Change of {}", change.environment));
        let detail = format!("{} asked for it {}", change.requested_by, relative(change.created_at, now));
        let (state, address) = (change.state, links::change(change.id));
        view! {
            <RowItem detail=detail>
                <Lead slot>
                    <Badge tone=words::change_tone(state) word=words::change_words(state) />
                </Lead>
                <TextLink href=address>{subject}</TextLink>
            </RowItem>
        }
    };
    let rows = open.into_iter().map(row).collect_view();
    Some(view! { <div class="mb-4"><Card title="Under way"><Rows>{rows}</Rows></Card></div> }.into_any())
}

/// The only one has forms, with what was typed into them.
fn card(
    views: &[DeliveryView],
    viewer: &Viewer,
    (is_one, typed): (bool, Option<&Typed>),
    now: OffsetDateTime,
) -> AnyView {
    let Some(first) = views.first() else { return ().into_any() };
    let name = first.service.name().to_owned();
    let may_change = viewer.is_member(first.team.name());
    let table = environments(&format!("Environments of {name}"), views, now);
    let page = links::entity(&first.service);
    let all = links::delivery(&name);
    let actions = may_change.then(|| {
        view! {
            {(!is_one).then(|| next_steps(views))}
            {(!is_one).then(|| view! { <TextLink href=all>{format!("Promote or roll back {name}")}</TextLink> })}
        }
    });
    let forms = (may_change && is_one).then(|| {
        let backs = views.iter().map(|view| forms::roll_back(view, typed, now)).collect_view();
        let promote = forms::promote(views, typed);
        view! {
            <Grid columns=Columns::Two>
                <Card title="Promote">{promote}</Card>
                <Card title="Roll back"><div class="grid gap-5">{backs}</div></Card>
            </Grid>
        }
    });
    view! {
        <div class="mb-4">
            {is_one.then(|| troubles(views, now))}
            {is_one.then(|| unreleased_notes(views, may_change, now))}
            <Card title=name.clone() aside=format!("owned by {}", first.team.name())>
                {table}
                <div class="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
                    <TextLink href=page>{format!("Everything about {name}")}</TextLink>
                    {actions}
                </div>
            </Card>
        </div>
        {forms}
    }
    .into_any()
}

/// The environments of a service stand together already.
fn by_service(items: Vec<DeliveryView>) -> Vec<Vec<DeliveryView>> {
    let mut services: Vec<Vec<DeliveryView>> = Vec::new();
    for item in items {
        match services.last_mut() {
            Some(views) if views.first().is_some_and(|first| first.service == item.service) => views.push(item),
            _ => services.push(vec![item]),
        }
    }
    services
}
