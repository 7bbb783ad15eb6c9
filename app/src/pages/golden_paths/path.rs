//! One path: what it makes, what it asks for, and how far it has spread.

use backend::golden_paths::{self, PathSummary, PathVersion};
use domain::{
    catalog::EntityRef,
    golden_paths::{Template, form::Form},
    links,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{list::tags, name_in_address, services};
use crate::{
    components::{
        Actions, Align, Badge, ButtonKind, Card, Cell, Column, Columns, Crumb, DataTable, Grid, LinkButton, Moment,
        PageHeader, RowHeader, RowItem, Rows, Sentence, TableRow, TextLink, Tone,
    },
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

#[component]
pub fn GoldenPathPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let Some(name) = name_in_address() else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move {
        let (path, versions) = golden_paths::find(&context.viewer, &context.db, &name).await?;
        Ok((path, versions, golden_paths::template(&context.viewer, &context.db, &name).await?))
    };
    Some(
        loaded(load, move |(path, versions, template)| {
            view! { <GoldenPath path=path versions=versions template=template now=now /> }
        })
        .into_any(),
    )
}

#[component]
fn GoldenPath(path: PathSummary, versions: Vec<PathVersion>, template: Template, now: OffsetDateTime) -> impl IntoView {
    let form = links::golden_path_form(&path.name);
    let label = format!("Create with {}", path.title);
    let spread = match path.services {
        0 => "Nothing has been made from it yet.".to_owned(),
        n => {
            format!("{} made from it.", if n == 1 { "1 service was".to_owned() } else { format!("{n} services were") })
        }
    };
    let (does, asks) = (does(&template), asks(&template));
    let (curator, current) = (owner(path.owner.as_deref()), path.version.clone());
    view! {
        <PageHeader title=path.title crumbs=vec![Crumb::new("Golden paths", "/golden-paths")]>
            <Sentence slot>
                {path.description} " Curated by " {curator} ", version " {path.version} ". "
                {spread}
            </Sentence>
            <Actions slot><LinkButton href=form kind=ButtonKind::Primary>{label}</LinkButton></Actions>
        </PageHeader>
        <div class="-mt-3 mb-5">{tags(path.tags)}</div>
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What it asks for">{asks}</Card>
            <Card title="What it does">{does}</Card>
        </Grid>
        <Card title="Versions">{table(versions, current, now)}</Card>
    }
}

fn owner(owner: Option<&str>) -> AnyView {
    match owner.and_then(|text| text.parse::<EntityRef>().ok()) {
        Some(reference) => {
            let address = links::entity(&reference);
            view! { <TextLink href=address>{reference.name().to_owned()}</TextLink> }.into_any()
        }
        None => view! { <Badge tone=Tone::Unknown word="nobody" /> }.into_any(),
    }
}

fn does(template: &Template) -> impl IntoView + use<> {
    let step = |(name, action): (String, String)| view! { <RowItem detail=action>{name}</RowItem> };
    let steps: Vec<_> = template.steps.iter().map(|s| (s.name.clone(), s.action.clone())).map(step).collect();
    view! { <Rows>{steps}</Rows> }
}

fn asks(template: &Template) -> impl IntoView + use<> {
    let form = Form::of(template);
    let row = |field: &domain::golden_paths::form::Field| {
        let has_default = field.default.as_ref().is_some_and(|default| default != "");
        let aside = match (field.is_required, has_default) {
            (true, _) => "required",
            (false, true) => "has a default",
            (false, false) => "optional",
        };
        let (label, help) = (field.label.clone(), field.help.clone());
        match help {
            Some(help) => view! { <RowItem detail=help aside=aside>{label}</RowItem> }.into_any(),
            None => view! { <RowItem aside=aside>{label}</RowItem> }.into_any(),
        }
    };
    let rows: Vec<AnyView> = form.fields().map(row).collect();
    view! { <Rows>{rows}</Rows> }
}

fn table(versions: Vec<PathVersion>, current: String, now: OffsetDateTime) -> impl IntoView {
    let row = move |version: PathVersion| {
        let is_current = version.version == current;
        view! {
            <TableRow>
                <RowHeader label="Version">
                    <span class="inline-flex flex-wrap items-center gap-2">
                        {version.version} {is_current.then(|| view! { <Badge tone=Tone::Info word="current" /> })}
                    </span>
                </RowHeader>
                <Cell label="Published"><Moment at=version.published_at now=now /></Cell>
                <Cell label="Made from it" align=Align::End>{services(version.services)}</Cell>
                <Cell label="Content"><code>{short(&version.digest)}</code></Cell>
            </TableRow>
        }
    };
    let columns = vec![
        Column::text("Version"),
        Column::text("Published"),
        Column::number("Made from it"),
        Column::text("Content"),
    ];
    view! { <DataTable caption="Versions" columns=columns>{versions.into_iter().map(row).collect_view()}</DataTable> }
}

/// Enough of a hash to tell two apart.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
