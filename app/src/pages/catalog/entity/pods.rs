//! The pods of all environments, and the nodes that they run on.

use backend::delivery::DeliveryView;
use domain::delivery::Pod;
use leptos::prelude::*;

use crate::components::{Badge, EmptyState, Lead, RowItem, Rows, Tone};

const SHOWN: usize = 12;

pub(super) fn pods(views: &[DeliveryView]) -> AnyView {
    let of = |view: &DeliveryView| {
        let environment = view.environment.clone();
        let pods = view.observed.iter().flat_map(|observed| observed.pods.clone()).collect::<Vec<_>>();
        pods.into_iter().map(move |pod| row(&environment, pod)).collect::<Vec<_>>()
    };
    let rows: Vec<AnyView> = views.iter().flat_map(of).collect();
    if rows.is_empty() {
        return view! { <EmptyState sentence="No pod runs yet." /> }.into_any();
    }
    let left_out = rows.len().saturating_sub(SHOWN);
    let more =
        (left_out > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">{format!("And {left_out} more.")}</p> });
    let shown: Vec<AnyView> = rows.into_iter().take(SHOWN).collect();
    view! {
        <Rows>{shown}</Rows>
        {more}
    }
    .into_any()
}

fn row(environment: &str, pod: Pod) -> AnyView {
    let (tone, word) = match (pod.is_ready, &pod.trouble) {
        (true, _) => (Tone::Good, "ready".to_owned()),
        (false, Some(trouble)) => (Tone::Bad, trouble.reason.clone()),
        (false, None) => (Tone::Info, pod.phase.to_ascii_lowercase()),
    };
    let place = pod.node.map_or_else(|| "on no node yet".to_owned(), |node| format!("on {node}"));
    let cards: Vec<String> = pod.accelerators.iter().map(|(name, count)| format!("{count} × {name}")).collect();
    let cards = if cards.is_empty() { String::new() } else { format!(", holds {}", cards.join(", ")) };
    view! {
        <RowItem detail=format!("{environment}, {place}{cards}")>
            <Lead slot><Badge tone=tone word=word /></Lead>
            <code class="break-all">{pod.name}</code>
        </RowItem>
    }
    .into_any()
}
