//! One entity. One sentence says what it is, whose, what runs where, and what changed last.

mod about;
mod api;
mod history;
mod names;
mod pods;
pub(super) mod relations;
mod running;
mod sentence;
mod service;
mod work;

use about::{document, facts, troubles};
use backend::{
    Error,
    catalog::{self, Entity, Former, Happening, NeighbourGroup, Trouble, changing, running::RunsWhere},
    delivery::{self, ChangeView, CommitView, DeliveryView},
    maturity::{self, ServicePage},
};
use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        docs::{Asked, asked},
    },
    links,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::named::of_entity;
use crate::{
    components::{Actions, Card, Columns, Crumb, Grid, LinkButton, PageHeader, Sentence},
    pages::maturity::LevelsRow,
    request::RequestContext,
};

/// What the page shows. Somebody else's delivery is empty here, as one that is not there.
struct Loaded {
    entity: Entity,
    neighbours: Vec<NeighbourGroup>,
    troubles: Vec<Trouble>,
    /// Where its documentation is, if it has any.
    docs: Option<String>,
    viewer: Viewer,
    deliveries: Vec<DeliveryView>,
    commits: Vec<CommitView>,
    changes: Vec<ChangeView>,
    /// None: it has no levels, or they are not the viewer's to see.
    maturity: Option<ServicePage>,
    /// Whether kubeconfigs bring a way to sign in to the cluster.
    has_login: bool,
    happenings: Vec<Happening>,
    may_change: bool,
    may_remove: bool,
    former: Vec<Former>,
    /// None: it cannot run.
    running: Option<RunsWhere>,
}

const SHOWN_CHANGES: i64 = 20;
/// Of one relation; the rest is counted.
const SHOWN_NEIGHBOURS: i64 = 50;

#[component]
pub fn EntityPage() -> impl IntoView {
    let now = RequestContext::current()?.now;
    let load = |context: RequestContext, reference: EntityRef| async move { load(context, &reference).await };
    let draw = move |loaded: Loaded| match loaded.deliveries.is_empty() {
        true => view! { <EntityDetail loaded=loaded now=now /> }.into_any(),
        false => service::service(loaded, now),
    };
    of_entity(links::entity, load, draw)
}

async fn load(context: RequestContext, reference: &EntityRef) -> Result<Loaded, Error> {
    let RequestContext { viewer, db, now, has_kubectl_login: has_login, .. } = context;
    let entity = catalog::find(&viewer, &db, reference).await?;
    let neighbours = catalog::neighbours(&viewer, &db, reference, SHOWN_NEIGHBOURS).await?;
    let troubles = catalog::troubles(&viewer, &db, reference).await?;
    let is_elsewhere = matches!(asked(&entity.document), Some(Ok(Asked::Elsewhere(_))));
    let has_docs = is_elsewhere || catalog::has_docs(&viewer, &db, reference).await?;
    let docs = has_docs.then(|| links::docs(reference));
    let deliveries = delivery::of_service(&viewer, &db, reference).await?;
    let (mut commits, mut changes) = (Vec::new(), Vec::new());
    if let Some(first) = deliveries.first() {
        commits = delivery::commits(&viewer, &db, &first.repository).await?;
        changes = delivery::changes(&viewer, &db, Some(reference.name()), SHOWN_CHANGES).await?;
    }
    let maturity = match reference.kind() {
        "component" => match maturity::service(&viewer, &db, &reference.to_string(), now).await {
            Err(Error::NotFound) => None,
            other => Some(other?),
        },
        _ => None,
    };
    let happenings = catalog::timeline(&viewer, &db, reference).await?;
    let may_change = changing::may_change(&viewer, &db, reference).await?;
    let may_remove = catalog::may_remove(&viewer, &db, reference).await?;
    let former = catalog::former(&viewer, &db, reference).await?;
    let running = catalog::running::running_of(&viewer, &db, reference, &entity.document).await?;
    Ok(Loaded {
        entity,
        neighbours,
        troubles,
        docs,
        viewer,
        deliveries,
        commits,
        changes,
        maturity,
        has_login,
        happenings,
        may_change,
        may_remove,
        former,
        running,
    })
}

#[component]
fn EntityDetail(loaded: Loaded, now: OffsetDateTime) -> impl IntoView {
    let sentence = sentence::drawn(sentence::told(&loaded, now), now);
    let Loaded {
        entity,
        neighbours,
        troubles: found,
        docs,
        maturity,
        happenings,
        may_change,
        may_remove,
        former,
        running,
        ..
    } = loaded;
    let docs = docs.map(|href| view! { <LinkButton href=href>"Docs"</LinkButton> });
    let title = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
    let description = entity.description.clone().unwrap_or_else(|| "It has no description yet.".to_owned());
    let description = view! { <p class="mb-4 max-w-prose text-ink-2">{description}</p> };
    let (document, facts) = (document(&entity), facts(&entity, now));
    let relations = relations::relations(&entity.reference, &neighbours);
    let (changed, edit) =
        (history::of_entity(&entity, &happenings, now), (edit(&entity, may_change), remove(&entity, may_remove)));
    let levels = maturity.map(|page| view! { <div class="mb-4">{levels(Some(page))}</div> });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{sentence}</Sentence>
            <Actions slot>{docs} {edit}</Actions>
        </PageHeader>
        {description}
        {troubles(&entity, &found, now)}
        {names::former(&former)}
        {levels}
        {running::card(running.as_ref(), now)}
        {api::definition(&entity)}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it has to do with">{relations}</Card>
            <Card title="Facts">{facts}</Card>
        </Grid>
        <div class="my-4"><Card title="What changed">{changed}</Card></div>
        <Card title="What it says of itself">{document}</Card>
    }
}

/// For those who may.
fn edit(entity: &Entity, may_change: bool) -> Option<AnyView> {
    let href = links::entity_edit(&entity.reference);
    may_change.then(|| view! { <LinkButton href=href>"Edit"</LinkButton> }.into_any())
}

/// For those who may, once nothing describes it.
fn remove(entity: &Entity, may_remove: bool) -> Option<AnyView> {
    let href = links::entity_remove(&entity.reference);
    may_remove.then(|| view! { <LinkButton href=href>"Take it out"</LinkButton> }.into_any())
}

/// How far a service has come, each level opening to its evidence.
fn levels(maturity: Option<ServicePage>) -> Option<AnyView> {
    let ServicePage { levels, basis, .. } = maturity?;
    Some(view! { <Card title="Maturity"><LevelsRow levels=levels basis=basis /></Card> }.into_any())
}
