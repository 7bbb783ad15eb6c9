//! One entity. A service says in one sentence what runs where, which version, who owns it and what changed last.

mod about;
mod api;
mod history;
mod pods;
pub(super) mod relations;
mod sentence;
mod service;
mod work;

use about::{document, facts, troubles};
use backend::{
    Db, Error,
    catalog::{self, Entity, NeighbourGroup, Trouble},
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
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use crate::{
    components::{Actions, Card, Columns, Crumb, Grid, LinkButton, PageHeader, Sentence},
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
    let load = async move { load(context.viewer, context.db, has_login, &reference, now).await };
    let draw = move |loaded: Loaded| match loaded.deliveries.is_empty() {
        true => view! { <EntityDetail loaded=loaded now=now /> }.into_any(),
        false => service::service(loaded, now),
    };
    Some(loaded(load, draw).into_any())
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
    Ok(Loaded { entity, neighbours, troubles, docs, viewer, deliveries, commits, changes, maturity, has_login })
}

#[component]
fn EntityDetail(loaded: Loaded, now: OffsetDateTime) -> impl IntoView {
    let Loaded { entity, neighbours, troubles: found, docs, maturity, .. } = loaded;
    let docs = docs.map(|href| view! { <LinkButton href=href>"Docs"</LinkButton> });
    let title = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
    let description = entity.description.clone().unwrap_or_else(|| "It has no description yet.".to_owned());
    let (document, facts) = (document(&entity), facts(&entity, now));
    let relations = relations::relations(&entity.reference, &neighbours);
    let levels = maturity.map(|page| view! { <div class="mb-4">{levels(Some(page))}</div> });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{description}</Sentence>
            <Actions slot>{docs}</Actions>
        </PageHeader>
        {troubles(&entity, &found, now)}
        {levels}
        {api::definition(&entity)}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it has to do with">{relations}</Card>
            <Card title="Facts">{facts}</Card>
        </Grid>
        <Card title="What it says of itself">{document}</Card>
    }
}

/// How far a service has come, each level opening to its evidence.
fn levels(maturity: Option<ServicePage>) -> Option<AnyView> {
    let ServicePage { levels, basis, .. } = maturity?;
    Some(view! { <Card title="Maturity"><LevelsRow levels=levels basis=basis /></Card> }.into_any())
}
