//! The page of a service that is delivered.

use domain::{delivery::ChangeState, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    Loaded, about, document, edit, facts, history, levels, names, pods, relations, remove, running, sentence, work,
};
use crate::{
    components::{Actions, Card, Columns, Crumb, Grid, LinkButton, PageHeader, SafeHref, Sentence, TextLink, Tone},
    pages::delivery::{environments, followed, is_moving, next_steps, standing, troubles, unreleased_notes},
};

pub(super) fn service(loaded: Loaded, now: OffsetDateTime) -> AnyView {
    let Loaded { entity, viewer, deliveries, commits, changes, has_login, .. } = &loaded;
    let name = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
    let is_followed = deliveries.iter().any(is_moving)
        || changes.iter().any(|change| matches!(change.state, ChangeState::Queued | ChangeState::Syncing));
    let first = deliveries.first();
    let may_change = first.is_some_and(|view| viewer.is_member(view.team.name()));
    let repository = first.and_then(|view| SafeHref::parse(view.web_url.as_deref()?).ok());
    let change = links::delivery(entity.reference.name());
    let sentence = sentence::drawn(sentence::delivered(&loaded), now);
    let description = entity.description.clone().map(|text| view! { <p class="mb-3 text-ink-2">{text}</p> });
    let is_starting = deliveries.iter().any(|view| view.runs_starter);
    let starter = is_starting.then(|| {
        view! {
            <p class="mt-3 text-sm text-ink-2">
                "The starter image stands in until the first build: push an image of your own and set it under "
                <code>"images"</code> " in the overlay."
            </p>
        }
    });
    let table = environments(&format!("Environments of {name}"), deliveries, now);
    let (changed, work, pods) = (
        history::timeline((deliveries, commits, changes), (entity, &loaded.happenings), now),
        work::work(deliveries, *has_login, now),
        pods::pods(deliveries),
    );
    let (document, facts, levels) = (document(entity), facts(entity, now), levels(loaded.maturity.clone()));
    let besides = running::besides(loaded.running.as_ref(), now);
    let relations = relations::relations(&loaded.entity.reference, &loaded.neighbours);
    let (edit, remove) = (edit(entity, loaded.may_change), remove(entity, loaded.may_remove));
    let described = about::troubles(entity, &loaded.troubles, now);
    let former = names::former(&loaded.former);
    let repository = repository.map(|href| view! { <LinkButton href=href>"Repository"</LinkButton> });
    let docs = loaded.docs.clone().map(|href| view! { <LinkButton href=href>"Docs"</LinkButton> });
    let change = may_change.then(|| view! { <LinkButton href=change>"Promote or roll back"</LinkButton> });
    let next = may_change.then(|| next_steps(deliveries));
    view! {
        {is_followed.then(followed)}
        <PageHeader title=title(&name, &loaded) crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>{sentence}</Sentence>
            <Actions slot>{docs} {edit} {remove} {repository} {change} {next}</Actions>
        </PageHeader>
        {described}
        {former}
        {troubles(deliveries, now)}
        {unreleased_notes(deliveries, may_change, now)}
        <div class="mb-4">
            <Card title="Environments">
                {table} {starter}
                <p class="mt-3"><TextLink href=links::CATALOG_ENVIRONMENTS>"See all environments"</TextLink></p>
            </Card>
        </div>
        {besides}
        <Grid columns=Columns::Two>
            <div class="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
                {levels}
                <Card title="What changed">{changed}</Card>
                <Card title="Pods">{pods}</Card>
            </div>
            <div class="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
                <Card title="Work on it">{work}</Card>
                <Card title="What it has to do with">{description} {relations}</Card>
                <Card title="Facts">{facts}</Card>
            </div>
        </Grid>
        <Card title="What it says of itself">{document}</Card>
    }
    .into_any()
}

/// The state, in a few words.
fn title(name: &str, loaded: &Loaded) -> String {
    let of = |tone: Tone| -> Vec<&str> {
        let views = loaded.deliveries.iter().filter(|view| standing(view).0 == tone);
        views.map(|view| view.environment.as_str()).collect()
    };
    let (stuck, unknown, moving) = (of(Tone::Bad), of(Tone::Unknown), of(Tone::Info));
    if !stuck.is_empty() {
        format!("{name} is stuck in {}", stuck.join(" and "))
    } else if !unknown.is_empty() {
        format!("{name}: what runs in {} is not known", unknown.join(" and "))
    } else if !moving.is_empty() {
        format!("{name} is on its way to {}", moving.join(" and "))
    } else if of(Tone::Warn).is_empty() {
        format!("{name} runs")
    } else {
        format!("{name} waits")
    }
}
