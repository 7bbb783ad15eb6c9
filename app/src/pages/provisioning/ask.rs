//! Asking for accelerators for one namespace.

use backend::provisioning::leases::{self, Offer, Offers};
use domain::{links, provisioning::LeaseForm};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::{Date, Duration};

use crate::{
    components::{
        Align, Button, ButtonKind, Card, Cell, Choice, Column, Columns, Crumb, DataTable, EmptyState, ErrorSummary,
        FieldProblem, FieldText, Grid, InputKind, LinkButton, PageHeader, RowHeader, SelectField, Sentence, TableRow,
        TextAreaField, TextField, TextLink, known,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

/// What the form proposes; whoever needs them longer says so.
const PROPOSED: Duration = Duration::days(14);

#[component]
pub fn AskPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let (cluster, namespace) = (params.get("cluster").unwrap_or_default(), params.get("namespace").unwrap_or_default());
    let query = use_query_map().read_untracked().clone();
    let typed = |name: &str| context.typed(name);
    let form = LeaseForm {
        resource: typed("resource").unwrap_or_default(),
        count: typed("count").unwrap_or_else(|| "1".to_owned()),
        until: typed("until").unwrap_or_else(|| (context.now + PROPOSED).date().to_string()),
        reason: typed("reason").unwrap_or_default(),
    };
    // A form that was sent and refused comes back with what was typed.
    let errors = if query.get("sent").is_some() { form.read(context.now).err().unwrap_or_default() } else { vec![] };
    let problems = errors
        .into_iter()
        .map(|error| FieldProblem { name: error.pointer.trim_start_matches('/').to_owned(), message: error.message })
        .collect();
    let place = Place { cluster, namespace, today: context.now.date() };
    let asked = place.clone();
    let load = async move { leases::offers(&context.viewer, &context.db, &asked.cluster, &asked.namespace).await };
    Some(loaded(load, move |offers| view! { <Ask place=place offers=offers form=form problems=problems /> }))
}

/// For what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    cluster: String,
    namespace: String,
    today: Date,
}

impl Place {
    fn page(&self) -> String {
        links::namespace(&self.cluster, &self.namespace)
    }
}

#[component]
fn Ask(place: Place, offers: Offers, form: LeaseForm, problems: Vec<FieldProblem>) -> impl IntoView {
    let crumbs = vec![Crumb::new("Namespaces", "/provisioning"), Crumb::new(place.namespace.clone(), place.page())];
    let Offers { team, service, environment, resources } = offers;
    let (address, service) = (links::entity(&service), service.name().to_owned());
    let cluster = place.cluster.clone();
    let form = fields(&place, &resources, form, &problems);
    view! {
        <PageHeader title="Ask for accelerators" crumbs=crumbs>
            <Sentence slot>
                "For the " {environment} " environment of " <TextLink href=address>{service}</TextLink> " on cluster "
                {cluster} ". Up to 2 for up to 30 days are granted at once, inside the budget of " {team}
                " and what is free; the platform team decides the rest."
            </Sentence>
        </PageHeader>
        <ErrorSummary title="Nothing is asked for yet" problems=problems />
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What you need">{form}</Card>
            <Card title="What there is">{available(resources)}</Card>
        </Grid>
    }
}

fn fields(place: &Place, offers: &[Offer], form: LeaseForm, problems: &[FieldProblem]) -> impl IntoView + use<> {
    let text = |name: &str, label: &str| {
        let problem = problems.iter().find(|problem| problem.name == name).map(|problem| problem.message.clone());
        FieldText::new(name, label).required().error(problem)
    };
    let (back, action) = (place.page(), format!("{}/ask", place.page()));
    let resource = resource(text("resource", "Resource"), offers, form.resource);
    let until = text("until", "Until").hint(format!("The last day; today is {}.", place.today));
    let reason = text("reason", "What it is for").hint("Whoever decides reads this.");
    view! {
        <form method="post" action=action>
            {resource}
            <TextField text=text("count", "How many") kind=InputKind::Number value=form.count />
            <TextField text=until kind=InputKind::Date value=form.until />
            <TextAreaField text=reason value=form.reason rows=3 />
            <div class="mt-4 flex flex-wrap gap-2">
                <Button kind=ButtonKind::Primary>"Ask for it"</Button>
                <LinkButton href=back>"Back to the namespace"</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

/// A list of what nodes offer; before they were seen, any name can be typed.
fn resource(text: FieldText, offers: &[Offer], typed: String) -> AnyView {
    if offers.is_empty() {
        let text = text.hint("By the name that nodes give it, such as nvidia.com/gpu.");
        return view! { <TextField text=text value=typed /> }.into_any();
    }
    let mut choices: Vec<Choice> =
        offers.iter().map(|offer| Choice::new(offer.resource.clone(), offer.resource.clone())).collect();
    if !typed.is_empty() && !offers.iter().any(|offer| offer.resource == typed) {
        choices.push(Choice::new(typed.clone(), format!("{typed} (no node offers it)")));
    }
    view! { <SelectField text=text choices=choices value=typed /> }.into_any()
}

fn available(offers: Vec<Offer>) -> AnyView {
    if offers.is_empty() {
        let sentence =
            "The nodes of this cluster were not seen yet, or offer no accelerators. You can ask all the same.";
        return view! { <EmptyState sentence=sentence /> }.into_any();
    }
    let row = |offer: Offer| {
        let Offer { resource, facts, .. } = offer;
        let budget = match facts.budget_left {
            Some(amount) => left(Some(amount)),
            None => "none set".into_any(),
        };
        view! {
            <TableRow>
                <RowHeader label="Resource"><code class="wrap-anywhere">{resource}</code></RowHeader>
                <Cell label="Held here" align=Align::End>{facts.held}</Cell>
                <Cell label="Left of the budget" align=Align::End>{budget}</Cell>
                <Cell label="Free" align=Align::End>{left(facts.free)}</Cell>
            </TableRow>
        }
    };
    let columns = vec![
        Column::text("Resource"),
        Column::number("Held here"),
        Column::number("Left of the budget"),
        Column::number("Free"),
    ];
    view! {
        <DataTable caption="Accelerators that are left" columns=columns>{offers.into_iter().map(row).collect_view()}</DataTable>
    }
    .into_any()
}

/// More may be promised than there is: nothing is left then.
fn left(amount: Option<i64>) -> AnyView {
    known(amount.map(|amount| amount.max(0)))
}
