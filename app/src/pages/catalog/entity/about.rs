//! What an entity says of itself, and where.

use backend::catalog::{Entity, Trouble};
use domain::{
    catalog::{
        EntityRef,
        descriptor::{may_have_owner, write},
    },
    links,
};
use leptos::prelude::*;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    components::{CodeBlock, DataLink, Folded, KeyValue, KeyValues, Moment, Note, Summary, TextLink, Tone},
    pages::catalog::{filters::narrowed, list::owner, sources::short},
};

/// A longer description would keep the reader from the rest of the page.
const MOST_LINES: usize = 80;

/// As it was written; what the platform made itself is written now.
pub(super) fn document(entity: &Entity) -> AnyView {
    let text = entity.origin.text.clone().unwrap_or_else(|| write([&entity.document]));
    let lines = text.lines().count();
    let code = view! { <CodeBlock text=text label="Entity as YAML" /> };
    if lines <= MOST_LINES {
        return code.into_any();
    }
    let summary = format!("All {lines} lines");
    view! { <Folded><Summary slot>{summary}</Summary>{code}</Folded> }.into_any()
}

pub(super) fn facts(entity: &Entity, now: OffsetDateTime) -> AnyView {
    let kind = entity.reference.kind().to_owned();
    let kind = view! { <TextLink href=narrowed("kind", &kind)>{kind}</TextLink> };
    let plain = |term: &'static str, key: &'static str, value: &Option<String>| {
        value.clone().map(|value| {
            let href = narrowed(key, &value);
            view! { <KeyValue term=term><TextLink href=href>{value}</TextLink></KeyValue> }
        })
    };
    let (spec_type, lifecycle) =
        (plain("Type", "type", &entity.spec_type), plain("Lifecycle", "lifecycle", &entity.lifecycle));
    let system = entity.system.as_deref().and_then(|text| text.parse::<EntityRef>().ok()).map(|of| {
        let (href, name) = (links::entity(&of), of.name().to_owned());
        view! { <KeyValue term="System"><TextLink href=href>{name}</TextLink></KeyValue> }
    });
    let owner = (entity.owner.is_some() || may_have_owner(entity.reference.kind())).then(|| {
        let owner = owner(&entity.reference, entity.owner.clone());
        view! { <KeyValue term="Owner">{owner}</KeyValue> }
    });
    let (reference, at) = (entity.reference.to_string(), entity.updated_at);
    let (visible_to, tags, links, source) = (visible_to(entity), tags(entity), links(entity), described_in(entity));
    view! {
        <KeyValues>
            <KeyValue term="Kind">{kind}</KeyValue>
            {spec_type}
            {lifecycle}
            {owner}
            {system}
            {visible_to}
            {tags}
            {links}
            <KeyValue term="Reference"><code class="break-words">{reference}</code></KeyValue>
            <KeyValue term="Described in">{source}</KeyValue>
            <KeyValue term="Changed"><Moment at=at now=now /></KeyValue>
        </KeyValues>
    }
    .into_any()
}

/// Whoever reads this is one of them.
fn visible_to(entity: &Entity) -> Option<AnyView> {
    let groups = entity.visible_to.as_ref()?;
    let link = |group: &String| {
        let reference: EntityRef = group.parse().ok()?;
        let (href, name) = (links::entity(&reference), reference.name().to_owned());
        Some(view! { <li><TextLink href=href>{name}</TextLink></li> })
    };
    let groups = groups.iter().filter_map(link).collect_view();
    let list =
        view! { <ul role="list" class="flex flex-wrap gap-x-3 gap-y-1">{groups}<li>"the platform team"</li></ul> };
    Some(view! { <KeyValue term="Visible to">{list}</KeyValue> }.into_any())
}

fn tags(entity: &Entity) -> Option<AnyView> {
    let tag = |tag: &String| {
        let (href, tag) = (narrowed("tag", tag), tag.clone());
        view! { <li><TextLink href=href>{tag}</TextLink></li> }
    };
    (!entity.tags.is_empty()).then(|| {
        let tags = entity.tags.iter().map(tag).collect_view();
        view! { <KeyValue term="Tags"><ul role="list" class="flex flex-wrap gap-x-3 gap-y-1">{tags}</ul></KeyValue> }
            .into_any()
    })
}

/// An address that no page should lead to stands there as words.
fn links(entity: &Entity) -> Option<AnyView> {
    let links = entity.document.pointer("/metadata/links").and_then(Value::as_array)?;
    let link = |link: &Value| {
        let address = link.get("url").and_then(Value::as_str)?.to_owned();
        let text = link.get("title").and_then(Value::as_str).unwrap_or(&address).to_owned();
        Some(view! { <li class="break-words"><DataLink address=address text=text /></li> })
    };
    let links: Vec<_> = links.iter().filter_map(link).collect();
    (!links.is_empty()).then(|| view! { <KeyValue term="Links"><ul role="list">{links}</ul></KeyValue> }.into_any())
}

/// With a link to the source, where it is one.
fn described_in(entity: &Entity) -> AnyView {
    let words = source(entity);
    match entity.origin.source {
        Some(id) => {
            let href = links::catalog_source(id);
            view! { <span class="wrap-anywhere"><TextLink href=href>{words}</TextLink></span> }.into_any()
        }
        None => words.into_any(),
    }
}

fn source(entity: &Entity) -> String {
    let origin = &entity.origin;
    match (&origin.file, origin.line) {
        (Some(file), Some(line)) => format!("{file}, line {line}"),
        _ if origin.name.starts_with("run:") => "a golden path".to_owned(),
        _ => short(&origin.name),
    }
}

/// What somebody should mend, at the top of the page.
pub(super) fn troubles(entity: &Entity, troubles: &[Trouble], now: OffsetDateTime) -> Option<AnyView> {
    let orphan = entity.origin.orphaned_at.map(|at| {
        let source = source(entity);
        view! {
            <Note tone=Tone::Warn title="Its source does not describe it any more">
                {source} " was read " <Moment at=at now=now />
                " without it. Put it back there, or its owner takes it out of the catalog here."
            </Note>
        }
    });
    let stale = entity.origin.stale_since.map(|since| {
        let source = described_in(entity);
        view! {
            <Note tone=Tone::Unknown title="This may be out of date">
                {source} " cannot be read since " <Moment at=since now=now /> ". What stands here is what it said before."
            </Note>
        }
    });
    let one = |trouble: &Trouble| {
        let place = format!("{}:{}: ", trouble.file, trouble.line);
        let (message, since) = (trouble.message.clone(), trouble.since);
        view! { <li class="break-words"><code>{place}</code> {message} " (since " <Moment at=since now=now /> ")"</li> }
    };
    let found = (!troubles.is_empty()).then(|| {
        let list = troubles.iter().map(one).collect_view();
        view! {
            <Note tone=Tone::Warn title="Something in its description needs a look"><ul role="list">{list}</ul></Note>
        }
    });
    (orphan.is_some() || stale.is_some() || found.is_some())
        .then(|| view! { <div class="mb-4 grid gap-4">{orphan} {stale} {found}</div> }.into_any())
}
