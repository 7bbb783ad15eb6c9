//! Documentation of an entity: one page of it, and search in all of them.

mod empty;
mod hits;
mod navigation;
mod page;

use backend::{
    Error,
    catalog::{self, DocsHit, DocsPage, Entity},
};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;

use super::named::of_entity;
use crate::{components::Crumb, request::RequestContext};

pub(in crate::pages) use hits::marked;

const MOST_HITS: i64 = 30;

struct Loaded {
    entity: Entity,
    page: Option<DocsPage>,
    wanted: String,
    hits: Vec<DocsHit>,
}

#[component]
pub fn EntityDocsPage() -> impl IntoView {
    let now = RequestContext::current()?.now;
    let page = use_params_map().read_untracked().get("page").unwrap_or_default().trim_end_matches('/').to_owned();
    let wanted = use_query_map().read_untracked().get("q").unwrap_or_default().trim().to_owned();
    let asked = page.clone();
    let load = move |context, reference| async move { load(context, &reference, &asked, wanted).await };
    of_entity(move |reference| links::docs_page(reference, &page), load, move |loaded| drawn(loaded, now))
}

async fn load(context: RequestContext, reference: &EntityRef, asked: &str, wanted: String) -> Result<Loaded, Error> {
    let RequestContext { viewer, db, .. } = context;
    let entity = catalog::find(&viewer, &db, reference).await?;
    let asked = Some(asked).filter(|asked| !asked.is_empty());
    let page = catalog::docs_page(&viewer, &db, reference, asked).await?;
    let hits = match page.is_some() && !wanted.is_empty() {
        true => catalog::search_docs(&viewer, &db, reference, &wanted, MOST_HITS).await?,
        false => Vec::new(),
    };
    Ok(Loaded { entity, page, wanted, hits })
}

fn drawn(loaded: Loaded, now: OffsetDateTime) -> AnyView {
    let Loaded { entity, page, wanted, hits } = loaded;
    match page {
        None => empty::empty(&entity),
        Some(page) if wanted.is_empty() => page::page(&entity, page, now),
        Some(page) => hits::hits(&entity, &page, wanted, hits),
    }
}

fn title(entity: &Entity) -> String {
    entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned())
}

/// The way to the first page, and to it where this is another one.
fn crumbs(entity: &Entity, is_home: bool) -> Vec<Crumb> {
    let way = [Crumb::new("Catalog", "/catalog"), Crumb::new(title(entity), links::entity(&entity.reference))];
    let home = (!is_home).then(|| Crumb::new("Docs", links::docs(&entity.reference)));
    way.into_iter().chain(home).collect()
}
