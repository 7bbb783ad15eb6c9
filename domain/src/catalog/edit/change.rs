//! What people change of an entity in its page.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One link of `metadata.links`. What is empty is not written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub url: String,
    pub title: String,
    pub icon: String,
    /// The field `type`.
    pub link_type: String,
}

/// The fields of an entity that can be changed, as a form shows them. What is not there is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    pub title: String,
    pub description: String,
    /// `spec.owner`, in the spelling of the file.
    pub owner: String,
    pub tags: Vec<String>,
    pub links: Vec<Link>,
}

/// What becomes of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit<T> {
    Set(T),
    /// The field is taken out, its line with it.
    Remove,
}

/// What becomes of an entity. `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    pub title: Option<Edit<String>>,
    pub description: Option<Edit<String>>,
    pub owner: Option<Edit<String>>,
    pub tags: Option<Edit<Vec<String>>>,
    /// Links that stay keep whatever else the file says of them: a link is the same one when its address is, or else
    /// its title.
    pub links: Option<Edit<Vec<Link>>>,
}

impl Fields {
    /// The fields of an entity's document (`apiVersion`, `kind`, `metadata`, `spec`).
    pub fn of(document: &Value) -> Self {
        let metadata = &document["metadata"];
        let items = |key: &str| metadata[key].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            title: text(&metadata["title"]),
            description: text(&metadata["description"]),
            owner: text(&document["spec"]["owner"]),
            tags: items("tags").iter().map(text).collect(),
            links: items("links").iter().map(Link::of).collect(),
        }
    }

    /// The names of the fields that differ, as in [`Change::fields`].
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("title", self.title != other.title),
            ("description", self.description != other.description),
            ("tags", self.tags != other.tags),
            ("links", self.links != other.links),
            ("owner", self.owner != other.owner),
        ];
        named(differs)
    }
}

impl Link {
    pub(super) const KEYS: [&str; 4] = ["url", "title", "icon", "type"];

    pub(super) fn of(value: &Value) -> Self {
        let [url, title, icon, link_type] = Self::KEYS.map(|key| text(&value[key]));
        Self { url, title, icon, link_type }
    }

    /// In the order of `KEYS`.
    pub(super) fn parts(&self) -> [&str; 4] {
        [&self.url, &self.title, &self.icon, &self.link_type]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts().iter().all(|part| part.is_empty())
    }
}

impl Change {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names of the fields that change, in the order of a file.
    pub fn fields(&self) -> Vec<&'static str> {
        let is_there = [
            ("title", self.title.is_some()),
            ("description", self.description.is_some()),
            ("tags", self.tags.is_some()),
            ("links", self.links.is_some()),
            ("owner", self.owner.is_some()),
        ];
        named(is_there)
    }
}

fn named(fields: [(&'static str, bool); 5]) -> Vec<&'static str> {
    fields.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
