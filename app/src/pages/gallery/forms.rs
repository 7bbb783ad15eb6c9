//! Forms: filters, fields with hints and errors, the summary, a question on its own page.

use leptos::prelude::*;

use super::Part;
use crate::components::{
    Card, Cell, Checkbox, CheckboxGroup, Choice, Column, Columns, DataTable, ErrorSummary, FieldProblem, FieldText,
    FilterForm, FilterSelect, FilterText, Grid, InputKind, RadioGroup, RowHeader, RowSelect, SelectField, TableRow,
    TextAreaField, TextField,
};

const NAME_ERROR: &str = "checkout is taken by search. Try checkout-api, which is free everywhere.";

#[component]
pub fn Forms() -> impl IntoView {
    let states = vec![Choice::new("", "Any state"), Choice::new("stuck", "Stuck"), Choice::new("quiet", "Quiet")];
    view! {
        <Part id="forms" title="Forms">
            <FilterForm action="/catalog" is_filtered=true>
                <FilterText name="filter" label="Words" value="checkout" />
                <FilterSelect name="state" label="State" choices=states value="stuck" />
            </FilterForm>
            <Grid columns=Columns::Two>
                <Card title="Ask for GPUs">
                    <form method="post" action="/provisioning/requests">
                        <Fields />
                    </form>
                </Card>
                <Card title="With errors">
                    <form method="post" action="/golden-paths/web-service/new">
                        <FieldsWithErrors />
                    </form>
                </Card>
            </Grid>
            <Card title="A choice in a row">
                <Adoption />
            </Card>
        </Part>
    }
    .into_any()
}

#[component]
fn Fields() -> impl IntoView {
    let sizes = vec![
        Choice::new("small", "Small").hint("2 cores, 4 GiB. Enough for most services."),
        Choice::new("medium", "Medium").hint("8 cores, 16 GiB."),
    ];
    let cards = vec![Choice::new("nvidia.com/gpu", "H100, whole card"), Choice::new("mig", "A100, slice 3g.40gb")];
    let reason = FieldText::new("reason", "What for").hint("One sentence; the approver reads it first.").required();
    view! {
        <SelectField text=FieldText::new("card", "Which cards").required() choices=cards value="nvidia.com/gpu" />
        <TextField text=FieldText::new("count", "How many").required() kind=InputKind::Number value="2" />
        <TextField text=FieldText::new("until", "Until") kind=InputKind::Date value="2026-12-21" />
        <TextAreaField text=reason value="Evaluation of the fraud model before the release." />
        <RadioGroup text=FieldText::new("size", "Size of the namespace").required() choices=sizes value="small" />
        <Checkbox
            text=FieldText::new("notify", "Tell me a day before it ends").hint("By mail, to the address of your account.")
            checked=true
        />
        <CheckboxGroup text=FieldText::new("where", "Where it is needed") choices=places() values=vec!["dev".to_owned()] />
    }.into_any()
}

fn places() -> Vec<Choice> {
    ["dev", "staging", "prod"].map(|place| Choice::new(place, place)).to_vec()
}

/// The name of the list is read to those who do not see its row.
#[component]
fn Adoption() -> impl IntoView {
    let teams = vec![Choice::new("payments", "payments"), Choice::new("ledger", "ledger")];
    let columns = ["What runs", "Owner"].map(Column::text).to_vec();
    view! {
        <DataTable caption="What nobody owns" columns=columns>
            <TableRow>
                <RowHeader label="What runs">"deployment statement-export"</RowHeader>
                <Cell label="Owner">
                    <RowSelect name="owner" label="Owner of statement-export" choices=teams value="ledger" />
                </Cell>
            </TableRow>
        </DataTable>
    }
    .into_any()
}

#[component]
fn FieldsWithErrors() -> impl IntoView {
    let problem = |name: &str, message: &str| FieldProblem { name: name.to_owned(), message: message.to_owned() };
    let owner_error = "Choose the team that answers for it.";
    let problems = vec![problem("name", NAME_ERROR), problem("owner", owner_error)];
    let name = FieldText::new("name", "Name").hint("Lower case, digits and dashes.").error(Some(NAME_ERROR.to_owned()));
    let owner = FieldText::new("owner", "Owner").error(Some(owner_error.to_owned())).required();
    let teams = vec![Choice::new("payments", "payments"), Choice::new("ledger", "ledger")];
    let tier =
        FieldText::new("accept", "I have read what will be made").error(Some("Tick the box.".to_owned())).required();
    view! {
        <ErrorSummary title="The service is not created yet" problems=problems />
        <TextField text=name.required() value="checkout" />
        <RadioGroup text=owner choices=teams />
        <TextAreaField text=FieldText::new("values", "Values") is_code=true rows=3 value="replicas: 3\nport: 8080" />
        <Checkbox text=tier />
    }
    .into_any()
}
