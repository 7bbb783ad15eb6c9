//! What entities ask for, folder by folder; everything is asked for together, as each question takes its time.

use std::collections::BTreeMap;

use domain::{
    catalog::{
        descriptor::{Descriptor, Finding},
        docs::{Asked, asked},
    },
    golden_paths::Place,
};

use super::{
    folders::{At, Folders, FoldersRead, apart},
    pages::{Docs, drawn},
};
use crate::{Result, catalog::reading::Shelf};

/// What an entity says, and where.
#[derive(Debug)]
pub(in crate::catalog) struct WantedDocs {
    /// In the repository.
    pub(super) path: String,
    /// As people name the file.
    pub(super) file: String,
    pub(super) place: Place,
    pub(super) reference: String,
    pub(super) asked: Option<std::result::Result<Asked, String>>,
}

/// The documentation of a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::catalog) struct DocsRead {
    /// Null for files on disk.
    pub(super) commit: Option<String>,
    /// Which of them an entity has; nothing where it has none.
    pub(super) of: BTreeMap<String, Option<usize>>,
    pub(super) all: Vec<Docs>,
}

/// Of one documentation; the rest is counted.
const MOST_FINDINGS: usize = 20;

impl WantedDocs {
    pub(in crate::catalog) fn of(path: &str, file: &str, descriptor: &Descriptor) -> Self {
        Self {
            path: path.to_owned(),
            file: file.to_owned(),
            place: descriptor.place,
            reference: descriptor.reference.to_string(),
            asked: asked(&descriptor.document),
        }
    }
}

/// Reads and draws what is wanted. What is wrong with it is said at the entity that wants it, and harms nothing else.
pub(in crate::catalog) async fn read_docs<S: Shelf>(
    shelf: &S,
    wanted: Vec<WantedDocs>,
    findings: &mut Vec<(String, Finding)>,
) -> Result<DocsRead> {
    let mut read = DocsRead { commit: shelf.commit(), ..DocsRead::default() };
    let mut folders = Folders::of(shelf);
    let mut by_entity: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for entity in &wanted {
        if !by_entity.contains_key(&entity.reference) {
            by_entity.insert(entity.reference.clone(), folders.wants(entity));
        }
    }
    let FoldersRead { texts, told, refused } = folders.read().await?;
    findings.extend(refused.into_iter().flat_map(|(at, why)| few(&at, vec![why])));
    let all = apart(move || texts.into_iter().map(drawn).collect::<Vec<_>>()).await?;
    let mut places: Vec<Option<usize>> = Vec::new();
    for ((docs, problems), (at, said)) in all.into_iter().zip(told) {
        places.push(docs.map(|docs| {
            read.all.push(docs);
            read.all.len() - 1
        }));
        findings.extend(few(&at, said.into_iter().chain(problems).collect()));
    }
    read.of = by_entity.into_iter().map(|(entity, at)| (entity, at.and_then(|at| places.get(at).copied()?))).collect();
    findings.extend(wanted.iter().filter_map(|entity| {
        let Some(Err(why)) = &entity.asked else { return None };
        Some((entity.file.clone(), Finding::warning(entity.place, "docs", why)))
    }));
    Ok(read)
}

fn few((file, place): &At, mut said: Vec<String>) -> Vec<(String, Finding)> {
    let more = said.len().saturating_sub(MOST_FINDINGS);
    said.truncate(MOST_FINDINGS);
    if more > 0 {
        said.push(format!(
            "{more} more things in this documentation are like that. Mend what is said so far and look again."
        ));
    }
    said.into_iter().map(|message| (file.clone(), Finding::warning(*place, "docs", message))).collect()
}
