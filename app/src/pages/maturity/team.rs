//! One team: its levels, the services that they sum up, and the rules about the team itself.

use backend::maturity::{self, TeamPage};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{
    Computed, crumbs, in_force,
    levels::{LevelsTable, SubjectHeat, is_known},
    rules::RulesByDimension,
};
use crate::{
    components::{Card, EmptyState, PageHeader, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn TeamMaturityPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let team = use_params_map().read_untracked().get("team").unwrap_or_default();
    let now = context.now;
    let load = async move { maturity::team(&context.viewer, &context.db, &team, now).await };
    Some(loaded(load, move |page| view! { <Team page=page now=now /> }))
}

#[component]
fn Team(page: TeamPage, now: OffsetDateTime) -> impl IntoView {
    let TeamPage { basis, levels, services, rules } = page;
    let known = levels.scores.iter().filter(|score| is_known(score)).count();
    let title = format!("{}: {known} of 5 dimensions are known", levels.title);
    let catalog = levels.reference.parse().ok().map(|reference| links::entity(&reference));
    let (of_levels, of_services, beside) = (basis.clone(), basis.clone(), in_force(&basis));
    view! {
        <PageHeader title=title crumbs=crumbs()>
            <Sentence slot>
                "Four fifths of what the team runs in production has to be at a level before the team is, and nothing critical may be more than one level below. "
                {beside} ". "
                {catalog.map(|href| view! { <TextLink href=href>"The team in the catalog"</TextLink> "." })}
            </Sentence>
        </PageHeader>
        <Card title="Levels">
            <LevelsTable levels=levels basis=of_levels />
        </Card>
        <div class="mt-4">
            <Card title="Services" aside="production counts from its thirtieth day; the others are listed">
                {if services.is_empty() {
                    view! { <EmptyState sentence="The catalog knows no component of this team yet. A service that is created from a golden path appears here." /> }
                        .into_any()
                } else {
                    view! { <SubjectHeat caption="Levels of services by dimension" subject="Service" rows=services basis=of_services /> }
                        .into_any()
                }}
            </Card>
        </div>
        <RulesByDimension rules=rules nothing="No rule in force is about the team itself here; its services decide." now=now />
        <Computed basis=basis now=now />
    }
    .into_any()
}
