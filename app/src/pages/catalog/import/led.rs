//! Files of other repositories that an import leads to, each with what it would bring.

use backend::catalog::living::{Holder, ImportState, LedImport, MOST_LED};
use leptos::prelude::*;

use super::documents::{TAKEN, entities, finding, summary};
use crate::components::{Badge, Card, Folded, Summary, Tone};

/// Nothing where it leads nowhere, or is not read in full yet.
pub(super) fn led_to(led: Vec<LedImport>, holders: &[Holder]) -> Option<AnyView> {
    if led.is_empty() || led.iter().any(|one| one.state == ImportState::Reading) {
        return None;
    }
    let ready = led.iter().filter(|one| matches!(one.state, ImportState::Ready | ImportState::Accepted)).count();
    let aside = format!("{ready} of {}", led.len());
    let is_cut = i64::try_from(led.len()).is_ok_and(|count| count >= MOST_LED);
    let cut = is_cut.then(|| {
        view! {
            <p class="mt-2 text-sm text-ink-2">
                "No more than " {MOST_LED.to_string()} " files are followed from one import. What is not among them can be imported by itself."
            </p>
        }
    });
    let list = led.into_iter().map(|one| row(one, holders)).collect_view();
    Some(
        view! {
            <Card title="Other repositories" aside=aside>
                <p class="max-w-prose text-ink-2">
                    "Locations in these files name files of other repositories. Those that are in order are taken over together with it; each becomes a source of its own and is read again after each push."
                </p>
                <ul role="list" class="mt-2 divide-y divide-line">{list}</ul>
                {cut}
            </Card>
        }
        .into_any(),
    )
}

fn row(one: LedImport, holders: &[Holder]) -> AnyView {
    let LedImport { state, repository, branch, path, target, is_optional, problem, preview, .. } = one;
    let (tone, word) = match state {
        ImportState::Ready => (Tone::Good, "becomes a source"),
        ImportState::Accepted => (Tone::Good, "is a source"),
        ImportState::Moved => (Tone::Warn, "has changed, left out"),
        _ if is_optional => (Tone::Info, "not there, left out"),
        _ => (Tone::Bad, "left out"),
    };
    let place = branch.map_or_else(|| path.clone(), |branch| format!("{path} on the branch {branch}"));
    let caption = format!("What becomes of each entity of {repository}");
    let brings = preview.filter(|_| problem.is_none()).map(|preview| {
        let words = summary(&preview.documents, &preview.findings, preview.orphaned);
        let found = preview.findings.into_iter().filter(|(_, finding)| finding.rule != TAKEN);
        let found: Vec<_> = found.map(finding).collect();
        let found = (!found.is_empty()).then(|| view! { <ul role="list" class="divide-y divide-line">{found}</ul> });
        let entities = entities(preview.documents, holders, caption);
        view! { <Folded><Summary slot>{words}</Summary>{found} {entities}</Folded> }
    });
    let problem = problem.map(|problem| view! { <p class="max-w-prose wrap-anywhere">{problem}</p> });
    view! {
        <li class="py-2">
            <Badge tone=tone word=word /> " " <strong class="wrap-anywhere">{repository}</strong> " "
            <span class="text-sm text-ink-2 wrap-anywhere">{place}</span>
            <p class="text-sm text-ink-3 wrap-anywhere">"Named as " {target}</p>
            {problem} {brings}
        </li>
    }
    .into_any()
}
