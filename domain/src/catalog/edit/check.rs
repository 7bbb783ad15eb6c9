//! From what a form held and what it holds now to a change, by the format's own rules.

use serde_json::Value;

use super::change::{Change, Edit, Fields, Link};
use crate::{
    catalog::{
        EntityRef,
        descriptor::{self, Finding, may_have_owner, must_have_owner},
    },
    error::{FieldError, pointer},
    golden_paths::{Node, Place},
};

impl Change {
    /// What a person changed, or what is wrong with it at each field: `/title`, `/description`, `/owner`, `/tags/0`,
    /// `/links/0/url`, `/links/0/title`, `/links/0/icon`, `/links/0/type`. Spaces around a text, empty tags, tags that
    /// are there twice and links without a word in them are left out; a field that was not touched is not judged.
    pub fn between(of: &EntityRef, old: &Fields, new: &Fields) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let change = Self {
            title: one(&old.title, &new.title),
            description: one(&old.description, &new.description),
            owner: one(&old.owner, &new.owner),
            tags: many(tags(&old.tags), tags(&new.tags)),
            links: many(links(&old.links), links(&new.links)),
        };
        for (key, edit) in [("title", &change.title), ("description", &change.description)] {
            if let Some(Edit::Set(text)) = edit {
                errors.extend(said(text, key == "title").map(|message| FieldError::new(pointer([key]), message)));
            }
        }
        errors.extend(owner(of, change.owner.as_ref()).map(|message| FieldError::new("/owner", message)));
        check_tags(&new.tags, &change, &mut errors);
        check_links(&new.links, &change, &mut errors);
        if errors.is_empty() { Ok(change) } else { Err(errors) }
    }
}

/// Forms send lines that end with CR and LF. Whether a text ends with a line break stays as it was.
fn one(old: &str, new: &str) -> Option<Edit<String>> {
    let new = new.replace("\r\n", "\n");
    let new = new.trim();
    if new == old.trim() {
        return None;
    }
    let breaks = &old[old.trim_end_matches('\n').len()..];
    Some(if new.is_empty() { Edit::Remove } else { Edit::Set(format!("{new}{breaks}")) })
}

fn many<T: PartialEq>(old: Vec<T>, new: Vec<T>) -> Option<Edit<Vec<T>>> {
    (old != new).then(|| if new.is_empty() { Edit::Remove } else { Edit::Set(new) })
}

fn tags(new: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in new.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

fn links(new: &[Link]) -> Vec<Link> {
    new.iter().map(trimmed).filter(|link| !link.is_empty()).collect()
}

fn trimmed(link: &Link) -> Link {
    let [url, title, icon, link_type] = link.parts().map(|part| part.trim().to_owned());
    Link { url, title, icon, link_type }
}

/// Why a text cannot be taken.
fn said(text: &str, is_one_line: bool) -> Option<String> {
    if is_one_line && text.trim_end().contains('\n') {
        return Some("Write this on one line.".to_owned());
    }
    let is_hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    text.chars().find(|c| is_hidden(*c)).map(|c| {
        format!(
            "This text holds an invisible control character (U+{:04X}). Take it out or type it again.",
            u32::from(c)
        )
    })
}

fn owner(of: &EntityRef, edit: Option<&Edit<String>>) -> Option<String> {
    match edit? {
        Edit::Remove if must_have_owner(of.kind()) => {
            Some("Name the team or person that owns this: the format asks for one.".to_owned())
        }
        Edit::Remove => None,
        Edit::Set(_) if !may_have_owner(of.kind()) => {
            Some("Teams, people and locations belong to nobody. Leave the owner empty.".to_owned())
        }
        Edit::Set(text) => {
            EntityRef::relative(text, Some("group"), of.namespace()).err().map(|error| error.to_string())
        }
    }
}

fn check_tags(shown: &[String], change: &Change, errors: &mut Vec<FieldError>) {
    if !matches!(change.tags, Some(Edit::Set(_))) {
        return;
    }
    for (at, tag) in shown.iter().enumerate().filter(|(_, tag)| !tag.trim().is_empty()) {
        let node = Node::from_value(&Value::from(tag.trim()), Place::START);
        let found = descriptor::judge_tag(&node);
        errors.extend(found.into_iter().map(|f| FieldError::new(pointer(["tags", &at.to_string()]), f.message)));
    }
}

fn check_links(shown: &[Link], change: &Change, errors: &mut Vec<FieldError>) {
    if !matches!(change.links, Some(Edit::Set(_))) {
        return;
    }
    for (at, link) in shown.iter().map(trimmed).enumerate().filter(|(_, link)| !link.is_empty()) {
        let at = at.to_string();
        for (key, part) in Link::KEYS.into_iter().zip(link.parts()) {
            errors.extend(said(part, true).map(|message| FieldError::new(pointer(["links", &at, key]), message)));
        }
        let written: Vec<(&str, &str)> =
            Link::KEYS.into_iter().zip(link.parts()).filter(|(_, p)| !p.is_empty()).collect();
        let value: Value = written.into_iter().map(|(key, part)| (key.to_owned(), Value::from(part))).collect();
        for Finding { rule, message, .. } in descriptor::judge_link(&Node::from_value(&value, Place::START)) {
            // The rule of an address as a whole is that of its list.
            let key = if Link::KEYS.contains(&rule.as_str()) { rule.as_str() } else { "url" };
            errors.push(FieldError::new(pointer(["links", &at, key]), message));
        }
    }
}
