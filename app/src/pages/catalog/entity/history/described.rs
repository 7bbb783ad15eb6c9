//! What became of what an entity says of itself.

use backend::catalog::{
    Entity, Happening, What,
    changing::{EntityChange, EntityChangeState},
};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::Entries;
use crate::{
    components::{TextLink, TimelineEntry, Tone},
    pages::{
        catalog::{
            change::{state_tone, state_word},
            sources::short as short_origin,
        },
        delivery::short,
    },
};

pub(super) fn described(entity: &Entity, happenings: &[Happening], now: OffsetDateTime) -> Entries {
    let stale = entity.origin.stale_since.map(|since| {
        let text = format!("{} cannot be read since then.", short_origin(&entity.origin.name));
        (since, entry(Tone::Unknown, "may be out of date", since, now, text.into_any(), None))
    });
    happenings.iter().map(|happening| (happening.at, one(entity, happening, now))).chain(stale).collect()
}

fn one(entity: &Entity, happening: &Happening, now: OffsetDateTime) -> AnyView {
    let at = happening.at;
    let source = short_origin(&entity.origin.name);
    match &happening.what {
        What::Appeared => entry(Tone::Info, "came in", at, now, "It came into the catalog.".into_any(), None),
        What::Adopted { by } => {
            let text = format!("It ran and stood in no catalog; {by} took it.");
            entry(Tone::Good, "adopted", at, now, text.into_any(), Some("Cluster".to_owned()))
        }
        What::Orphaned => {
            let text = "Its source does not describe it any more.".into_any();
            entry(Tone::Warn, "orphaned", at, now, text, Some(source))
        }
        What::Found => {
            entry(Tone::Good, "described again", at, now, "Its source describes it again.".into_any(), Some(source))
        }
        What::Renamed { before } => {
            entry(Tone::Info, "renamed", at, now, format!("It was called {before} before.").into_any(), Some(source))
        }
        What::Removed => {
            entry(Tone::Warn, "taken out", at, now, "Somebody took it out of the catalog.".into_any(), None)
        }
        What::Restored => entry(Tone::Good, "put back", at, now, "Somebody put it back.".into_any(), None),
        What::Changed { fields, owner, commit } => {
            let text = changed(fields, owner.as_ref());
            let source = match commit {
                Some(commit) => format!("{source} at {}", short(commit)),
                None => source,
            };
            entry(Tone::Info, "description changed", at, now, text.into_any(), Some(source))
        }
        What::Asked(change) => asked(change, at, now),
    }
}

fn entry(
    tone: Tone,
    word: &'static str,
    at: OffsetDateTime,
    now: OffsetDateTime,
    text: AnyView,
    source: Option<String>,
) -> AnyView {
    let source = source.unwrap_or_else(|| "Waymark".to_owned());
    view! {
        <TimelineEntry tone=tone word=word at=at now=now source=source>
            <span class="wrap-anywhere">{text}</span>
        </TimelineEntry>
    }
    .into_any()
}

/// "metadata.description, spec.owner: it belongs to search now, and belonged to payments."
fn changed(fields: &[String], owner: Option<&(Option<String>, Option<String>)>) -> String {
    let fields = if fields.is_empty() { "its description".to_owned() } else { fields.join(", ") };
    let name = |owner: &Option<String>| {
        let owner = owner.as_ref().map(|owner| owner.parse::<EntityRef>());
        owner.map_or("nobody".to_owned(), |owner| owner.map(|owner| owner.name().to_owned()).unwrap_or_default())
    };
    match owner {
        Some((before, after)) => {
            format!("{fields}. It belongs to {} now, and belonged to {}.", name(after), name(before))
        }
        None => fields,
    }
}

fn asked(change: &EntityChange, at: OffsetDateTime, now: OffsetDateTime) -> AnyView {
    let fields = change.change.fields().join(", ");
    let words = match (change.state, change.number) {
        (EntityChangeState::Done, _) => format!("Changed here: {fields}"),
        (_, Some(number)) => format!("Change request {number}: {fields}"),
        _ => format!("A change of {fields}"),
    };
    let (href, login) = (links::catalog_change(change.id), change.login.clone());
    let text = view! { <TextLink href=href>{words}</TextLink> }.into_any();
    entry(state_tone(change.state), state_word(change.state), at, now, text, Some(format!("{login}, through Waymark")))
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn fields_are_named_and_an_owner_with_who_had_it_before() {
        let fields = ["metadata.tags".to_owned(), "spec.owner".to_owned()];
        let owners = (Some("group:default/payments".to_owned()), None);
        assert_eq!(
            changed(&fields, Some(&owners)),
            "metadata.tags, spec.owner. It belongs to nobody now, and belonged to payments."
        );
        assert_eq!(changed(&fields[..1], None), "metadata.tags");
        assert_eq!(changed(&[], None), "its description");
    }
}
