//! Bringing a file of the Git host into the catalog.

mod documents;
mod led;
mod preview;

use backend::catalog::living::{self, Candidate, Candidates};
use domain::{error::FieldError, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        Badge, Button, ButtonKind, Card, Cell, Column, Crumb, DataTable, EmptyState, ErrorSummary, FieldProblem,
        FieldText, Moment, PageHeader, RowHeader, Sentence, TableRow, TextField, TextLink, Tone,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

pub use preview::PreviewPage;

#[component]
pub fn ImportPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let typed = context.typed("address");
    let now = context.now;
    let load = async move {
        let (viewer, db) = (context.viewer, context.db);
        // A form that was sent and refused comes back with what was typed.
        let error = match &typed {
            Some(typed) => living::check_address(&viewer, &db, typed).await?,
            None => None,
        };
        let candidates = living::candidates(&viewer, &db).await?;
        Ok((typed.unwrap_or_default(), error, candidates, viewer.is_outsider()))
    };
    let draw = move |(typed, error, candidates, is_outsider)| {
        view! { <Import typed=typed error=error candidates=candidates is_outsider=is_outsider now=now /> }
    };
    Some(loaded(load, draw))
}

#[component]
fn Import(
    typed: String,
    error: Option<FieldError>,
    candidates: Candidates,
    is_outsider: bool,
    now: OffsetDateTime,
) -> impl IntoView {
    let form = (!is_outsider).then(|| form(typed, error, candidates.host.clone()));
    let choose = (!is_outsider).then(|| choose(candidates, now));
    let nothing = is_outsider.then(|| {
        view! {
            <EmptyState sentence="You belong to no team yet, so there is nothing for you to import. Ask the platform team for a group." />
        }
    });
    view! {
        <PageHeader title="Import into the catalog" crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>
                "Name a file at the Git host, such as catalog-info.yaml. You see what would appear, change or fail before anything does."
            </Sentence>
        </PageHeader>
        <div class="grid gap-4">{nothing} {form} {choose}</div>
    }
    .into_any()
}

fn form(typed: String, error: Option<FieldError>, host: Option<String>) -> AnyView {
    let message = error.map(|error| error.message);
    let problems = message.clone().map(|message| FieldProblem { name: "address".to_owned(), message });
    let example = host.unwrap_or_else(|| "https://git.example.com/".to_owned());
    let hint = format!(
        "Of a file or a repository, as your browser shows it: {example}team/service. A repository stands for its \
         catalog-info.yaml."
    );
    let field = FieldText::new("address", "Address at the Git host").hint(hint).required().error(message);
    view! {
        <Card title="By its address">
            <form method="post" action=links::CATALOG_IMPORT class="max-w-form">
                <ErrorSummary title="Nothing is imported yet" problems=problems.into_iter().collect() />
                <TextField text=field value=typed />
                <Button kind=ButtonKind::Primary>"Show what it would bring"</Button>
            </form>
            <p class="mt-3 max-w-prose text-sm text-ink-2">
                "You may import from repositories of your teams, and from those that everybody may read. What you take over is seen by everybody in the organisation, unless it names its readers itself. What the catalog has from elsewhere stays as it is: a name belongs to the file that had it first. From then on the file is read again whenever its branch changes."
            </p>
        </Card>
    }
    .into_any()
}

fn choose(candidates: Candidates, now: OffsetDateTime) -> AnyView {
    let Candidates { repositories, listed_at, .. } = candidates;
    let listed = listed_at.map(|at| {
        view! { <p class="mt-2 text-sm text-ink-2">"Repositories as the Git host listed them " <Moment at=at now=now /> "."</p> }
    });
    let table = match (repositories.is_empty(), listed_at) {
        (true, None) => view! {
            <EmptyState sentence="The Git host has not been asked for its repositories yet. An address works all the same." />
        }
        .into_any(),
        (true, Some(_)) => {
            view! { <EmptyState sentence="The Git host has no repository that you and the platform may both read." /> }
                .into_any()
        }
        (false, _) => {
            let columns = ["Repository", "Catalog file", "Action"].map(Column::text).to_vec();
            let rows = repositories.into_iter().map(row).collect_view();
            view! { <DataTable caption="Repositories that can be imported" columns=columns>{rows}</DataTable> }.into_any()
        }
    };
    view! { <Card title="From a repository">{table} {listed}</Card> }.into_any()
}

fn row(candidate: Candidate) -> AnyView {
    let Candidate { repository, description, has_file, source, address } = candidate;
    let file = match (source, has_file) {
        (Some(source), _) => {
            let href = links::catalog_source(source);
            view! { <TextLink href=href>"in the catalog"</TextLink> }.into_any()
        }
        (None, true) => view! { <Badge tone=Tone::Info word="found" /> }.into_any(),
        (None, false) => "none at its root".into_any(),
    };
    let name = repository.clone();
    let action = has_file.then(|| {
        view! {
            <form method="post" action=links::CATALOG_IMPORT>
                <input type="hidden" name="address" value=address />
                <Button>"Preview" <span class="sr-only">" " {name}</span></Button>
            </form>
        }
    });
    let description =
        (!description.is_empty()).then(|| view! { <p class="text-sm font-normal text-ink-2">{description}</p> });
    view! {
        <TableRow>
            <RowHeader label="Repository"><span class="wrap-anywhere">{repository}</span> {description}</RowHeader>
            <Cell label="Catalog file">{file}</Cell>
            <Cell label="Action">{action}</Cell>
        </TableRow>
    }
    .into_any()
}
