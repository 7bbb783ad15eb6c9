//! The inputs of the form.

use backend::catalog::changing::{EditForm, OwnerChoice};
use domain::catalog::edit::{DESCRIPTION, LinkRow, OWNER, TAGS, input_at, link_input};
use leptos::prelude::*;

use crate::components::{Checkbox, Choice, FieldText, TextAreaField, TextField};

/// Description, tags and owner.
pub(super) fn about(found: &EditForm) -> AnyView {
    let text = |name: &'static str, label: &'static str| FieldText::new(name, label).error(error(found, name));
    let description = text(DESCRIPTION, "Description").hint("What it is for, in a sentence or two.");
    let tags = text(TAGS, "Tags").hint("Between commas, such as java, data-pipeline.");
    let owner = text(OWNER, "Owner").hint("A team, such as payments, or a person as user:name.");
    let owner = if found.needs_owner { owner.required() } else { owner };
    let choice = |OwnerChoice { written, title }: &OwnerChoice| Choice::new(written.clone(), title.clone());
    let owners: Vec<Choice> = found.owners.iter().map(choice).collect();
    let form = &found.form;
    let (said, tagged, owned) = (form.description.clone(), form.tags.clone(), form.owner.clone());
    let owner = found.has_owner.then(|| view! { <TextField text=owner value=owned suggestions=owners /> });
    view! {
        <TextAreaField text=description value=said />
        <TextField text=tags value=tagged />
        {owner}
    }
    .into_any()
}

/// One row for each link, and empty ones to add some.
pub(super) fn links(found: &EditForm) -> AnyView {
    let rows = found.form.links.iter().enumerate().map(|(at, row)| link(found, at, row)).collect_view();
    view! {
        <p class="mb-3 max-w-form text-md text-ink-2">
            "Addresses that begin with https:// or http://. Leave a row empty that you do not need; there are new ones each time the form is shown."
        </p>
        <div class="grid gap-3">{rows}</div>
    }
    .into_any()
}

fn link(found: &EditForm, at: usize, row: &LinkRow) -> AnyView {
    let is_known = at < found.seen.links.len();
    let legend = if is_known { format!("Link {}", at + 1) } else { format!("Link {} (new)", at + 1) };
    let text = |part: &str, label: &str| {
        let name = link_input(at, part);
        let error = error(found, &name);
        FieldText::new(name, label).error(error)
    };
    let (url, title) = (text("url", "Address"), text("title", "Words"));
    let (address, words, is_removed) = (row.url.clone(), row.title.clone(), row.is_removed);
    let remove = is_known.then(|| {
        let text = FieldText::new(link_input(at, "remove"), format!("Take link {} out", at + 1));
        view! { <Checkbox text=text checked=is_removed /> }
    });
    view! {
        <fieldset class="min-w-0 border-t border-line pt-3">
            <legend class="pr-2 text-sm text-ink-2">{legend}</legend>
            <div class="grid max-w-form gap-x-4 md:grid-cols-2">
                <TextField text=url value=address />
                <TextField text=title value=words />
            </div>
            {remove}
        </fieldset>
    }
    .into_any()
}

fn error(found: &EditForm, name: &str) -> Option<String> {
    // What was wrong before the entry changed is judged anew.
    let errors = found.errors.iter().filter(|_| found.moved.is_empty());
    let of_field = errors.filter(|error| input_at(&error.pointer).as_deref() == Some(name));
    let messages: Vec<&str> = of_field.map(|error| error.message.as_str()).collect();
    (!messages.is_empty()).then(|| messages.join(" "))
}
