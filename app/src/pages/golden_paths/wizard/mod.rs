//! The form of a path. All its pages stand one below the other, so that it works without scripts and in one go.

mod data;
mod field;

use domain::{
    golden_paths::form::{Form, FormPage},
    links,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use self::data::{Origin, Wizard};
use super::{FORM_ACTION, name_in_address};
use crate::{
    components::{
        Button, ButtonKind, Card, Columns, Crumb, ErrorSummary, Grid, Moment, Note, Notice, PageHeader, Remedy,
        Sentence, Tone,
    },
    islands::MadeNames,
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

#[component]
pub fn WizardPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let Some(name) = name_in_address() else {
        return Some(missing().into_any());
    };
    let plan = use_query_map().read_untracked().get("plan").and_then(|id| id.parse::<Uuid>().ok());
    let now = context.now;
    let load = async move { data::load(&context.viewer, &context.db, &name, plan).await };
    Some(loaded(load, move |wizard| view! { <Questions wizard=wizard now=now /> }).into_any())
}

#[component]
fn Questions(wizard: Wizard, now: OffsetDateTime) -> impl IntoView {
    let address = links::golden_path_form(&wizard.path.name);
    let crumbs = vec![
        Crumb::new("Golden paths", "/golden-paths"),
        Crumb::new(wizard.path.title.clone(), links::golden_path(&wizard.path.name)),
    ];
    let typed = |name: &str| wizard.typed.get(name).unwrap_or_default().to_owned();
    let (name, owner) = (typed("name"), typed("owner"));
    let is_of_a_service = wizard.form.field("name").is_some() && wizard.form.field("owner").is_some();
    view! {
        <PageHeader title=format!("Create a service: {}", wizard.path.title) crumbs=crumbs>
            <Sentence slot>"Nothing is made before you have read the plan. What you type is kept, also when you leave."</Sentence>
        </PageHeader>
        {left(&wizard, now)}
        {nobody(&wizard)}
        <ErrorSummary title="There is no plan yet: this needs a change" problems=wizard.problems() />
        {wizard.elsewhere().map(|message| view! { <Notice tone=Tone::Bad message=message /> })}
        <Grid columns=Columns::WideAndNarrow>
            <form method="post" action=address novalidate class="flex min-w-0 flex-col gap-4">
                {wizard.form.pages.iter().map(|page| section(page, &wizard)).collect_view()}
                <div class="flex flex-wrap gap-2">
                    <Button kind=ButtonKind::Primary name=FORM_ACTION value="plan">"See the plan"</Button>
                    <Button name=FORM_ACTION value="save">"Save the draft"</Button>
                </div>
            </form>
            {is_of_a_service
                .then(|| {
                    view! {
                        <div class="lg:sticky lg:top-4 lg:self-start">
                            <Card title="What it will be called"><MadeNames name=name owner=owner /></Card>
                        </div>
                    }
                })}
        </Grid>
    }
}

fn section(page: &FormPage, wizard: &Wizard) -> impl IntoView + use<> {
    let title = page.title.clone().unwrap_or_else(|| "What it needs to know".to_owned());
    let fields: Vec<AnyView> = page.fields.iter().map(|field| field::draw(field, wizard)).collect();
    let about = page.description.clone();
    view! {
        <Card title=title>
            {about.map(|about| view! { <p class="mb-4 max-w-form text-md text-ink-2">{about}</p> })}
            {fields}
        </Card>
    }
}

/// Where the input comes from when it is not new, and the way to an empty form.
fn left(wizard: &Wizard, now: OffsetDateTime) -> Option<AnyView> {
    let address = links::golden_path_form(&wizard.path.name);
    let afresh = view! {
        <form method="post" action=address>
            <Button name=FORM_ACTION value="discard">"Start afresh"</Button>
        </form>
    };
    let note = match wizard.origin {
        Origin::New => return None,
        // The page that has just been sent needs no word about where its input comes from.
        Origin::Draft(at) if !wizard.problems().is_empty() && now - at < JUST_NOW => return None,
        Origin::Draft(at) if now - at < JUST_NOW => view! {
            <Note tone=Tone::Good title="Your draft is kept">
                "You can leave now: it waits for you here and on the start page."
                <Remedy slot>{afresh}</Remedy>
            </Note>
        }
        .into_any(),
        Origin::Draft(at) => view! {
            <Note tone=Tone::Info title="This is your draft">
                "You left it " <Moment at=at now=now /> "; everything is as you typed it."
                <Remedy slot>{afresh}</Remedy>
            </Note>
        }
        .into_any(),
        Origin::Plan => view! {
            <Note tone=Tone::Info title="These are the answers of your plan">
                "Change what you like and look at the plan again. The earlier plan has made nothing."
                <Remedy slot>{afresh}</Remedy>
            </Note>
        }
        .into_any(),
    };
    Some(view! { <div class="mb-5 max-w-form">{note}</div> }.into_any())
}

/// As long as it takes to come back from sending a form.
const JUST_NOW: Duration = Duration::seconds(10);

/// Somebody who can own nothing learns it before filling in a form.
fn nobody(wizard: &Wizard) -> Option<impl IntoView + use<>> {
    let asks_for_owner = wizard.form.field("owner").is_some();
    (asks_for_owner && wizard.owners.is_empty()).then(|| {
        view! {
            <div class="mb-5 max-w-form">
                <Note tone=Tone::Warn title="You are in no team that could own a service">
                    "Ask the lead of a team to add your account to the team's group at the identity provider, then sign out and in again."
                </Note>
            </div>
        }
    })
}

/// Fields whose errors the summary links to.
fn is_on_page(form: &Form, name: &str) -> bool {
    form.field(name).is_some()
}
