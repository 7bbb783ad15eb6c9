//! A plan: everything that creating would do, read before any of it is done.

mod files;
mod objects;
mod quota;
mod review;
mod words;

use backend::scaffold::{self, PlanView};
use domain::{
    links,
    scaffold::{PlanState, Verdict},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    components::{
        Actions, Button, ButtonKind, Crumb, Glyph, Icon, IconSize, LinkButton, Moment, Note, PageHeader, Sentence,
        TextLink, Tone,
    },
    islands::FollowPage,
    pages::{
        followed::followed,
        loaded::{loaded, missing},
    },
    request::RequestContext,
};

#[component]
pub fn PlanPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let path = params.get("name").unwrap_or_default();
    let Some(id) = params.get("id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move {
        let plan = scaffold::find_plan(&context.viewer, &context.db, id).await?;
        if plan.golden_path == path { Ok(plan) } else { Err(backend::Error::NotFound) }
    };
    Some(loaded(load, move |plan| view! { <Plan plan=plan now=now /> }).into_any())
}

#[component]
fn Plan(plan: PlanView, now: OffsetDateTime) -> impl IntoView {
    let is_read = matches!(plan.state, PlanState::Ready | PlanState::Stale | PlanState::Applied);
    view! {
        <Head plan=plan.clone() now=now />
        {note(&plan, now).map(|note| view! { <div class="mb-4">{note}</div> })}
        {(plan.state == PlanState::Planning).then(waiting)}
        {is_read.then(|| review::draw(plan.review))}
    }
}

#[component]
fn Head(plan: PlanView, now: OffsetDateTime) -> impl IntoView {
    let crumbs = vec![
        Crumb::new("Golden paths", "/golden-paths"),
        Crumb::new(format!("{} {}", plan.golden_path, plan.version), links::golden_path(&plan.golden_path)),
    ];
    let (title, sentence) = (title(&plan), words::sentence(&plan));
    let mark = plan.hash.as_deref().map(mark);
    let made = plan.planned_at.unwrap_or(plan.created_at);
    let actions = actions(&plan);
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>
                {sentence}
                {mark
                    .map(|mark| {
                        view! { " Plan " <code>{mark}</code> ", made " <Moment at=made now=now /> "." }
                    })}
            </Sentence>
            <Actions slot>{actions}</Actions>
        </PageHeader>
    }
}

fn title(plan: &PlanView) -> String {
    let name = words::service(plan);
    match plan.state {
        PlanState::Planning => format!("The plan for {name} is being made"),
        PlanState::Ready => "This is what will happen".to_owned(),
        PlanState::Stale => "The world has moved since this plan".to_owned(),
        PlanState::Applied => format!("This is the plan that {name} was made from"),
        PlanState::Failed => format!("There is no plan for {name} yet"),
    }
}

/// The start of the hash in two groups, enough to tell two plans apart.
fn mark(hash: &str) -> String {
    let part = |from: usize| hash.get(from..from + 4).unwrap_or_default();
    format!("{}·{}", part(0), part(4))
}

fn actions(plan: &PlanView) -> impl IntoView + use<> {
    let address = links::plan(&plan.golden_path, plan.id);
    let change = format!("{}?plan={}", links::golden_path_form(&plan.golden_path), plan.id);
    let is_denied = plan.review.objects.iter().any(|object| object.verdict == Verdict::Denied);
    let label = format!("Create {}", words::service(plan));
    let create = match (plan.state, plan.hash.clone()) {
        (PlanState::Ready, Some(hash)) => {
            let (kind, label) = if is_denied {
                (ButtonKind::Danger, format!("{label} all the same"))
            } else {
                (ButtonKind::Primary, label)
            };
            Some(view! {
                <form method="post" action=format!("{address}/create")>
                    <input type="hidden" name="hash" value=hash />
                    <Button kind=kind>{label}</Button>
                </form>
            })
        }
        _ => None,
    };
    let again_kind = if plan.state == PlanState::Stale { ButtonKind::Primary } else { ButtonKind::Plain };
    let again = matches!(plan.state, PlanState::Stale | PlanState::Failed).then(|| {
        view! {
            <form method="post" action=format!("{address}/again")>
                <Button kind=again_kind glyph=Glyph::Undo>"Plan again"</Button>
            </form>
        }
    });
    let change_kind = if plan.state == PlanState::Failed { ButtonKind::Primary } else { ButtonKind::Plain };
    let change = matches!(plan.state, PlanState::Ready | PlanState::Stale | PlanState::Failed)
        .then(|| view! { <LinkButton href=change kind=change_kind>"Change the input"</LinkButton> });
    let run = plan.run.map(|run| {
        view! { <LinkButton href=links::run(run) kind=ButtonKind::Primary>"Show the run"</LinkButton> }
    });
    view! {
        {change}
        {again}
        {create}
        {run}
    }
}

/// What stands between the reader and the button, in words.
fn note(plan: &PlanView, now: OffsetDateTime) -> Option<AnyView> {
    let problem = plan.problem.clone();
    match plan.state {
        PlanState::Planning if now - plan.created_at > SLOW => Some(
            view! {
                <Note tone=Tone::Warn title="It takes longer than usual">
                    "The part of the platform that asks the Git host and the cluster has not answered yet. The plan is made as soon as it does; you can leave this page and come back."
                </Note>
            }
            .into_any(),
        ),
        PlanState::Stale => Some(
            view! {
                <Note tone=Tone::Warn title="Nothing was made">
                    {problem.unwrap_or_else(|| {
                        "What this plan was made against is not so any more. Plan again and read what is different.".to_owned()
                    })}
                </Note>
            }
            .into_any(),
        ),
        PlanState::Failed => Some(failed(plan, problem)),
        PlanState::Ready => denied(plan),
        PlanState::Planning | PlanState::Applied => None,
    }
}

/// Longer than asking everybody takes.
const SLOW: Duration = Duration::seconds(20);

fn failed(plan: &PlanView, problem: Option<String>) -> AnyView {
    let form = format!("{}?plan={}", links::golden_path_form(&plan.golden_path), plan.id);
    let errors: Vec<String> = plan.errors.iter().map(|error| error.message.clone()).collect();
    let problem = problem.filter(|_| errors.is_empty());
    let row = move |message: String| {
        let form = form.clone();
        view! { <li><TextLink href=form>{message}</TextLink></li> }
    };
    view! {
        <Note tone=Tone::Bad title="This needs a change">
            {problem}
            <ul class="list-disc pl-5">{errors.into_iter().map(row).collect_view()}</ul>
        </Note>
    }
    .into_any()
}

fn denied(plan: &PlanView) -> Option<AnyView> {
    let count = plan.review.objects.iter().filter(|object| object.verdict == Verdict::Denied).count();
    let title = match count {
        0 => return None,
        1 => "The API server refuses one of the objects".to_owned(),
        n => format!("The API server refuses {n} of the objects"),
    };
    let note = view! {
        <Note tone=Tone::Bad title=title>
            "Its own words stand at the object below. Created all the same, the service would be made up to there and the run would stop."
        </Note>
    };
    Some(note.into_any())
}

/// Turns when its `details` (of the group `opens`) are open.
fn opener() -> impl IntoView {
    view! {
        <span class="shrink-0 self-center text-ink-3 group-open/opens:rotate-90">
            <Icon glyph=Glyph::ChevronRight size=IconSize::Small />
        </span>
    }
}

/// Without scripts the page looks again by itself.
fn waiting() -> impl IntoView {
    let sentence = "This page shows the plan as soon as it is made.".to_owned();
    view! {
        {followed(2, view! { <FollowPage seconds=1 sentence=sentence /> })}
        <p class="flex items-center gap-2 text-ink-2">
            "The files are rendered, and the Git host and the cluster are asked what they would say. Usually this takes a few seconds."
        </p>
    }
}
