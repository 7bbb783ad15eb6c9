//! The forms that ask for a change. Nothing is changed by sending one: what it would change is shown first.

use backend::delivery::{DeliveryView, ReleaseView};
use domain::golden_paths::form::Typed;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::words::{ahead, short, versions};
use crate::components::{Button, ButtonKind, Choice, FieldText, SelectField, relative};

/// One button for each environment that is behind the one before it. The first is the primary one.
pub(in crate::pages) fn next_steps(views: &[DeliveryView]) -> AnyView {
    let pairs = views.windows(2).filter_map(|pair| match pair {
        [from, to] if ahead(from, to) => Some((from, to)),
        _ => None,
    });
    let button = |(at, (from, to)): (usize, (&DeliveryView, &DeliveryView))| {
        let kind = if at == 0 { ButtonKind::Primary } else { ButtonKind::Plain };
        let label = format!("Promote {} to {}", versions(&from.desired_images), to.environment);
        view! {
            <form method="post" action="/delivery/changes">
                <input type="hidden" name="kind" value="promote" />
                <input type="hidden" name="cluster" value=to.cluster.clone() />
                <input type="hidden" name="from" value=from.namespace.clone() />
                <input type="hidden" name="namespace" value=to.namespace.clone() />
                <Button kind=kind>{label}</Button>
            </form>
        }
    };
    pairs.enumerate().map(button).collect_view().into_any()
}

/// Any environment to any other of the service.
pub(super) fn promote(views: &[DeliveryView], typed: Option<&Typed>) -> AnyView {
    let choices = || views.iter().map(|view| Choice::new(view.namespace.clone(), label(view))).collect::<Vec<_>>();
    let (Some(first), Some(last)) = (views.first(), views.get(1)) else {
        return view! { <p class="text-ink-2">"A service with one environment has nothing to promote to."</p> }
            .into_any();
    };
    let typed = typed.filter(|typed| typed.get("kind") == Some("promote"));
    let chosen = |field: &str, proposed: &DeliveryView| {
        typed.and_then(|typed| typed.get(field)).unwrap_or(&proposed.namespace).to_owned()
    };
    let (from, to) = (chosen("from", first), chosen("namespace", last));
    let service = first.service.name().to_owned();
    view! {
        <form method="post" action="/delivery/changes" class="grid gap-3">
            <input type="hidden" name="kind" value="promote" />
            <input type="hidden" name="cluster" value=first.cluster.clone() />
            <SelectField text=FieldText::new("from", "What is synced in").required() choices=choices() value=from />
            <SelectField text=FieldText::new("namespace", "To").required() choices=choices() value=to />
            <div><Button>{format!("Show what promoting {service} changes")}</Button></div>
        </form>
    }
    .into_any()
}

/// To what was in force before.
pub(super) fn roll_back(view: &DeliveryView, typed: Option<&Typed>, now: OffsetDateTime) -> AnyView {
    let former: Vec<Choice> = view.releases.iter().skip(1).map(|release| choice(release, now)).collect();
    if former.is_empty() {
        let sentence = format!("Nothing was in force in {} before what is there now.", view.environment);
        return view! { <p class="text-ink-2">{sentence}</p> }.into_any();
    }
    // Several of these forms stand on one page, and each field needs a name of its own for its label.
    let field =
        FieldText::new(format!("commit-{}", view.environment), format!("{} back to", view.environment)).required();
    let chosen = typed.and_then(|typed| typed.get(&format!("commit-{}", view.environment))).map(str::to_owned);
    let latest = former.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let latest = chosen.filter(|chosen| former.iter().any(|choice| choice.value == *chosen)).unwrap_or(latest);
    view! {
        <form method="post" action="/delivery/changes" class="grid gap-3">
            <input type="hidden" name="kind" value="roll_back" />
            <input type="hidden" name="cluster" value=view.cluster.clone() />
            <input type="hidden" name="namespace" value=view.namespace.clone() />
            <SelectField text=field choices=former value=latest />
            <div><Button>{format!("Show what rolling back {} changes", view.environment)}</Button></div>
        </form>
    }
    .into_any()
}

/// What the branch holds for production, as it is.
pub(super) fn release(view: &DeliveryView) -> AnyView {
    let label = format!("Show what releasing {} to {} changes", view.branch, view.environment);
    view! {
        <form method="post" action="/delivery/changes">
            <input type="hidden" name="kind" value="release" />
            <input type="hidden" name="cluster" value=view.cluster.clone() />
            <input type="hidden" name="namespace" value=view.namespace.clone() />
            <Button>{label}</Button>
        </form>
    }
    .into_any()
}

fn label(view: &DeliveryView) -> String {
    match versions(&view.desired_images) {
        none if none.is_empty() => view.environment.clone(),
        version => format!("{} ({version})", view.environment),
    }
}

fn choice(release: &ReleaseView, now: OffsetDateTime) -> Choice {
    let version = versions(&release.images);
    let label = format!("{version}, commit {}, {}", short(&release.commit), relative(release.synced_at, now));
    Choice::new(release.commit.clone(), label)
}
