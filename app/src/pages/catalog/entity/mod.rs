//! One entity. A service says in one sentence what runs where, which version, who owns it and what changed last.

mod history;
mod pods;
mod sentence;
mod service;
mod work;

use backend::{
    Db, Error,
    catalog::{self, Entity},
    delivery::{self, ChangeView, CommitView, DeliveryView},
};
use domain::{access::Viewer, catalog::EntityRef};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::list::owner;
use crate::{
    components::{Card, CodeBlock, Columns, Crumb, Grid, KeyValue, KeyValues, Moment, PageHeader, Sentence},
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

/// What the page shows. Somebody else's delivery is empty here, as one that is not there.
struct Loaded {
    entity: Entity,
    viewer: Viewer,
    deliveries: Vec<DeliveryView>,
    commits: Vec<CommitView>,
    changes: Vec<ChangeView>,
    /// Whether kubeconfigs bring a way to sign in to the cluster.
    has_login: bool,
}

const SHOWN_CHANGES: i64 = 20;

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
        true => view! { <EntityDetail entity=loaded.entity now=now /> }.into_any(),
        false => service::service(loaded, now),
    };
    Some(loaded(load, draw).into_any())
}

async fn load(viewer: Viewer, db: Db, has_login: bool, reference: &EntityRef) -> Result<Loaded, Error> {
    let entity = catalog::find(&viewer, &db, reference).await?;
    let deliveries = delivery::of_service(&viewer, &db, reference).await?;
    let (mut commits, mut changes) = (Vec::new(), Vec::new());
    if let Some(first) = deliveries.first() {
        commits = delivery::commits(&viewer, &db, &first.repository).await?;
        changes = delivery::changes(&viewer, &db, Some(reference.name()), SHOWN_CHANGES).await?;
    }
    Ok(Loaded { entity, viewer, deliveries, commits, changes, has_login })
}

#[component]
fn EntityDetail(entity: Entity, now: OffsetDateTime) -> impl IntoView {
    let title = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
    let description = entity.description.clone().unwrap_or_else(|| "It has no description yet.".to_owned());
    let (document, facts) = (document(&entity), facts(&entity, now));
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{description}</Sentence>
        </PageHeader>
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it says of itself">{document}</Card>
            <Card title="Facts">{facts}</Card>
        </Grid>
    }
}

fn document(entity: &Entity) -> AnyView {
    let text = serde_json::to_string_pretty(&entity.document).unwrap_or_default();
    view! { <CodeBlock text=text label="Entity as JSON" /> }.into_any()
}

fn facts(entity: &Entity, now: OffsetDateTime) -> AnyView {
    let (kind, owner, at) = (entity.reference.kind().to_owned(), owner(entity.owner.clone()), entity.updated_at);
    let reference = entity.reference.to_string();
    view! {
        <KeyValues>
            <KeyValue term="Kind">{kind}</KeyValue>
            <KeyValue term="Owner">{owner}</KeyValue>
            <KeyValue term="Reference"><code>{reference}</code></KeyValue>
            <KeyValue term="Changed"><Moment at=at now=now /></KeyValue>
        </KeyValues>
    }
    .into_any()
}
