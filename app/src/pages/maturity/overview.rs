//! Teams by dimension: all of them for leadership and the platform, one's own for everybody else.

use backend::maturity::{self, Overview, SubjectLevels};
use domain::maturity::Dimension;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    Computed, in_force,
    levels::{SubjectHeat, is_known},
};
use crate::{
    components::{Card, EmptyState, PageHeader, Sentence},
    pages::loaded::loaded,
    request::RequestContext,
};

const LEGEND: &str = "digit: level · line: way to the next · hatched: thin or no evidence · *: exemption";

#[component]
pub fn MaturityPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move { maturity::overview(&context.viewer, &context.db, now).await };
    Some(loaded(load, move |overview| view! { <Teams overview=overview now=now /> }))
}

#[component]
fn Teams(overview: Overview, now: OffsetDateTime) -> impl IntoView {
    let Overview { basis, is_whole, units, teams } = overview;
    if teams.is_empty() {
        return view! {
            <PageHeader title="No team of yours to look at yet" />
            <EmptyState sentence="Levels are shown for the teams that you belong to. Ask your team's lead, or the platform team, to add you to your group at the identity provider." />
        }
        .into_any();
    }
    let title = title(&teams, is_whole);
    let (of_teams, of_units, beside) = (basis.clone(), basis.clone(), in_force(&basis));
    view! {
        <PageHeader title=title>
            <Sentence slot>
                "Levels run from 0 to 5, and each opens to its evidence. They rest on " {beside}
                ", and what is not known is neither good nor bad."
            </Sentence>
        </PageHeader>
        <Card title="Teams" aside=LEGEND>
            <SubjectHeat caption="Levels of teams by dimension" subject="Team" rows=teams basis=of_teams />
        </Card>
        {(!units.is_empty())
            .then(|| {
                view! {
                    <div class="mt-4">
                        <Card title="Units" aside="four fifths of what runs below has reached the level">
                            <SubjectHeat caption="Levels of units by dimension" subject="Unit" rows=units basis=of_units />
                        </Card>
                    </div>
                }
            })}
        <Computed basis=basis now=now />
    }
    .into_any()
}

/// What holds most teams back, as far as anything is known.
fn title(teams: &[SubjectLevels], is_whole: bool) -> String {
    let weakest = |team: &SubjectLevels| -> Vec<Dimension> {
        let known: Vec<_> = team.scores.iter().filter(|score| is_known(score)).collect();
        let lowest = known.iter().filter_map(|score| score.level).min();
        known.iter().filter(|score| score.level == lowest).map(|score| score.dimension).collect()
    };
    let held: Vec<Vec<Dimension>> = teams.iter().map(weakest).filter(|weakest| !weakest.is_empty()).collect();
    let count = |dimension: &Dimension| held.iter().filter(|weakest| weakest.contains(dimension)).count();
    match Dimension::ALL.into_iter().max_by_key(count).filter(|dimension| count(dimension) > 0) {
        None if teams.len() == 1 => format!("Nothing is known of {} yet", teams[0].title),
        None => format!("Nothing is known of {} teams yet", teams.len()),
        Some(dimension) if teams.len() == 1 => format!("{} is held back by {}", teams[0].title, dimension.title()),
        Some(dimension) => {
            let whose = if is_whole { "teams" } else { "your teams" };
            format!("{} of {} {whose} are held back by {}", count(&dimension), teams.len(), dimension.title())
        }
    }
}
