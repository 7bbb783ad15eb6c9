//! What the viewer's teams own, as far as it needs somebody, across all features.

mod needs;

use std::collections::BTreeMap;

use backend::{
    Db, Error,
    catalog::{self, Mine},
    delivery::{self, DeliveryFilter, DeliveryView},
    maturity::{self, Gaps},
};
use domain::{access::Viewer, catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::filters::narrowed;
use crate::{
    components::{Actions, Card, Crumb, EmptyState, LinkButton, PageHeader, RowItem, Rows, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

/// Rules that stand between services and their next levels; what is smallest to mend comes first.
const MOST_GAPS: usize = 20;
const MOST_DELIVERIES: i64 = 100;

struct Loaded {
    mine: Mine,
    deliveries: Vec<DeliveryView>,
    gaps: Gaps,
    has_teams: bool,
}

/// An entity with everything that it needs.
struct Item {
    title: Option<String>,
    urgency: Urgency,
    needs: Vec<AnyView>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    /// It does not get on where it runs.
    Stuck,
    /// What is told of it is wrong, or out of date.
    Described,
    /// It could be better.
    Levels,
}

/// More are not worked off in one sitting; what is mended makes room for the rest.
const SHOWN: usize = 100;

#[component]
pub fn MinePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move { load(&context.viewer, &context.db, now).await };
    Some(loaded(load, move |loaded| view! { <List loaded=loaded now=now /> }))
}

async fn load(viewer: &Viewer, db: &Db, now: OffsetDateTime) -> Result<Loaded, Error> {
    let mine = catalog::mine(viewer, db).await?;
    let mut deliveries = Vec::new();
    for team in &viewer.teams {
        let filter =
            DeliveryFilter { team: Some(team.to_string()), limit: Some(MOST_DELIVERIES), ..DeliveryFilter::default() };
        deliveries.extend(delivery::list(viewer, db, &filter).await?.items);
    }
    let gaps = maturity::gaps(viewer, db, now, MOST_GAPS).await?;
    Ok(Loaded { mine, deliveries, gaps, has_teams: !viewer.teams.is_empty() })
}

#[component]
fn List(loaded: Loaded, now: OffsetDateTime) -> impl IntoView {
    let (total, has_teams) = (loaded.mine.total, loaded.has_teams);
    let items = items(loaded, now);
    let title = match (items.len(), total) {
        (0, 0) => "Your teams own nothing yet".to_owned(),
        (0, _) => "Nothing of yours needs you".to_owned(),
        (1, _) => "One thing of yours needs you".to_owned(),
        (count, _) => format!("{count} things of yours need you"),
    };
    let all = narrowed("owner", catalog::MINE);
    let all = (total > 0).then(|| view! { <LinkButton href=all>{format!("All {total}")}</LinkButton> });
    let list = match (items.is_empty(), has_teams) {
        (false, _) => needy(items),
        (true, false) => view! { <EmptyState sentence="You are in no team that the catalog knows. Ask the platform team to add your group, then sign in again." /> }
            .into_any(),
        (true, true) => view! { <EmptyState sentence="What your teams own appears here when its file has an error, its source is away, an environment is stuck or a rule stands before its next level." /> }
            .into_any(),
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"What your teams own, as far as it needs somebody. What is mended goes from here by itself."</Sentence>
            <Actions slot>{all} <LinkButton href=links::CATALOG_REMOVED>"Taken out"</LinkButton></Actions>
        </PageHeader>
        {list}
    }
    .into_any()
}

fn needy(items: Vec<(EntityRef, Item)>) -> AnyView {
    let left_out = items.len().saturating_sub(SHOWN);
    let more = (left_out > 0).then(|| {
        let words = format!("And {left_out} more, which follow when these are mended.");
        view! { <p class="mt-3 text-sm text-ink-2">{words}</p> }
    });
    let rows = items.into_iter().take(SHOWN).map(row).collect_view();
    view! { <Card title="What needs you"><Rows>{rows}</Rows> {more}</Card> }.into_any()
}

/// What is stuck comes first, then what is wrong, then what could be better; and all by their names.
fn items(loaded: Loaded, now: OffsetDateTime) -> Vec<(EntityRef, Item)> {
    let mut items: BTreeMap<EntityRef, Item> = BTreeMap::new();
    let mut add = |reference: EntityRef, title: Option<String>, urgency: Urgency, need: AnyView| {
        let item = items.entry(reference).or_insert(Item { title: None, urgency, needs: Vec::new() });
        item.title = item.title.take().or(title);
        item.urgency = item.urgency.min(urgency);
        item.needs.push(need);
    };
    for view in loaded.deliveries.iter().filter(|view| !view.troubles.is_empty() || view.problem.is_some()) {
        add(view.service.clone(), None, Urgency::Stuck, needs::stuck(view));
    }
    for needy in loaded.mine.needy {
        for need in needs::described(&needy, now) {
            add(needy.reference.clone(), needy.title.clone(), Urgency::Described, need);
        }
    }
    for (reference, title, rules) in needs::by_service(loaded.gaps) {
        add(reference.clone(), Some(title), Urgency::Levels, needs::levels(&reference, rules));
    }
    let mut items: Vec<(EntityRef, Item)> = items.into_iter().collect();
    items.sort_by_key(|(_, item)| item.urgency);
    items
}

fn row((reference, item): (EntityRef, Item)) -> AnyView {
    let (href, kind) = (links::entity(&reference), reference.kind().to_owned());
    let name = item.title.unwrap_or_else(|| reference.name().to_owned());
    let needs: Vec<_> = item.needs.into_iter().map(|need| view! { <li class="wrap-anywhere">{need}</li> }).collect();
    view! {
        <RowItem aside=kind>
            <TextLink href=href>{name}</TextLink>
            <ul role="list" class="mt-1 grid gap-1.5 text-sm text-ink-2">{needs}</ul>
        </RowItem>
    }
    .into_any()
}
