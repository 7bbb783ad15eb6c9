//! The few rules that stand between the teams' services and their next levels.

use backend::maturity::{Gap, Gaps};
use domain::{links, maturity::Outcome};
use leptos::prelude::*;

use crate::components::{Badge, Lead, RowItem, Rows, TextLink, Tone};

/// A rule that many services miss names this many of them.
const NAMED: usize = 3;

pub(super) fn rows(gaps: Gaps) -> AnyView {
    if gaps.gaps.is_empty() {
        let sentence = match gaps.services {
            0 => "Your teams own no service yet. What a service of yours lacks appears here.",
            _ => "No rule stands between your services and their next level.",
        };
        return view! { <p class="text-ink-2">{sentence}</p> }.into_any();
    }
    let rows = gaps.gaps.into_iter().map(row).collect_view();
    view! {
        <Rows>{rows}</Rows>
        <p class="mt-2 text-sm text-ink-2"><TextLink href="/maturity">"All levels of your teams"</TextLink></p>
    }
    .into_any()
}

fn row(gap: Gap) -> AnyView {
    let Gap { rule, outcome, services } = gap;
    let (tone, word) = if outcome == Outcome::Unknown { (Tone::Unknown, "unknown") } else { (Tone::Bad, "not met") };
    let more = services.len().saturating_sub(NAMED);
    let service = |(reference, title): (String, String)| {
        let address = links::levels(&reference).unwrap_or_else(|| "/maturity".to_owned());
        view! { <li><TextLink href=address>{title}</TextLink></li> }
    };
    let named = services.into_iter().take(NAMED).map(service).collect_view();
    let detail = rule.fix.doc.clone().unwrap_or_default();
    view! {
        <RowItem aside=effort(rule.fix.effort.as_deref())>
            <Lead slot><Badge tone=tone word=word /></Lead>
            <TextLink href=links::rule(&rule.id)>{rule.title.clone()}</TextLink>
            <p class="text-sm text-ink-2">{detail}</p>
            <ul role="list" aria-label="Services" class="flex flex-wrap gap-x-3 gap-y-1.5 text-sm">
                {named}
                {(more > 0).then(|| view! { <li class="text-ink-3">{format!("and {more} more")}</li> })}
            </ul>
        </RowItem>
    }
    .into_any()
}

fn effort(effort: Option<&str>) -> &'static str {
    match effort {
        Some("S") => "small effort",
        Some("M") => "medium effort",
        Some("L") => "large effort",
        _ => "effort not known",
    }
}
