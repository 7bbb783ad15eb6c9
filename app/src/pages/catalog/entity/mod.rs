//! One entity. A service says in one sentence what runs where, which version, who owns it and what changed last.

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
    Db, Error,
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
use http::{HeaderValue, StatusCode, header::LOCATION};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use crate::{
    components::{Actions, Button, Card, Columns, Crumb, Grid, LinkButton, PageHeader, Sentence, TextLink},
    pages::{
        loaded::{loaded, missing},
        maturity::LevelsRow,
    },
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
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let Ok(reference) = EntityRef::new(&part("kind"), &part("namespace"), &part("name")) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let has_login = context.has_kubectl_login;
    let load = async move { find(context.viewer, context.db, has_login, &reference, now).await };
    let response = use_context::<ResponseOptions>();
    let draw = move |found: Found| match found {
        Found::Here(loaded) if loaded.deliveries.is_empty() => {
            view! { <EntityDetail loaded=*loaded now=now /> }.into_any()
        }
        Found::Here(loaded) => service::service(*loaded, now),
        Found::CalledNow(reference) => moved(response, &reference),
    };
    Some(loaded(load, draw).into_any())
}

enum Found {
    Here(Box<Loaded>),
    /// Under the name that was asked for it was known before.
    CalledNow(EntityRef),
}

async fn find(
    viewer: Viewer,
    db: Db,
    has_login: bool,
    reference: &EntityRef,
    now: OffsetDateTime,
) -> Result<Found, Error> {
    match load(viewer.clone(), db.clone(), has_login, reference, now).await {
        Err(Error::NotFound) => catalog::called_now(&viewer, &db, reference).await.map(Found::CalledNow),
        other => other.map(|loaded| Found::Here(Box::new(loaded))),
    }
}

/// The old address may be somebody else's one day, so that nobody should remember where it leads.
fn moved(response: Option<ResponseOptions>, reference: &EntityRef) -> AnyView {
    let href = links::entity(reference);
    if let (Some(response), Ok(location)) = (response, HeaderValue::from_str(&href)) {
        response.set_status(StatusCode::FOUND);
        response.insert_header(LOCATION, location);
    }
    let name = reference.to_string();
    view! { <TextLink href=href>{name}</TextLink> }.into_any()
}

async fn load(
    viewer: Viewer,
    db: Db,
    has_login: bool,
    reference: &EntityRef,
    now: OffsetDateTime,
) -> Result<Loaded, Error> {
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
    let (document, facts) = (document(&entity), facts(&entity, now));
    let relations = relations::relations(&entity.reference, &neighbours);
    let (changed, edit) =
        (history::of_entity(&entity, &happenings, now), (edit(&entity, may_change), remove(&entity, may_remove)));
    let levels = maturity.map(|page| view! { <div class="mb-4">{levels(Some(page))}</div> });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{description}</Sentence>
            <Actions slot>{docs} {edit}</Actions>
        </PageHeader>
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
    let action = links::entity_remove(&entity.reference);
    let button = || view! { <form method="post" action=action><Button>"Take it out"</Button></form> }.into_any();
    may_remove.then(button)
}

/// How far a service has come, each level opening to its evidence.
fn levels(maturity: Option<ServicePage>) -> Option<AnyView> {
    let ServicePage { levels, basis, .. } = maturity?;
    Some(view! { <Card title="Maturity"><LevelsRow levels=levels basis=basis /></Card> }.into_any())
}
