//! The form in which people change an entity: plain texts, as they are typed.

use serde::{Deserialize, Serialize};

use super::change::{Fields, Link};
use crate::error::pointer_keys;

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub description: String,
    pub owner: String,
    /// Between commas or on lines of their own.
    pub tags: String,
    pub links: Vec<LinkRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    pub url: String,
    pub title: String,
    /// The box that takes the link out is ticked.
    pub is_removed: bool,
}

pub const DESCRIPTION: &str = "description";
pub const OWNER: &str = "owner";
pub const TAGS: &str = "tags";
/// Empty rows behind the links that there are.
const SPARE: usize = 2;
/// A form of more was not drawn by us.
const MOST_ROWS: usize = 200;

impl Form {
    /// As it is first shown.
    pub fn of(fields: &Fields) -> Self {
        let row = |link: &Link| LinkRow { url: link.url.clone(), title: link.title.clone(), is_removed: false };
        let tags: Vec<&str> = fields.tags.iter().map(String::as_str).filter(|tag| !tag.is_empty()).collect();
        Self {
            description: fields.description.clone(),
            owner: fields.owner.clone(),
            tags: tags.join(", "),
            links: fields.links.iter().map(row).collect(),
        }
    }

    /// From what a browser sends. Names that are none of the form's are left out.
    pub fn read(sent: &[(String, String)]) -> Self {
        let mut form = Self::default();
        for (name, value) in sent {
            // Forms send lines that end with CR and LF.
            let value = value.replace("\r\n", "\n");
            match name.as_str() {
                DESCRIPTION => form.description = value,
                OWNER => form.owner = value,
                TAGS => form.tags = value,
                _ => form.read_link(name, value),
            }
        }
        form
    }

    fn read_link(&mut self, name: &str, value: String) {
        let parts = name.strip_prefix("link-").and_then(|rest| rest.split_once('-'));
        let Some((at, part)) = parts.and_then(|(at, part)| Some((at.parse::<usize>().ok()?, part))) else { return };
        if at >= MOST_ROWS {
            return;
        }
        if self.links.len() <= at {
            self.links.resize_with(at + 1, LinkRow::default);
        }
        let row = &mut self.links[at];
        match part {
            "url" => row.url = value,
            "title" => row.title = value,
            "remove" => row.is_removed = true,
            _ => {}
        }
    }

    /// The fields that it stands for. A link has the place of its row, and is empty where it is taken out; what the form
    /// does not show stays as it was seen.
    pub fn fields(&self, seen: &Fields) -> Fields {
        let link = |(at, row): (usize, &LinkRow)| match row {
            row if row.is_removed || row.is_empty() => Link::default(),
            LinkRow { url, title, .. } => {
                let before = seen.links.get(at).cloned().unwrap_or_default();
                Link { url: url.clone(), title: title.clone(), ..before }
            }
        };
        Fields {
            title: seen.title.clone(),
            description: self.description.clone(),
            owner: self.owner.clone(),
            tags: self.tags.split([',', '\n']).map(|tag| tag.trim().to_owned()).collect(),
            links: self.links.iter().enumerate().map(link).collect(),
        }
    }

    /// On top of what the entity says by now: what was touched stays as it was typed.
    pub fn on_top_of(self, seen: &Fields, now: &Fields) -> Self {
        let (before, now) = (Self::of(seen), Self::of(now));
        let typed =
            |typed: String, before: String, now: String| if typed.trim() == before.trim() { now } else { typed };
        let has_touched_links = self.links.iter().any(|row| row.is_removed) || self.filled() != before.filled();
        Self {
            description: typed(self.description, before.description, now.description),
            owner: typed(self.owner, before.owner, now.owner),
            tags: typed(self.tags, before.tags, now.tags),
            links: if has_touched_links { self.links } else { now.links },
        }
    }

    /// With empty rows at its end, to add links in.
    pub fn with_spare_rows(mut self) -> Self {
        let filled = self.links.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
        self.links.resize_with(filled + SPARE, LinkRow::default);
        self
    }

    fn filled(&self) -> Vec<&LinkRow> {
        self.links.iter().filter(|row| !row.is_empty()).collect()
    }
}

impl LinkRow {
    fn is_empty(&self) -> bool {
        self.url.trim().is_empty() && self.title.trim().is_empty()
    }
}

/// The input of a row of links; `part` is `url`, `title` or `remove`.
pub fn link_input(row: usize, part: &str) -> String {
    format!("link-{row}-{part}")
}

/// The input at which an error of [`super::Change::between`] is shown; nothing where it is about the whole form.
pub fn input_at(pointer: &str) -> Option<String> {
    let keys: Vec<String> = pointer_keys(pointer).collect();
    match keys.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [name @ (DESCRIPTION | OWNER | TAGS), ..] => Some((*name).to_owned()),
        ["links", row, part] => Some(link_input(row.parse().ok()?, if *part == "title" { "title" } else { "url" })),
        _ => None,
    }
}
