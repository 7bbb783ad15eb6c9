//! What the platform's own identity lacks in a cluster, for those who can add it.

use backend::provisioning::ClusterRights;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Notice, Tone, relative};

/// Nothing where everything is there.
#[component]
pub(super) fn RightsNotices(rights: Vec<ClusterRights>, now: OffsetDateTime) -> impl IntoView {
    rights.into_iter().filter_map(|of_one| notice(of_one, now)).collect_view()
}

fn notice(rights: ClusterRights, now: OffsetDateTime) -> Option<AnyView> {
    let ClusterRights { cluster, asked_at, missing } = rights;
    let Some(asked_at) = asked_at else {
        let message = format!(
            "Whether the platform may do all it has to on cluster {cluster} is not known yet: the cluster was never asked."
        );
        return Some(view! { <Notice tone=Tone::Unknown message=message /> }.into_any());
    };
    if missing.is_empty() {
        return None;
    }
    let count = match missing.len() {
        1 => "a rule".to_owned(),
        n => format!("{n} rules"),
    };
    let message = format!(
        "The platform's role on cluster {cluster} lacks {count}. What needs them fails until somebody adds them; the cluster was asked {}.",
        relative(asked_at, now)
    );
    let rules =
        missing.into_iter().map(|rule| view! { <li><code class="wrap-anywhere">{rule.to_string()}</code></li> });
    Some(
        view! {
            <Notice tone=Tone::Warn message=message />
            <ul class="mt-2 mb-4 space-y-1 text-md" aria-label=format!("Rules that are missing on cluster {cluster}")>
                {rules.collect_view()}
            </ul>
        }
        .into_any(),
    )
}
