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
    let sentence = rest(count(Outcome::Fail), count(Outcome::Unknown), count(Outcome::NotApplicable));
    let owner = team.as_deref().and_then(|team| Some((links::levels(team)?, team.rsplit('/').next()?.to_owned())));
    let mut crumbs = crumbs();
    crumbs.extend(owner.map(|(href, name)| Crumb::new(name, href)));
    let catalog = levels.reference.parse().ok().map(|reference| links::entity(&reference));
    let (beside, of_levels) = (in_force(&basis), basis.clone());
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>
                {sentence} {beside} ". "
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

/// What is not met, as a sentence with a space behind it; nothing when nothing is left.
fn rest(failing: usize, unknown: usize, not_applicable: usize) -> String {
    let part = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts = [
        part(failing, "is not met", "are not met"),
        part(unknown, "is unknown", "are unknown"),
        part(not_applicable, "does not apply", "do not apply"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("{}. ", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::rest;

    #[test]
    fn what_is_not_met_is_counted_in_words() {
        assert_eq!(rest(0, 0, 0), "");
        assert_eq!(rest(0, 1, 0), "1 is unknown. ");
        assert_eq!(rest(2, 1, 3), "2 are not met, 1 is unknown, 3 do not apply. ");
    }
}
