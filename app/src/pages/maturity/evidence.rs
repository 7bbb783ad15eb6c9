//! What a rule found: its conditions, each with its verdict, and the facts behind them with source, time and collector.

use domain::maturity::{Evidence, Judged, Step, Truth};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::question::shown;
use crate::components::{Badge, Moment, Tone};

/// Longer lists of parts are cut; the count says what is left out.
const MOST_PARTS: usize = 50;
const MOST_CHARACTERS: usize = 300;

/// A condition and all below it.
#[component]
pub(super) fn Tree(judged: Judged, now: OffsetDateTime) -> impl IntoView {
    view! { <ul role="list" class="mt-1 flex flex-col gap-2 border-l border-line pl-3">{branch(judged, now)}</ul> }
        .into_any()
}

fn branch(judged: Judged, now: OffsetDateTime) -> AnyView {
    let (tone, word) = match judged.verdict {
        Truth::True => (Tone::Good, "yes"),
        Truth::False => (Tone::Bad, "no"),
        Truth::Unknown => (Tone::Unknown, "unknown"),
    };
    let reason = judged.reason.map(|reason| reason.sentence());
    let left_out = judged.parts.len().saturating_sub(MOST_PARTS);
    let parts: Vec<AnyView> = judged.parts.into_iter().take(MOST_PARTS).map(|part| branch(part, now)).collect();
    let evidence = judged.evidence.into_iter().map(|evidence| fact(evidence, now)).collect_view();
    view! {
        <li class="min-w-0">
            <p class="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
                <Badge tone=tone word=word /> <span class="min-w-0 break-words">{words(judged.step)}</span>
            </p>
            {reason.map(|reason| view! { <p class="text-sm text-ink-2">{reason}</p> })}
            {evidence}
            {(!parts.is_empty())
                .then(|| {
                    view! { <ul role="list" class="mt-1.5 flex flex-col gap-2 border-l border-line pl-3">{parts}</ul> }
                })}
            {(left_out > 0).then(|| view! { <p class="text-sm text-ink-2">{format!("and {left_out} more")}</p> })}
        </li>
    }
    .into_any()
}

fn words(step: Step) -> AnyView {
    match step {
        Step::All => "All of these:".into_any(),
        Step::Any => "At least one of these:".into_any(),
        Step::Not => "Not this:".into_any(),
        Step::Comparison { path, phrase, expected, actual, .. } => {
            let found = actual.map_or_else(|| "nothing".to_owned(), |actual| cut(shown(&actual)));
            view! { <code>{path}</code> " " {phrase} " " <code>{cut(shown(&expected))}</code> "; found " <code>{found}</code> }
                .into_any()
        }
        Step::Every { list, min_items, items } => {
            let count = items.map_or_else(String::new, |items| format!(" ({items}, at least {min_items})"));
            view! { "Each of " <code>{list}</code> {count} ":" }.into_any()
        }
        Step::Some { list, items } => {
            let count = items.map_or_else(String::new, |items| format!(" ({items})"));
            view! { "At least one of " <code>{list}</code> {count} ":" }.into_any()
        }
        Step::Attested { question, answer } => {
            let answer = answer.unwrap_or("no answer that holds");
            view! { "Answer to " <code>{question}</code> ": " {answer} }.into_any()
        }
        Step::Cel { source } => view! { <code>{source}</code> }.into_any(),
        Step::Sustained { fact, share, min_samples, samples } => {
            let found = match samples {
                Some(samples) => format!("{} of {} samples were", samples.passed, samples.total),
                None => "there are no samples".to_owned(),
            };
            let wanted = format!(" is so in a share of {share} of at least {min_samples} samples; {found}");
            view! { <code>{fact}</code> {wanted} }.into_any()
        }
    }
}

fn fact(evidence: Evidence, now: OffsetDateTime) -> AnyView {
    let Evidence { fact, value, observed_at, collector, source_ref, held } = evidence;
    let source = source_ref.map(|source| view! { " from " <code class="break-all">{source}</code> });
    view! {
        <p class="mt-0.5 text-sm text-ink-2">
            <code>{fact}</code> {source} ", seen by " {collector} " " <Moment at=observed_at now=now />
            {held.then_some(", kept while its collector is down")} ": "
            <code class="break-all">{cut(shown(&value))}</code>
        </p>
    }
    .into_any()
}

fn cut(text: String) -> String {
    if text.chars().count() <= MOST_CHARACTERS {
        return text;
    }
    let begin: String = text.chars().take(MOST_CHARACTERS).collect();
    format!("{begin}…")
}
