//! Rules about one subject, by dimension and level, each with its outcome and the way to its evidence.

use domain::{
    links,
    maturity::{Dimension, Explained, Outcome, Rule},
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::evidence::Tree;
use crate::components::{Badge, Card, Lead, RowItem, Rows, TextLink, Tone, date};

/// A card for each dimension; its place on the page bears the dimension's word.
#[component]
pub(super) fn RulesByDimension(
    rules: Vec<(&'static Rule, Explained)>,
    /// What it means that there is no rule about a dimension.
    nothing: &'static str,
    now: OffsetDateTime,
) -> impl IntoView {
    let card = move |dimension: Dimension| {
        let mut of: Vec<_> = rules.iter().filter(|(rule, _)| rule.dimension == dimension).cloned().collect();
        of.sort_by_key(|(rule, _)| (rule.level, &rule.id));
        let content = if of.is_empty() {
            view! { <p class="text-md text-ink-2">{nothing}</p> }.into_any()
        } else {
            let line = |(rule, explained): (&'static Rule, Explained)| {
                view! { <RuleLine rule=rule explained=explained now=now /> }.into_any()
            };
            let items: Vec<AnyView> = of.into_iter().map(line).collect();
            view! { <Rows>{items}</Rows> }.into_any()
        };
        view! {
            <div class="mt-4 scroll-mt-4" id=dimension.word()>
                <Card title=dimension.title()>{content}</Card>
            </div>
        }
    };
    Dimension::AS_TOLD.into_iter().map(card).collect_view().into_any()
}

/// Shape, word and colour of an outcome.
pub(super) fn outcome_badge(rule: &Rule, outcome: Outcome) -> AnyView {
    let (tone, word) = match outcome {
        Outcome::Pass => (Tone::Good, "met".to_owned()),
        Outcome::Fail => (Tone::Bad, "not met".to_owned()),
        Outcome::Unknown => (Tone::Unknown, "unknown".to_owned()),
        Outcome::NotApplicable => (Tone::Info, "does not apply".to_owned()),
        Outcome::Exempt => (Tone::Warn, "exempt".to_owned()),
        Outcome::Upcoming => {
            let from = rule.effective_from.map(date).unwrap_or_default();
            (Tone::Info, format!("counts from {from}"))
        }
    };
    view! { <Badge tone=tone word=word /> }.into_any()
}

/// Why something is unknown, and what else there is to know about an outcome.
pub(super) fn remark(explained: &Explained) -> Option<String> {
    let result = &explained.result;
    let reason = result.reason.map(|reason| reason.sentence().to_owned());
    let held = result.held.then(|| "It rests on evidence that is kept while its collector is down.".to_owned());
    let real = result.real_outcome.map(|real| format!("By its evidence: {}.", real.word().replace('_', " ")));
    let parts: Vec<String> = [reason, held, real].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[component]
fn RuleLine(rule: &'static Rule, explained: Explained, now: OffsetDateTime) -> impl IntoView {
    let outcome = explained.result.outcome;
    let remark = remark(&explained);
    let fix = rule.fix.doc.clone().filter(|_| matches!(outcome, Outcome::Fail | Outcome::Unknown));
    let trees: Vec<_> = [("Applies when", explained.scope), ("Asks for", explained.expect)]
        .into_iter()
        .filter_map(|(name, judged)| Some((name, judged?)))
        .collect();
    view! {
        <RowItem aside=format!("level {}", rule.level)>
            <Lead slot>{outcome_badge(rule, outcome)}</Lead>
            <TextLink href=links::rule(&rule.id)>{rule.title.clone()}</TextLink>
            " " <code class="text-sm text-ink-2">{rule.id.clone()}</code>
            {remark.map(|remark| view! { <p class="text-sm text-ink-2">{remark}</p> })}
            {fix.map(|fix| view! { <p class="text-sm text-ink-2">{fix}</p> })}
            <details class="mt-1 text-md">
                <summary class="min-h-6 cursor-pointer text-sm text-ink-2 pointer-coarse:min-h-11">
                    {format!("Evidence for {}", rule.id)}
                </summary>
                {trees
                    .into_iter()
                    .map(|(name, judged)| {
                        view! {
                            <p class="mt-2 text-sm font-[560]">{name}</p>
                            <Tree judged=judged now=now />
                        }
                    })
                    .collect_view()}
            </details>
        </RowItem>
    }
    .into_any()
}
