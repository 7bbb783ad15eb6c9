//! Home: what needs me.

use backend::{
    golden_paths::{self, DraftSummary, PathSummary},
    scaffold::{self, RunFilter, RunView},
};
use domain::{access::Viewer, scaffold::RunState};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    golden_paths::{form_path, left_off},
    loaded::loaded,
};
use crate::{
    components::{
        Badge, Card, Columns, EmptyState, Grid, Lead, Moment, PageHeader, RowItem, Rows, Sentence, TextLink, Tone,
    },
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
        let (viewer, db) = (&context.viewer, &context.db);
        Ok(Found {
            runs: scaffold::list(viewer, db, &filter).await?,
            paths: golden_paths::list(viewer, db).await?,
            drafts: golden_paths::list_drafts(viewer, db).await?,
        })
    };
    Some(loaded(load, move |found| view! { <Home viewer=viewer found=found now=now /> }).into_any())
}

/// What home is drawn from.
struct Found {
    runs: Vec<RunView>,
    paths: Vec<PathSummary>,
    drafts: Vec<DraftSummary>,
}

#[component]
fn Home(viewer: Viewer, found: Found, now: OffsetDateTime) -> impl IntoView {
    let Found { runs, paths, drafts } = found;
    let stuck = runs.iter().filter(|run| run.state == RunState::Failed).count() + drafts.len();
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
        <Grid columns=Columns::Two>
            <Card title="Create a service">{ways(paths)}</Card>
            <div class="flex min-w-0 flex-col gap-4">
                {(!drafts.is_empty())
                    .then(|| view! { <Card title="Where you left off">{left_off(drafts, now)}</Card> })}
                <Card title="What is being made">{made(runs, now)}</Card>
            </div>
        </Grid>
    }
}

/// What there is to create, and what each is for.
fn ways(paths: Vec<PathSummary>) -> AnyView {
    if paths.is_empty() {
        return view! { <EmptyState sentence="The platform team has not published a golden path yet. Ask them when there will be one." /> }
            .into_any();
    }
    let row = |path: PathSummary| {
        let form = form_path(&path.name);
        view! { <RowItem detail=path.description><TextLink href=form>{path.title}</TextLink></RowItem> }
    };
    view! { <Rows>{paths.into_iter().map(row).collect_view()}</Rows> }.into_any()
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
