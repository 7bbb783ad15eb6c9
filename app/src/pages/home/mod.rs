//! Home: what needs me, what my services could do next, and what has changed in them.

mod gaps;
mod recent;
mod runs;
mod waiting;

use backend::{
    Db, Error,
    golden_paths::{self, DraftSummary, PathSummary},
    home::{self, Recent, Waiting},
    maturity::{self, Gaps},
    scaffold::{self, RunFilter, RunView},
};
use domain::{access::Viewer, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{golden_paths::left_off, loaded::loaded};
use crate::{
    components::{Card, Columns, EmptyState, Grid, PageHeader, RowItem, Rows, Sentence, TextLink},
    request::RequestContext,
};

const RUNS: i64 = 8;
const GAPS: usize = 3;
const CHANGES: i64 = 8;

#[component]
pub fn HomePage() -> impl IntoView {
    let context = RequestContext::current()?;
    if context.viewer.is_outsider() {
        return Some(view! { <NothingYet viewer=context.viewer /> }.into_any());
    }
    let now = context.now;
    let load = async move { find(context.viewer, &context.db, now).await };
    Some(loaded(load, move |found| view! { <Home found=found now=now /> }).into_any())
}

/// What home is drawn from.
struct Found {
    viewer: Viewer,
    waiting: Vec<Waiting>,
    drafts: Vec<DraftSummary>,
    runs: Vec<RunView>,
    gaps: Gaps,
    recent: Vec<Recent>,
    paths: Vec<PathSummary>,
}

async fn find(viewer: Viewer, db: &Db, now: OffsetDateTime) -> Result<Found, Error> {
    let filter = RunFilter { limit: RUNS, ..RunFilter::default() };
    Ok(Found {
        waiting: home::waiting(&viewer, db).await?,
        drafts: golden_paths::list_drafts(&viewer, db).await?,
        runs: scaffold::list(&viewer, db, &filter).await?,
        gaps: maturity::gaps(&viewer, db, now, GAPS).await?,
        recent: home::recent(&viewer, db, CHANGES).await?,
        paths: golden_paths::list(&viewer, db).await?,
        viewer,
    })
}

#[component]
fn Home(found: Found, now: OffsetDateTime) -> impl IntoView {
    let Found { viewer, waiting, drafts, runs, gaps, recent, paths } = found;
    let stopped = runs::stopped(&runs, &viewer);
    let title = title(waiting.len() + stopped.len() + drafts.len());
    let has_teams = !viewer.teams.is_empty();
    let teams = if has_teams { viewer.teams.join(", ") } else { "no team".to_owned() };
    let waiting = waiting::rows(waiting, stopped, now);
    let runs = runs::made(runs, now);
    let of_teams = has_teams.then(|| {
        let (gaps, recent) = (gaps::rows(gaps), recent::timeline(recent, now));
        view! {
            <Card title="Closest next level" aside="the smallest effort first">{gaps}</Card>
            <Card title="What changed" aside="services of your teams">{recent}</Card>
        }
    });
    view! {
        <PageHeader title=title>
            <Sentence slot>"You are signed in as " {viewer.name} " of " {teams} "."</Sentence>
        </PageHeader>
        <Grid columns=Columns::Two>
            <div class="flex min-w-0 flex-col gap-4">
                <Card title="Waiting for you">{waiting}</Card>
                {(!drafts.is_empty())
                    .then(|| view! { <Card title="Where you left off">{left_off(drafts, now)}</Card> })}
                <Card title="Create a service">{ways(paths)}</Card>
            </div>
            <div class="flex min-w-0 flex-col gap-4">
                {of_teams}
                <Card title="What is being made">{runs}</Card>
            </div>
        </Grid>
    }
    .into_any()
}

fn title(waiting: usize) -> String {
    match waiting {
        0 => "Nothing needs you".to_owned(),
        1 => "One thing needs you".to_owned(),
        n => format!("{n} things need you"),
    }
}

/// What there is to create, and what each is for.
fn ways(paths: Vec<PathSummary>) -> AnyView {
    if paths.is_empty() {
        return view! { <EmptyState sentence="The platform team has not published a golden path yet. Ask them when there will be one." /> }
            .into_any();
    }
    let row = |path: PathSummary| {
        let form = links::golden_path_form(&path.name);
        view! { <RowItem detail=path.description><TextLink href=form>{path.title}</TextLink></RowItem> }
    };
    view! { <Rows>{paths.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

/// Somebody without team and role is told so, and whom to ask.
#[component]
fn NothingYet(viewer: Viewer) -> impl IntoView {
    view! {
        <PageHeader title="There is nothing for you yet">
            <Sentence slot>
                "You are signed in as " {viewer.name} ", and your account " <strong>{viewer.login}</strong>
                " belongs to no team that Waymark knows. "
                <TextLink href="/settings">"See which groups your account has"</TextLink> "."
            </Sentence>
        </PageHeader>
        <EmptyState sentence="Ask the lead of your team, or the platform team, to add your account to your team's group at the identity provider. Then sign out and in again." />
    }
}
