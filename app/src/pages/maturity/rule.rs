//! One rule: why it is there, what it asks, how to meet it, and what it says of everything that the viewer may see.

use backend::maturity::{self, RulePage};
use domain::{
    links,
    maturity::{Explained, Outcome, Rule, Test, level_name},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{
    Computed, crumbs,
    question::Question,
    rules::{outcome_badge, remark},
};
use crate::{
    components::{
        Card, Cell, Column, Columns, DataTable, EmptyState, Grid, KeyValue, KeyValues, PageHeader, RowHeader, Sentence,
        TableRow, TextLink,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn MaturityRulePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let now = context.now;
    let load = async move { maturity::rule(&context.viewer, &context.db, &id, now).await };
    Some(loaded(load, move |page| view! { <RuleDetail page=page now=now /> }))
}

#[component]
fn RuleDetail(page: RulePage, now: OffsetDateTime) -> impl IntoView {
    let RulePage { basis, rule, subjects } = page;
    let count = |outcome| subjects.iter().filter(|(_, explained)| explained.result.outcome == outcome).count();
    let summary =
        format!("{} met, {} not met, {} unknown", count(Outcome::Pass), count(Outcome::Fail), count(Outcome::Unknown));
    view! {
        <PageHeader title=rule.title.clone() crumbs=crumbs()>
            <Sentence slot>{rule.why.clone()}</Sentence>
        </PageHeader>
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it asks">{asks(rule)}</Card>
            <Card title="How to meet it">{fix(rule)}</Card>
        </Grid>
        <div class="mt-4">
            <Card title="Where it stands" aside=summary>{standing(rule, subjects)}</Card>
        </div>
        <Computed basis=basis now=now />
    }
    .into_any()
}

fn asks(rule: &'static Rule) -> AnyView {
    let test = match &rule.test {
        Test::Expect(predicate) => view! { <Question predicate=predicate /> }.into_any(),
        Test::Sustain(sustain) => {
            let days = sustain.window.map(|window| format!(" over {} days", window.whole_days())).unwrap_or_default();
            let percent = sustain.percent();
            let words = format!(
                " is so in {percent} % of its samples{days}, of which there are at least {}",
                sustain.min_samples
            );
            view! { <p><code>{sustain.fact.clone()}</code> {words}</p> }.into_any()
        }
    };
    let scope = rule.scope.as_ref();
    view! {
        {test}
        <p class="mt-3 text-sm font-[560]">"It applies"</p>
        {match scope {
            Some(scope) => view! { <Question predicate=scope /> }.into_any(),
            None => format!("to every {}", rule.subject.word()).into_any(),
        }}
    }
    .into_any()
}

fn fix(rule: &'static Rule) -> AnyView {
    let hours = rule.max_age.whole_hours();
    let age = if hours == 1 { "an hour".to_owned() } else { format!("{hours} hours") };
    let effort = rule.fix.effort.as_deref().map(|effort| match effort {
        "S" => "small",
        "M" => "medium",
        _ => "large",
    });
    let paths = rule.satisfied_by.iter().map(|path| view! { <code class="mr-2">{path.clone()}</code> }).collect_view();
    view! {
        <p>{rule.fix.doc.clone()}</p>
        <div class="mt-3">
            <KeyValues>
                <KeyValue term="Rule"><code>{rule.id.clone()}</code> {format!(", revision {}", rule.revision)}</KeyValue>
                <KeyValue term="Stands at">
                    {format!("level {}, {}, in {}", rule.level, level_name(rule.level), rule.dimension.title())}
                </KeyValue>
                {effort.map(|effort| view! { <KeyValue term="Effort">{effort}</KeyValue> })}
                <KeyValue term="Evidence">{format!("may be {age} old")}</KeyValue>
                {(!rule.satisfied_by.is_empty())
                    .then(|| view! { <KeyValue term="Met by construction">{paths}</KeyValue> })}
            </KeyValues>
        </div>
    }
    .into_any()
}

fn standing(rule: &'static Rule, subjects: Vec<(String, Explained)>) -> AnyView {
    if subjects.is_empty() {
        return view! { <EmptyState sentence="It says nothing yet about anything that you can see." /> }.into_any();
    }
    let row = |(title, explained): (String, Explained)| {
        let name = match links::levels(&explained.result.subject) {
            Some(href) => view! { <TextLink href=href>{title}</TextLink> }.into_any(),
            None => title.into_any(),
        };
        view! {
            <TableRow>
                <RowHeader label="Subject">{name}</RowHeader>
                <Cell label="Outcome">{outcome_badge(rule, explained.result.outcome)}</Cell>
                <Cell label="Remark">{remark(&explained).unwrap_or_else(|| "–".to_owned())}</Cell>
            </TableRow>
        }
    };
    let columns = ["Subject", "Outcome", "Remark"].map(Column::text).to_vec();
    let rows = subjects.into_iter().map(row).collect_view();
    view! { <DataTable caption="Outcomes of this rule" columns=columns>{rows}</DataTable> }.into_any()
}
