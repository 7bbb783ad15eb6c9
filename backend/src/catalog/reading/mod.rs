//! A file that describes entities, and all that it leads to: files that locations in it name, and those that entities
//! ask for. All of them lie in the same repository; where that is, on this machine or at a Git host, is a [`Shelf`].

mod at_commit;
mod collector;
mod folder;
mod remote;

use std::sync::{Arc, OnceLock};

use domain::{
    catalog::{
        descriptor::{Finding, Others, Reading, read_with},
        docs::PLACE,
    },
    golden_paths::Place,
};
use serde::{Deserialize, Serialize};

use super::{docs::DocsRead, living::Address};
use crate::Result;

pub(super) use at_commit::AtCommit;
pub(super) use collector::{collected, collected_with_docs, leads_to};
pub use folder::collect;

/// One file with what it asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileText {
    /// As people name it.
    pub name: String,
    text: String,
    others: Others,
    /// Reading takes longer than all else, and several steps need it.
    #[serde(skip)]
    reading: OnceLock<Arc<Reading>>,
}

/// A file and all that it leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Collected {
    pub files: Vec<FileText>,
    /// What is wrong on the way to the files, with the file that says so. What is wrong within them is found by reading.
    pub findings: Vec<(String, Finding)>,
    /// Files that are there and could not be read.
    pub unread: Vec<String>,
    /// Files of other repositories that locations name.
    #[serde(skip)]
    pub(super) elsewhere: Vec<Elsewhere>,
    /// Whether these are all files: what none of them describes any more is marked then.
    pub is_whole: bool,
    /// Documentation, where it was looked for.
    #[serde(skip)]
    pub(super) docs: Option<DocsRead>,
}

/// A file of another repository, and the location that names it.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    pub(super) file: String,
    pub(super) place: Place,
    /// As it stands there.
    pub(super) target: String,
    pub(super) is_optional: bool,
    pub(super) at: Address,
}

impl FileText {
    /// One that asks for no other.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), others: Others::new(), reading: OnceLock::new() }
    }

    /// What stands in it; read once.
    pub fn read(&self) -> Arc<Reading> {
        Arc::clone(self.reading.get_or_init(|| Arc::new(read_with(&self.text, &self.others))))
    }

    /// One whose reading is known as long as it asks for no other file.
    fn known(self, others: Others, alone: Reading) -> Self {
        let reading = if others.is_empty() { OnceLock::from(Arc::new(alone)) } else { OnceLock::new() };
        Self { others, reading, ..self }
    }
}

impl Collected {
    /// These files and nothing else.
    pub fn of(files: Vec<FileText>) -> Self {
        Self { files, findings: Vec::new(), unread: Vec::new(), elsewhere: Vec::new(), is_whole: true, docs: None }
    }

    /// Whether an entity may ask for documentation.
    pub(super) fn may_have_docs(&self) -> bool {
        self.files.iter().any(|file| file.text.contains(PLACE))
    }
}

/// Where files are read from. Paths begin at the root of the repository, with `/` between their parts.
pub(super) trait Shelf: Sync {
    /// What people call the file.
    fn name(&self, path: &str) -> String;

    /// The path that an address means, where it is one of this very repository.
    fn own(&self, address: &str) -> Option<String>;

    /// The same of a folder; the root is empty.
    fn own_folder(&self, _address: &str) -> Option<String> {
        None
    }

    /// What an address of another repository means; a full sentence where it is never read from here.
    fn elsewhere(&self, address: &str) -> std::result::Result<Address, String>;

    /// Where people look at its files: what the path follows.
    fn page(&self) -> Option<String> {
        None
    }

    fn commit(&self) -> Option<String> {
        None
    }

    /// The files below a folder; the root is empty.
    fn list(&self, below: &str) -> impl Future<Output = Result<Listing>> + Send;

    /// In the order of `paths`, each up to `most` bytes.
    fn read(&self, paths: &[String], most: usize) -> impl Future<Output = Result<Vec<Found>>> + Send;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) paths: Vec<String>,
    /// False when there are more.
    pub(super) is_complete: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Bytes {
        /// Where it is, whatever led there.
        path: String,
        bytes: Vec<u8>,
    },
    Missing,
    /// It lies outside of the repository.
    Outside,
    /// It, or a folder on the way to it, is a symbolic link: as at a Git host they are not followed.
    Link,
    TooLarge,
}

/// A path and the folders that it lies in, each by its whole path.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain([path])
}
