//! Documents about maturity as they were written, with the place of every part, read without forgiving unknown keys.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::{
    moment,
    number::{self, Exact},
    value::Value,
};
use crate::golden_paths::Place;

/// One part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    pub place: Place,
    pub kind: DocKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum DocKind {
    Null,
    Bool(bool),
    Number(Exact),
    Text(String),
    List(Vec<Doc>),
    Map(Vec<DocEntry>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct DocEntry {
    pub key: String,
    /// Where the key stands; the value has its own place.
    pub place: Place,
    pub value: Doc,
}

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// Stable, for machines.
    pub rule: &'static str,
    /// Full sentences that say what to do.
    pub message: String,
}

impl Fault {
    pub fn new(place: Place, rule: &'static str, message: impl Into<String>) -> Self {
        Self { place, rule, message: message.into() }
    }
}

/// What reading a part of a document brings.
pub(super) type Read<T> = Result<T, Fault>;

impl Doc {
    pub fn to_value(&self) -> Value {
        match &self.kind {
            DocKind::Null => Value::Null,
            DocKind::Bool(flag) => Value::Bool(*flag),
            DocKind::Number(number) => Value::Number(number.clone()),
            DocKind::Text(text) => Value::Text(text.clone()),
            DocKind::List(items) => Value::List(items.iter().map(Self::to_value).collect()),
            DocKind::Map(entries) => {
                Value::Map(entries.iter().map(|e| (e.key.clone(), e.value.to_value())).collect::<BTreeMap<_, _>>())
            }
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, DocKind::Null)
    }

    /// A fault at this place about a value that is not what it should be.
    pub(super) fn wrong(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.place, "value", message)
    }
}

/// The keys of a map; each must be asked for, and what nobody asked for is a fault.
pub(super) struct Fields<'a> {
    what: &'static str,
    place: Place,
    entries: &'a [DocEntry],
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(doc: &'a Doc, what: &'static str) -> Read<Self> {
        match &doc.kind {
            DocKind::Map(entries) => Ok(Self { what, place: doc.place, entries, asked: Vec::new() }),
            _ => Err(doc.wrong(format!("Write {what} as a map of keys and values."))),
        }
    }

    /// The value as it stands there, null included.
    pub(super) fn raw(&mut self, key: &'static str) -> Option<&'a Doc> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Null counts as left out.
    pub(super) fn optional<T>(&mut self, key: &'static str, read: impl FnOnce(&'a Doc) -> Read<T>) -> Read<Option<T>> {
        self.raw(key).filter(|doc| !doc.is_null()).map(read).transpose()
    }

    pub(super) fn required<T>(&mut self, key: &'static str, read: impl FnOnce(&'a Doc) -> Read<T>) -> Read<T> {
        let (what, place) = (self.what, self.place);
        self.optional(key, read)?
            .ok_or_else(|| Fault::new(place, "missing-key", format!("Give {what} the key `{key}`.")))
    }

    pub(super) fn end(self) -> Read<()> {
        let unknown = self.entries.iter().find(|entry| !self.asked.contains(&entry.key.as_str()));
        unknown.map_or(Ok(()), |entry| {
            let known = self.asked.join("`, `");
            let message =
                format!("There is no key `{}` in {}; remove it or use one of `{known}`.", entry.key, self.what);
            Err(Fault::new(entry.place, "unknown-key", message))
        })
    }
}

pub(super) fn text(doc: &Doc) -> Read<String> {
    match &doc.kind {
        DocKind::Text(text) => Ok(text.clone()),
        _ => Err(doc.wrong("Write a text here.")),
    }
}

pub(super) fn name(doc: &Doc) -> Read<String> {
    text(doc)?.trim().to_owned().into_option().ok_or_else(|| doc.wrong("Write a name here; an empty text is none."))
}

pub(super) fn flag(doc: &Doc) -> Read<bool> {
    match doc.kind {
        DocKind::Bool(flag) => Ok(flag),
        _ => Err(doc.wrong("Write true or false here.")),
    }
}

/// A whole number from 0 to four thousand million.
pub(super) fn count(doc: &Doc) -> Read<u32> {
    let number = match &doc.kind {
        DocKind::Number(number) if number.is_integer() => u32::try_from(number.to_integer()).ok(),
        _ => None,
    };
    number.ok_or_else(|| doc.wrong("Write a whole number from 0 here."))
}

/// A whole number from 1.
pub(super) fn positive(doc: &Doc) -> Read<u32> {
    count(doc)?.into_option().ok_or_else(|| doc.wrong("Write a whole number from 1 here."))
}

/// A share between 0 and 1, as `0.95` or as the text `"19/20"`; 0 itself is none.
pub(super) fn share(doc: &Doc) -> Read<Exact> {
    let number = match &doc.kind {
        DocKind::Number(number) => Some(number.clone()),
        DocKind::Text(text) => number::ratio(text),
        _ => None,
    };
    let zero = number::whole(0);
    number
        .filter(|number| *number > zero && *number <= number::whole(1))
        .ok_or_else(|| doc.wrong("Write a share above 0 and up to 1, such as 0.95 or \"4/5\"."))
}

pub(super) fn at(doc: &Doc) -> Read<OffsetDateTime> {
    moment::moment(&text(doc)?)
        .ok_or_else(|| doc.wrong("Write a time such as 2026-05-01T00:00:00Z or a date such as 2026-05-01."))
}

pub(super) fn span(doc: &Doc) -> Read<Duration> {
    moment::span(&text(doc)?).ok_or_else(|| doc.wrong("Write a length of time such as 30m, 24h or 7d."))
}

pub(super) fn list<'a, T>(read: impl Fn(&'a Doc) -> Read<T>) -> impl FnOnce(&'a Doc) -> Read<Vec<T>> {
    move |doc| match &doc.kind {
        DocKind::List(items) => items.iter().map(read).collect(),
        _ => Err(doc.wrong("Write a list here.")),
    }
}

/// One of a few words.
pub(super) fn word<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(&Doc) -> Read<T> {
    move |doc| {
        let found = match &doc.kind {
            DocKind::Text(text) => words.iter().find(|(word, _)| word == text).map(|(_, meaning)| *meaning),
            _ => None,
        };
        let known = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| doc.wrong(format!("Write one of these words here: {}.", known())))
    }
}

/// What is empty or zero counts as nothing.
trait IntoOption: Sized + Default + PartialEq {
    fn into_option(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

impl IntoOption for String {}
impl IntoOption for u32 {}
