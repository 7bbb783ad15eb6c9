//! One's tokens, and the form that makes one.

use backend::access::TokenView;
use domain::access::TokenScope;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::form::{DAYS, TokenForm};
use crate::components::{
    Button, ButtonKind, Cell, Choice, Column, DataTable, ErrorSummary, FieldProblem, FieldText, Moment, RadioGroup,
    RowHeader, SelectField, TableRow, TextField,
};

pub(super) fn list(tokens: Vec<TokenView>, now: OffsetDateTime) -> AnyView {
    if tokens.is_empty() {
        return view! {
            <p class="text-ink-2">
                "You have no token. A script or a build that asks Waymark for something comes with one, in the header "
                <code>"Authorization: Bearer wmk_…"</code> "."
            </p>
        }
        .into_any();
    }
    let columns = ["Name", "May", "Ends", "Last used", "Action"].map(Column::text).to_vec();
    let rows = tokens.into_iter().map(|token| row(token, now)).collect_view();
    view! {
        <DataTable caption="Your tokens" columns=columns>{rows}</DataTable>
        <p class="mt-2 text-sm text-ink-2">
            "A token may never do more than you. It rests when you have not signed in for thirty days."
        </p>
    }
    .into_any()
}

fn row(token: TokenView, now: OffsetDateTime) -> AnyView {
    let may = if token.scopes.contains(&TokenScope::Write) { "read and change" } else { "read" };
    let action = format!("/settings/tokens/{}/revoke", token.id);
    let used = match token.last_used_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => "never".into_any(),
    };
    let name = token.name.clone();
    view! {
        <TableRow>
            <RowHeader label="Name"><span class="wrap-anywhere">{token.name}</span></RowHeader>
            <Cell label="May">{may}</Cell>
            <Cell label="Ends"><Moment at=token.expires_at now=now /></Cell>
            <Cell label="Last used">{used}</Cell>
            <Cell label="Action">
                <form method="post" action=action>
                    <Button kind=ButtonKind::Danger>"Revoke" <span class="sr-only">" " {name}</span></Button>
                </form>
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// With what was typed before, and what is wrong with it, where something is.
pub(super) fn form(typed: Option<TokenForm>, now: OffsetDateTime) -> AnyView {
    let errors = typed.as_ref().and_then(|form| form.wish(now).err()).unwrap_or_default();
    let problems: Vec<FieldProblem> = errors
        .into_iter()
        .map(|error| FieldProblem { name: error.pointer.trim_start_matches('/').to_owned(), message: error.message })
        .collect();
    let error =
        |name: &str| problems.iter().find(|problem| problem.name == name).map(|problem| problem.message.clone());
    let form = typed.unwrap_or_else(|| TokenForm { access: "read".into(), days: "30".into(), ..TokenForm::default() });
    let name =
        FieldText::new("name", "Name").hint("What uses it, such as build of checkout.").required().error(error("name"));
    let access = FieldText::new("access", "What it may do").required().error(error("access"));
    let days = FieldText::new("days", "How long it lives").required().error(error("days"));
    let accesses = vec![
        Choice::new("read", "Read only"),
        Choice::new("write", "Read and change").hint("Everything that you may change yourself, except tokens."),
    ];
    let lengths = DAYS.map(|(days, words)| Choice::new(days, words)).to_vec();
    view! {
        <form method="post" action="/settings/tokens">
            <ErrorSummary title="The token is not made yet" problems=problems />
            <TextField text=name value=form.name />
            <RadioGroup text=access choices=accesses value=form.access />
            <SelectField text=days choices=lengths value=form.days />
            <Button kind=ButtonKind::Primary>"Make the token"</Button>
        </form>
    }
    .into_any()
}
