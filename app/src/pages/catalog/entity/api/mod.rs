//! The definition of an API as something to read, with the text itself beside it.

mod operation;
mod rows;

use backend::catalog::Entity;
use domain::catalog::api_reference::{ApiReference, Server, TypeReference, Unreadable, read};
use leptos::prelude::*;
use serde_json::Value;

use self::{operation::group, rows::rows};
use crate::components::{Card, CodeBlock, EmptyState, Folded, KeyValue, KeyValues, Note, Summary, Tone};

/// Only an API has one.
pub(super) fn definition(entity: &Entity) -> Option<AnyView> {
    if entity.reference.kind() != "api" {
        return None;
    }
    let text = entity.document.pointer("/spec/definition").and_then(Value::as_str).unwrap_or_default();
    let read = read(entity.spec_type.as_deref().unwrap_or_default(), text);
    let aside = read.as_ref().map(|found| named(&found.title, &found.version)).unwrap_or_default();
    let found = match read {
        Ok(found) => reference(found),
        Err(reason) => unreadable(&reason),
    };
    let raw = (!text.trim().is_empty()).then(|| {
        let text = text.to_owned();
        view! {
            <div class="mt-4">
                <Folded>
                    <Summary slot>"The definition as it is written"</Summary>
                    <CodeBlock text=text label="Definition" />
                </Folded>
            </div>
        }
    });
    let card = view! { <Card title="How to use it" aside=aside>{found} {raw}</Card> };
    Some(view! { <div class="mb-4">{card}</div> }.into_any())
}

fn named(title: &str, version: &str) -> String {
    format!("{title} {version}").trim().to_owned()
}

fn unreadable(reason: &Unreadable) -> AnyView {
    let sentence = reason.to_string();
    match reason {
        Unreadable::NoReader { .. } => view! { <p class="text-ink-2">{sentence}</p> }.into_any(),
        _ => view! { <Note tone=Tone::Warn title="This definition cannot be laid out">{sentence}</Note> }.into_any(),
    }
}

fn reference(found: ApiReference) -> AnyView {
    let ApiReference { description, servers, groups, types, operations_left_out, types_left_out, .. } = found;
    if groups.is_empty() && types.is_empty() {
        return view! { <EmptyState sentence="The definition is in order and offers nothing yet." /> }.into_any();
    }
    let servers = (!servers.is_empty()).then(|| {
        let servers = servers.into_iter().map(server).collect_view();
        view! { <KeyValues><KeyValue term="Where it answers"><ul role="list">{servers}</ul></KeyValue></KeyValues> }
    });
    let types = (!types.is_empty()).then(|| {
        let count = format!("Types ({})", types.len());
        let types = types.into_iter().map(one_type).collect_view();
        view! {
            <div class="mt-4">
                <Folded>
                    <Summary slot><h3 class="font-[600]">{count}</h3></Summary>
                    <div class="flex flex-col gap-4">{types} {rest(types_left_out, "types")}</div>
                </Folded>
            </div>
        }
    });
    view! {
        {text(description)}
        {servers}
        {groups.into_iter().map(group).collect_view()}
        {rest(operations_left_out, "operations")}
        {types}
    }
    .into_any()
}

fn server(server: Server) -> impl IntoView {
    let Server { address, description } = server;
    view! { <li class="break-words"><code>{address}</code> " " <span class="text-ink-2">{description}</span></li> }
}

fn one_type(found: TypeReference) -> AnyView {
    let TypeReference { name, kind, description, rows: fields, is_cut } = found;
    let caption = format!("Fields of {name}");
    view! {
        <section>
            <h4 class="font-[560] break-words"><code>{name}</code> " " <span class="text-sm font-normal text-ink-2">{kind}</span></h4>
            {text(description)}
            {rows(caption, fields, is_cut)}
        </section>
    }
    .into_any()
}

/// What people wrote, with their line breaks.
pub(super) fn text(text: String) -> Option<AnyView> {
    let text = text.trim().to_owned();
    (!text.is_empty())
        .then(|| view! { <p class="my-1 max-w-prose break-words whitespace-pre-line text-ink-2">{text}</p> }.into_any())
}

fn rest(left_out: usize, of: &str) -> Option<AnyView> {
    let sentence = format!("{left_out} more {of} are in the definition itself.");
    (left_out > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">{sentence}</p> }.into_any())
}
