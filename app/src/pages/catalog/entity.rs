//! One entity.

use backend::catalog::{self, Entity};
use domain::catalog::EntityRef;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::list::owner;
use crate::{
    components::{Card, CodeBlock, Columns, Crumb, Grid, KeyValue, KeyValues, Moment, PageHeader, Sentence},
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

#[component]
pub fn EntityPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let Ok(reference) = EntityRef::new(&part("kind"), &part("namespace"), &part("name")) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move { catalog::find(&context.viewer, &context.db, &reference).await };
    Some(loaded(load, move |entity| view! { <EntityDetail entity=entity now=now /> }).into_any())
}

#[component]
fn EntityDetail(entity: Entity, now: OffsetDateTime) -> impl IntoView {
    let kind = entity.reference.kind().to_owned();
    let title = entity.title.unwrap_or_else(|| entity.reference.name().to_owned());
    let description = entity.description.unwrap_or_else(|| "It has no description yet.".to_owned());
    let document = serde_json::to_string_pretty(&entity.document).unwrap_or_default();
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{description}</Sentence>
        </PageHeader>
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it says of itself">
                <CodeBlock text=document label="Entity as JSON" />
            </Card>
            <Card title="Facts">
                <KeyValues>
                    <KeyValue term="Kind">{kind}</KeyValue>
                    <KeyValue term="Owner">{owner(entity.owner)}</KeyValue>
                    <KeyValue term="Reference"><code>{entity.reference.to_string()}</code></KeyValue>
                    <KeyValue term="Changed"><Moment at=entity.updated_at now=now /></KeyValue>
                </KeyValues>
            </Card>
        </Grid>
    }
}
