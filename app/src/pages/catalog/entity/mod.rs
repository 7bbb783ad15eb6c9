//! One entity. A service says in one sentence what runs where, which version, who owns it and what changed last.

mod about;
mod history;
mod pods;
mod relations;
mod sentence;
mod service;
mod work;

use about::{document, facts, troubles};
use backend::{
    Db, Error,
    catalog::{self, Entity, NeighbourGroup, Trouble},
    delivery::{self, ChangeView, CommitView, DeliveryView},
};
use domain::{access::Viewer, catalog::EntityRef};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use crate::{
    components::{Card, Columns, Crumb, Grid, PageHeader, Sentence},
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

/// What the page shows. Somebody else's delivery is empty here, as one that is not there.
struct Loaded {
    entity: Entity,
    neighbours: Vec<NeighbourGroup>,
    troubles: Vec<Trouble>,
    viewer: Viewer,
    deliveries: Vec<DeliveryView>,
    commits: Vec<CommitView>,
    changes: Vec<ChangeView>,
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
    let load = async move { load(context.viewer, context.db, has_login, &reference).await };
    let draw = move |loaded: Loaded| match loaded.deliveries.is_empty() {
        true => view! { <EntityDetail loaded=loaded now=now /> }.into_any(),
        false => service::service(loaded, now),
    };
    Some(loaded(load, draw).into_any())
}

async fn load(viewer: Viewer, db: Db, has_login: bool, reference: &EntityRef) -> Result<Loaded, Error> {
    let entity = catalog::find(&viewer, &db, reference).await?;
    let neighbours = catalog::neighbours(&viewer, &db, reference, SHOWN_NEIGHBOURS).await?;
    let troubles = catalog::troubles(&viewer, &db, reference).await?;
    let deliveries = delivery::of_service(&viewer, &db, reference).await?;
    let (mut commits, mut changes) = (Vec::new(), Vec::new());
    if let Some(first) = deliveries.first() {
        commits = delivery::commits(&viewer, &db, &first.repository).await?;
        changes = delivery::changes(&viewer, &db, Some(reference.name()), SHOWN_CHANGES).await?;
    }
    Ok(Loaded { entity, neighbours, troubles, viewer, deliveries, commits, changes, has_login })
}

#[component]
fn EntityDetail(loaded: Loaded, now: OffsetDateTime) -> impl IntoView {
    let Loaded { entity, neighbours, troubles: found, .. } = loaded;
    let title = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
    let description = entity.description.clone().unwrap_or_else(|| "It has no description yet.".to_owned());
    let (document, facts) = (document(&entity), facts(&entity, now));
    let relations = relations::relations(&neighbours);
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{description}</Sentence>
        </PageHeader>
        {troubles(&entity, &found, now)}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it has to do with">{relations}</Card>
            <Card title="Facts">{facts}</Card>
        </Grid>
        <Card title="What it says of itself">{document}</Card>
    }
}
