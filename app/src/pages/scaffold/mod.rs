//! One run: what it does, what it has made, what it waits for.

use backend::scaffold::{self, EffectView, RunView, StepView};
use domain::{
    catalog::EntityRef,
    links,
    scaffold::{RunState, WaitingFor},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::{
    followed::followed,
    loaded::{loaded, missing},
};
use crate::{
    components::{
        Actions, Button, ButtonKind, Card, Columns, Crumb, DataLink, Grid, LinkButton, Moment, Note, PageHeader,
        Remedy, RowItem, Rows, SafeHref, Sentence, Step, Steps, TextLink, Tone,
    },
    islands::FollowRun,
    request::RequestContext,
};

#[component]
pub fn RunPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let Some(run) = use_params_map().read_untracked().get("run").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move { scaffold::find(&context.viewer, &context.db, run).await };
    Some(loaded(load, move |run| view! { <Run run=run now=now /> }).into_any())
}

#[component]
fn Run(run: RunView, now: OffsetDateTime) -> impl IntoView {
    let is_open = !run.state.is_terminal();
    let id = run.id.to_string();
    view! {
        <Head run=run.clone() now=now />
        {is_open.then(|| followed(3, view! { <FollowRun run=id after=run.last_event /> }))}
        {run.waiting_for.as_ref().and_then(|what| waiting(what, now))}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="Steps">
                <Steps>{run.steps.iter().map(step).collect_view()}</Steps>
            </Card>
            <Card title="What it has made">{made(run.effects)}</Card>
        </Grid>
    }
}

#[component]
fn Head(run: RunView, now: OffsetDateTime) -> impl IntoView {
    let name = run.entity.rsplit('/').next().unwrap_or_default().to_owned();
    let crumbs = vec![Crumb::new("Home", "/")];
    let (title, actions) = (title(run.state, &name), actions(&run, &name));
    let path = links::golden_path(&run.golden_path);
    let plan = format!("{path}/plans/{}", run.plan_id);
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>
                {run.requested_by} " started it " <Moment at=run.created_at now=now /> " from "
                <TextLink href=plan>"this plan"</TextLink> " of the golden path "
                <TextLink href=path>{run.golden_path}</TextLink> "; it makes " <code>{run.entity}</code> " for "
                {run.team} "."
            </Sentence>
            <Actions slot>{actions}</Actions>
        </PageHeader>
    }
}

fn title(state: RunState, name: &str) -> String {
    match state {
        RunState::AwaitingApproval => format!("Creating {name} waits for an approval"),
        RunState::Queued => format!("Creating {name} is about to begin"),
        RunState::Running => format!("Creating {name}"),
        RunState::Waiting => format!("Creating {name} waits"),
        RunState::Succeeded => format!("{name} is ready"),
        RunState::Failed => format!("Creating {name} has stopped"),
        RunState::Cancelled => format!("Creating {name} was cancelled"),
        RunState::Cleaning => format!("Taking back what was made for {name}"),
        RunState::Cleaned => format!("What was made for {name} is taken back"),
        RunState::CleanupFailed => format!("Taking back what was made for {name} has stopped"),
    }
}

fn actions(run: &RunView, name: &str) -> impl IntoView + use<> {
    let form = |verb: &str, label: String, kind: ButtonKind| {
        view! {
            <form method="post" action=format!("{}/{verb}", links::run(run.id))>
                <Button kind=kind>{label}</Button>
            </form>
        }
    };
    let retry =
        run.state.can_retry().then(|| form("retry", "Go on from the failed step".to_owned(), ButtonKind::Primary));
    let cancel = run.state.can_cancel().then(|| form("cancel", format!("Cancel creating {name}"), ButtonKind::Danger));
    let entity = run.entity.parse::<EntityRef>().ok().filter(|_| run.state == RunState::Succeeded);
    let show = entity.map(|entity| {
        view! { <LinkButton href=links::entity(&entity) kind=ButtonKind::Primary>{format!("Show {name}")}</LinkButton> }
    });
    view! {
        {show}
        {retry}
        {cancel}
    }
}

/// What is waited for and since when, and whether somebody has to do something about it.
fn waiting(what: &Value, now: OffsetDateTime) -> Option<AnyView> {
    let text = |name: &str| what.get(name).and_then(Value::as_str);
    let detail = text("detail")?.to_owned();
    let needs_people = text("kind") == Some(WaitingFor::APPROVAL);
    let title = if needs_people { "It waits for a decision" } else { "It goes on by itself" };
    let since = text("since").and_then(|since| OffsetDateTime::parse(since, &Rfc3339).ok());
    let since = since.map(|since| view! { <p>"It has waited since " <Moment at=since now=now /> "."</p> });
    let requests = needs_people.then(|| view! { <LinkButton href=links::REQUESTS>"See who decides"</LinkButton> });
    let note = view! {
        <Note tone=Tone::Warn title=title>
            <p>{detail}</p>
            {since}
            <Remedy slot>{requests}</Remedy>
        </Note>
    };
    Some(note.into_any())
}

fn step(step: &StepView) -> impl IntoView + use<> {
    let duration =
        step.started_at.zip(step.finished_at).map(|(from, to)| format!("{:.1} s", (to - from).as_seconds_f64()));
    let more = match (&step.error, step.link.as_deref().and_then(|link| SafeHref::parse(link).ok())) {
        (Some(error), _) => Some(view! { <span class="text-bad">{error.clone()}</span> }.into_any()),
        (None, Some(link)) => Some(view! { <TextLink href=link>"Show what it made"</TextLink> }.into_any()),
        (None, None) => None,
    };
    view! {
        <Step state=step.state name=step.name.clone() duration=duration.unwrap_or_default()>
            {more}
        </Step>
    }
}

fn made(effects: Vec<EffectView>) -> impl IntoView {
    if effects.is_empty() {
        return view! { <p class="text-ink-2">"Nothing yet."</p> }.into_any();
    }
    let row = |effect: EffectView| {
        let by_whom = match effect.made_by_this_run {
            Some(true) => "",
            Some(false) => "was there before",
            None => "may have been made",
        };
        let target = match effect.url {
            Some(url) => {
                view! { <code class="wrap-anywhere"><DataLink address=url text=effect.target /></code> }.into_any()
            }
            None => view! { <code class="wrap-anywhere">{effect.target}</code> }.into_any(),
        };
        view! { <RowItem detail=effect.kind.replace('_', " ") aside=by_whom>{target}</RowItem> }
    };
    view! { <Rows>{effects.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;
    use crate::components::tests::html;

    fn note(kind: &str) -> String {
        let now = datetime!(2026-11-21 12:00 UTC);
        let what = json!({ "kind": kind, "detail": "The reason.", "since": "2026-11-21T11:20:00Z" });
        html(move || waiting(&what, now))
    }

    #[test]
    fn what_waits_for_people_does_not_go_on_by_itself() {
        let note = note("approval");
        assert!(note.contains("It waits for a decision") && note.contains("The reason."), "{note}");
        assert!(note.contains("href=\"/provisioning/requests\"") && !note.contains("by itself"), "{note}");
    }

    #[test]
    fn what_waits_says_since_when() {
        for kind in ["git_host", "approval"] {
            let note = note(kind);
            assert!(note.contains("It has waited since") && note.contains("2026-11-21T11:20:00Z"), "{note}");
        }
        assert!(note("git_host").contains("It goes on by itself"));
    }
}
