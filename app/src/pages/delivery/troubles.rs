//! Why something is stuck: the very words, what they mean, what helps.

use backend::delivery::DeliveryView;
use domain::{
    delivery::{Cause, Trouble},
    links,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{CodeBlock, LinkButton, Moment, Note, Remedy, Tone};

pub(in crate::pages) fn troubles(views: &[DeliveryView], now: OffsetDateTime) -> Option<AnyView> {
    let waits = views.iter().filter_map(|view| Some((view, view.problem.clone()?))).map(|(view, problem)| {
        let title = format!("{} waits", view.environment);
        view! { <Note tone=Tone::Warn title=title>{problem}</Note> }.into_any()
    });
    let stuck = views.iter().flat_map(|view| view.troubles.iter().map(move |trouble| note(view, trouble, now)));
    let notes: Vec<AnyView> = waits.chain(stuck).collect();
    (!notes.is_empty())
        .then(|| view! { <div class="mb-4 grid grid-cols-[minmax(0,1fr)] gap-3">{notes}</div> }.into_any())
}

fn note(view: &DeliveryView, trouble: &Trouble, now: OffsetDateTime) -> AnyView {
    let title = format!("{} in {}", trouble.cause.title(), view.environment);
    let label = format!("What {} says", trouble.by);
    let namespace = links::namespace(&view.cluster, &view.namespace);
    let ask = trouble.accelerator().map(|resource| format!("{namespace}/ask?resource={resource}"));
    let button = match trouble.cause {
        Cause::Quota if ask.is_some() => {
            ask.map(|ask| view! { <LinkButton href=ask>"Ask for more"</LinkButton> }.into_any())
        }
        Cause::Quota | Cause::Scheduling => {
            Some(view! { <LinkButton href=namespace>"Look at the quota"</LinkButton> }.into_any())
        }
        Cause::Image | Cause::Crash => {
            let address = links::delivery(view.service.name());
            Some(view! { <LinkButton href=address>"Roll back"</LinkButton> }.into_any())
        }
        _ => None,
    };
    let attempted = view.attempted_commit.clone().filter(|commit| Some(commit) != view.synced_commit.as_ref());
    let commit = attempted.filter(|_| matches!(trouble.cause, Cause::NotAllowed | Cause::Policy | Cause::Build));
    let commit = commit.map(|commit| view! { " at commit " <code>{super::short(&commit)}</code> });
    let since = trouble.since.map(|at| view! { ", " <Moment at=at now=now /> });
    let Trouble { said, remedy, by, object, .. } = trouble.clone();
    view! {
        <Note tone=Tone::Bad title=title>
            <div class="my-2">
                <CodeBlock label=label text=said wraps=true />
            </div>
            <p>{remedy}</p>
            <p class="mt-1 text-sm">{by} " about " <code>{object}</code> {commit} {since}</p>
            <Remedy slot>{button}</Remedy>
        </Note>
    }
    .into_any()
}
