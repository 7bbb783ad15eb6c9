//! What a rule asks, in words.

use domain::maturity::{Predicate, Value};
use leptos::prelude::*;

/// A value as JSON writes it; texts without their quotes.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => leptos::serde_json::to_string(other).unwrap_or_default(),
    }
}

/// The conditions of a predicate, one below the other.
#[component]
pub(super) fn Question(predicate: &'static Predicate) -> impl IntoView {
    view! { <ul role="list" class="flex flex-col gap-1.5">{condition(predicate)}</ul> }.into_any()
}

fn condition(predicate: &'static Predicate) -> AnyView {
    let below = |parts: Vec<&'static Predicate>| {
        let parts: Vec<AnyView> = parts.into_iter().map(condition).collect();
        view! { <ul role="list" class="mt-1 flex flex-col gap-1.5 border-l border-line pl-3">{parts}</ul> }
    };
    let words = match predicate {
        Predicate::All(parts) => view! { "All of these:" {below(parts.iter().collect())} }.into_any(),
        Predicate::Any(parts) => view! { "At least one of these:" {below(parts.iter().collect())} }.into_any(),
        Predicate::Not(part) => view! { "Not this:" {below(vec![part])} }.into_any(),
        Predicate::Compare(comparison) => view! {
            <code>{comparison.path.to_string()}</code> " " {comparison.operator.phrase()} " "
            <code>{shown(&comparison.expected)}</code>
        }
        .into_any(),
        Predicate::Every { list, min_items, condition } => view! {
            {format!("Each of at least {min_items} in ")} <code>{list.to_string()}</code> ":" {below(vec![condition])}
        }
        .into_any(),
        Predicate::Some { list, condition } => {
            view! { "At least one in " <code>{list.to_string()}</code> ":" {below(vec![condition])} }.into_any()
        }
        Predicate::Attested(question) => {
            view! { "The team answered yes to " <code>{question.clone()}</code> }.into_any()
        }
        Predicate::Cel(expression) => view! { <code>{expression.source().to_owned()}</code> }.into_any(),
    };
    view! { <li class="min-w-0 break-words">{words}</li> }.into_any()
}
