//! Home: what needs me.

use backend::scaffold::{self, RunFilter, RunView};
use domain::{access::Viewer, scaffold::RunState};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::loaded::loaded;
use crate::{
    components::{Badge, Card, EmptyState, Lead, Moment, PageHeader, RowItem, Rows, Sentence, TextLink, Tone},
    request::RequestContext,
};

const RUNS: i64 = 10;

#[component]
pub fn HomePage() -> impl IntoView {
    let context = RequestContext::current()?;
    if context.viewer.is_outsider() {
        return Some(view! { <NothingYet viewer=context.viewer /> }.into_any());
    }
    let (viewer, now) = (context.viewer.clone(), context.now);
    let load = async move {
        let filter = RunFilter { limit: RUNS, ..RunFilter::default() };
        scaffold::list(&context.viewer, &context.db, &filter).await
    };
    Some(loaded(load, move |runs| view! { <Home viewer=viewer runs=runs now=now /> }).into_any())
}

#[component]
fn Home(viewer: Viewer, runs: Vec<RunView>, now: OffsetDateTime) -> impl IntoView {
    let stuck = runs.iter().filter(|run| run.state == RunState::Failed).count();
    let title = match stuck {
        0 => "Nothing needs you".to_owned(),
        1 => "One thing needs you".to_owned(),
        n => format!("{n} things need you"),
    };
    let teams = if viewer.teams.is_empty() { "no team".to_owned() } else { viewer.teams.join(", ") };
    view! {
        <PageHeader title=title>
            <Sentence slot>"You are signed in as " {viewer.name} " of " {teams} "."</Sentence>
        </PageHeader>
        <Card title="What is being made">{made(runs, now)}</Card>
    }
}

fn made(runs: Vec<RunView>, now: OffsetDateTime) -> AnyView {
    if runs.is_empty() {
        return view! { <EmptyState sentence="Nothing has been created by your teams yet." /> }.into_any();
    }
    let row = move |run: RunView| {
        let (tone, word) = look(run.state);
        let address = format!("/scaffold/{}", run.id);
        view! {
            <RowItem detail=format!("{} · {}", run.golden_path, run.team)>
                <Lead slot><Badge tone=tone word=word /></Lead>
                <TextLink href=address>{run.entity}</TextLink>
                " "
                <Moment at=run.created_at now=now />
            </RowItem>
        }
    };
    view! { <Rows>{runs.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

fn look(state: RunState) -> (Tone, &'static str) {
    match state {
        RunState::Succeeded => (Tone::Good, "ready"),
        RunState::Failed | RunState::CleanupFailed => (Tone::Bad, "stopped"),
        RunState::Waiting => (Tone::Warn, "waits"),
        RunState::AwaitingApproval => (Tone::Warn, "to approve"),
        RunState::Queued | RunState::Running | RunState::Cleaning => (Tone::Info, "under way"),
        RunState::Cancelled | RunState::Cleaned => (Tone::Info, "taken back"),
    }
}

/// Somebody without team and role is told so, and whom to ask.
#[component]
fn NothingYet(viewer: Viewer) -> impl IntoView {
    view! {
        <PageHeader title="There is nothing for you yet">
            <Sentence slot>
                "You are signed in as " {viewer.name} ", and your account " <strong>{viewer.login}</strong>
                " belongs to no team that Waymark knows."
            </Sentence>
        </PageHeader>
        <EmptyState sentence="Ask the lead of your team, or the platform team, to add your account to your team's group at the identity provider. Then sign out and in again." />
    }
}
