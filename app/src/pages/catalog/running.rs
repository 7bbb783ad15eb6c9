//! What runs in clusters, in words and rows that several pages share.

use backend::catalog::running::{ClusterSight, ManagedBy, RunningView, Sight};
use domain::{
    catalog::running::{Environment, WorkloadKind},
    delivery::ImageRef,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Align, Badge, Cell, Column, DataTable, Moment, RowHeader, TableRow, Tone, known, relative};

/// Each with the environment and the place that it is in.
pub(super) fn workloads(caption: &str, views: &[RunningView], now: OffsetDateTime) -> AnyView {
    let columns = vec![
        Column::text("Environment"),
        Column::text("Workload"),
        Column::text("Image"),
        Column::number("Pods ready"),
        Column::text("Kept by"),
        Column::text("Changed"),
    ];
    let rows = views.iter().map(|view| row(view, now)).collect_view();
    view! { <DataTable caption=caption.to_owned() columns=columns>{rows}</DataTable> }.into_any()
}

fn row(view: &RunningView, now: OffsetDateTime) -> AnyView {
    let place = format!("{} on {}", view.namespace, view.cluster);
    let environment = environment_name(view.environment.as_ref());
    let (said, kind, name) = (said_by(view.environment.as_ref()), view.kind.as_str(), view.name.clone());
    let (images, pods, keeper) = (images(&view.images), pods(view), kept_by(view.managed_by.as_ref()));
    let changed_at = view.changed_at;
    view! {
        <TableRow>
            <RowHeader label="Environment">
                {environment}
                <p class="text-sm font-normal wrap-anywhere text-ink-2">{place}</p>
                {said}
            </RowHeader>
            <Cell label="Workload">
                <span class="wrap-anywhere">{name}</span> <p class="text-sm text-ink-2">{kind}</p>
            </Cell>
            <Cell label="Image">{images}</Cell>
            <Cell label="Pods ready" align=Align::End>{pods}</Cell>
            <Cell label="Kept by">{keeper}</Cell>
            <Cell label="Changed"><Moment at=changed_at now=now /></Cell>
        </TableRow>
    }
    .into_any()
}

pub(super) fn environment_name(environment: Option<&Environment>) -> AnyView {
    match environment {
        Some(found) => found.name.clone().into_any(),
        None => view! { <Badge tone=Tone::Unknown word="not known" /> }.into_any(),
    }
}

/// By which label; nothing where the platform itself knows.
pub(super) fn said_by(environment: Option<&Environment>) -> Option<AnyView> {
    let found = environment?;
    let label = found.label.clone()?;
    let on = if found.is_of_namespace { " of the namespace" } else { "" };
    Some(
        view! { <p class="text-sm font-normal wrap-anywhere text-ink-3">"by the label " <code>{label}</code> {on}</p> }
            .into_any(),
    )
}

/// The last part of each name and its version; the whole of it when somebody points at it.
pub(super) fn images(images: &[String]) -> AnyView {
    if images.is_empty() {
        return known(None::<String>);
    }
    let one = |image: &String| {
        let parsed = ImageRef::parse(image);
        let name = parsed.repository.rsplit('/').next().unwrap_or_default();
        let (short, full) = (format!("{name}:{}", parsed.version()), image.clone());
        view! { <p class="wrap-anywhere" title=full><code>{short}</code></p> }
    };
    images.iter().map(one).collect_view().into_any()
}

pub(super) fn pods(view: &RunningView) -> AnyView {
    match (view.kind, view.wanted, view.ready) {
        (WorkloadKind::CronJob, ..) => view! { <span class="text-ink-2">"at times"</span> }.into_any(),
        (_, Some(wanted), Some(ready)) => format!("{ready} of {wanted}").into_any(),
        _ => known(None::<String>),
    }
}

/// The engine that keeps it as it is.
pub(super) fn kept_by(by: Option<&ManagedBy>) -> AnyView {
    match by {
        Some(ManagedBy { engine, name }) => {
            let (engine, name) = (engine.title(), name.clone());
            view! { {engine} <p class="text-sm wrap-anywhere text-ink-2">{name}</p> }.into_any()
        }
        None => view! { <span class="text-ink-2">"nothing says"</span> }.into_any(),
    }
}

/// When somebody looked at all of them; nothing where nobody does.
pub(super) fn looked_at(clusters: &[ClusterSight], now: OffsetDateTime) -> Option<String> {
    let heard = clusters.iter().map(|of| match of.is {
        Sight::Current { heard } => Some(heard),
        _ => None,
    });
    let oldest = heard.collect::<Option<Vec<_>>>()?.into_iter().min()?;
    Some(format!("looked at {}", relative(oldest, now)))
}

/// Where what is shown may not be what is there.
pub(super) fn sights(clusters: &[ClusterSight], now: OffsetDateTime) -> Vec<AnyView> {
    let sentence = |of: &ClusterSight| {
        let name = of.cluster.clone();
        let words = match of.is {
            Sight::Current { .. } => return None,
            Sight::Unseen => {
                view! { "What runs on " <strong>{name}</strong> " is not known yet: it was not listed in full." }
                    .into_any()
            }
            Sight::Away { since } => view! {
                "The cluster " <strong>{name}</strong> " stopped answering " <Moment at=since now=now />
                ". What is said of it is what was seen last."
            }
            .into_any(),
            Sight::Old { since } => view! {
                "Somebody last looked at the cluster " <strong>{name}</strong> " " <Moment at=since now=now />
                ". What is said of it is what was seen last."
            }
            .into_any(),
        };
        Some(view! { <p class="mb-3 text-md text-ink-2"><Badge tone=Tone::Unknown word="may be out of date" /> " " {words}</p> }.into_any())
    };
    clusters.iter().filter_map(sentence).collect()
}
