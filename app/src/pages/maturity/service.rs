//! One service: its levels, and every rule with the evidence that it rests on.

use backend::maturity::{self, ServicePage};
use domain::{links, maturity::Outcome};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{Computed, crumbs, in_force, levels::LevelsTable, rules::RulesByDimension};
use crate::{
    components::{Card, Crumb, PageHeader, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn ServiceMaturityPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let service = use_params_map().read_untracked().get("ref").unwrap_or_default();
    let now = context.now;
    let load = async move { maturity::service(&context.viewer, &context.db, &service, now).await };
    Some(loaded(load, move |page| view! { <Service page=page now=now /> }))
}

#[component]
fn Service(page: ServicePage, now: OffsetDateTime) -> impl IntoView {
    let ServicePage { basis, levels, team, rules } = page;
    let count = |outcome| rules.iter().filter(|(_, explained)| explained.result.outcome == outcome).count();
    let applicable = rules.len() - count(Outcome::NotApplicable);
    let title = format!("{} meets {} of {applicable} rules", levels.title, count(Outcome::Pass));
    let sentence = format!(
        "{} are not met, {} are unknown, and {} do not apply.",
        count(Outcome::Fail),
        count(Outcome::Unknown),
        count(Outcome::NotApplicable)
    );
    let owner = team.as_deref().and_then(|team| Some((links::levels(team)?, team.rsplit('/').next()?.to_owned())));
    let mut crumbs = crumbs();
    crumbs.extend(owner.map(|(href, name)| Crumb::new(name, href)));
    let catalog = levels.reference.parse().ok().map(|reference| links::entity(&reference));
    let (beside, of_levels) = (in_force(&basis), basis.clone());
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>
                {sentence} " " {beside} ". "
                {catalog.map(|href| view! { <TextLink href=href>"The service in the catalog"</TextLink> "." })}
            </Sentence>
        </PageHeader>
        <Card title="Levels">
            <LevelsTable levels=levels basis=of_levels />
        </Card>
        <RulesByDimension rules=rules nothing="No rule in force is about services here yet." now=now />
        <Computed basis=basis now=now />
    }
    .into_any()
}
