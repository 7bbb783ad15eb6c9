//! What entities ask for, folder by folder; everything is asked for together, as each question takes its time.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    catalog::{
        descriptor::{Descriptor, Finding},
        docs::{Asked, Library, PLACE, README, SITE_FILE, Site, asked, folder_inside, site},
    },
    golden_paths::Place,
};

use super::{
    draw::images,
    files::Files,
    pages::{Docs, Texts, drawn},
};
use crate::{Error, Result, catalog::reading::Shelf};

/// What an entity says, and where.
#[derive(Debug)]
pub(in crate::catalog) struct WantedDocs {
    /// In the repository.
    path: String,
    /// As people name the file.
    file: String,
    place: Place,
    reference: String,
    asked: Option<std::result::Result<Asked, String>>,
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

/// One file describes no more than this with documentation of their own.
const MOST_DOCS: usize = 200;
const MOST_PAGES: usize = 500;
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
    let mut reader =
        Reader { files: Files::of(shelf), shelf, folders: Vec::new(), told: Vec::new(), refused: Vec::new() };
    let mut by_entity: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for entity in &wanted {
        if !by_entity.contains_key(&entity.reference) {
            by_entity.insert(entity.reference.clone(), reader.wants(entity));
        }
    }
    reader.sites().await?;
    reader.pages().await?;
    reader.images().await?;
    let Reader { folders, told, refused, .. } = reader;
    findings.extend(refused.into_iter().flat_map(|(at, why)| few(&at, vec![why])));
    // Leases are renewed by the thread that reads.
    let all = tokio::task::spawn_blocking(move || folders.into_iter().map(drawn).collect::<Vec<_>>());
    let all = all.await.map_err(|error| Error::internal(format!("drawing pages: {error}")))?;
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

/// Where something is said.
type At = (String, Place);

struct Reader<'a, S> {
    shelf: &'a S,
    files: Files<'a, S>,
    folders: Vec<Texts>,
    /// What is wrong with them, in their order.
    told: Vec<(At, Vec<String>)>,
    refused: Vec<(At, String)>,
}

impl<S: Shelf> Reader<'_, S> {
    /// The place of the folder among all, each of which stands there once.
    fn wants(&mut self, entity: &WantedDocs) -> Option<usize> {
        let (found, said) = match entity.asked.as_ref()?.as_ref().ok()? {
            Asked::Folder(folder) => (folder_inside(&entity.path, folder), folder),
            Asked::Address(address) => (self.shelf.own_folder(address), address),
            Asked::Elsewhere(_) => return None,
        };
        let at = (entity.file.clone(), entity.place);
        let Some(folder) = found else {
            let why =
                format!("`{PLACE}` names {said}, which lies outside of this repository. Name a folder within it.");
            self.refused.push((at, why));
            return None;
        };
        if let Some(known) = self.folders.iter().position(|known| known.folder == folder) {
            return Some(known);
        }
        if self.folders.len() >= MOST_DOCS {
            let why = format!(
                "Files that are read together have at most {MOST_DOCS} documentations. Import some by themselves."
            );
            self.refused.push((at, why));
            return None;
        }
        self.told.push((at, Vec::new()));
        self.folders.push(Texts { folder, site: site(""), host: self.shelf.page(), ..Texts::default() });
        Some(self.folders.len() - 1)
    }

    /// What each folder says of itself, and which pages are in it.
    async fn sites(&mut self) -> Result<()> {
        let files: Vec<String> = self.folders.iter().map(|docs| within(&docs.folder, SITE_FILE)).collect();
        for (at, text) in self.files.maybe(&files).await?.into_iter().enumerate() {
            let folder = self.folders[at].folder.clone();
            let mut said = Vec::new();
            let mut found = match text {
                Some(Ok(text)) => site(&text),
                Some(Err(why)) => {
                    said.push(format!("{} {why}", within(&folder, SITE_FILE)));
                    site("")
                }
                None => site(""),
            };
            let (library, problem) = self.library(&folder, &mut found).await?;
            said.extend(problem);
            self.told[at].1.extend(said);
            self.folders[at].site = found;
            self.folders[at].library = library;
        }
        Ok(())
    }

    /// The pages below `docs_dir`; where there are none the README, and then all that lies in the folder itself.
    async fn library(&self, folder: &str, site: &mut Site) -> Result<(Library, Option<String>)> {
        let place = folder_inside(&within(folder, SITE_FILE), &site.folder);
        let mut problem = place.is_none().then(|| {
            format!(
                "`docs_dir` in mkdocs.yml names {}, which lies outside of this repository. Name a folder within it.",
                site.folder
            )
        });
        let place = place.unwrap_or_else(|| within(folder, "docs"));
        let listing = self.shelf.list(&place).await?;
        if !listing.is_complete {
            problem = Some(
                "This repository has more files than are listed, and some pages may be missing. Import a smaller one."
                    .into(),
            );
        }
        let mut library = Library::below(&place, listing.paths.iter().map(String::as_str));
        if library.files().is_empty() {
            let paths = self.shelf.list(folder).await?.paths;
            let readme = within(folder, README);
            let is_there = paths.contains(&readme);
            let others =
                paths.iter().map(String::as_str).filter(|path| (!is_there && !folder.is_empty()) || *path == readme);
            library = Library::below(folder, others);
        }
        let all = library.cut(MOST_PAGES);
        if all > MOST_PAGES {
            problem = Some(format!(
                "There are {all} pages, and the first {MOST_PAGES} are shown. Divide them, or take out what nobody needs."
            ));
        }
        if all == 0 {
            let shown = if folder.is_empty() { "the root of the repository".to_owned() } else { folder.to_owned() };
            problem = Some(format!(
                "`{PLACE}` asks for documentation in {shown}, and there is none. Add docs/index.md or README.md there."
            ));
        }
        Ok((library, problem))
    }

    async fn pages(&mut self) -> Result<()> {
        let wanted: Vec<(usize, String)> = self
            .folders
            .iter()
            .enumerate()
            .flat_map(|(at, docs)| docs.library.files().iter().map(move |file| (at, file.clone())))
            .collect();
        let paths: Vec<String> = wanted.iter().map(|(_, file)| file.clone()).collect();
        for ((at, file), text) in wanted.into_iter().zip(self.files.texts(&paths).await?) {
            let docs = &mut self.folders[at];
            match text {
                Ok(text) => {
                    docs.texts.insert(file, text);
                }
                Err(why) => {
                    docs.library.without(&file);
                    self.told[at].1.push(format!("{file} {why}"));
                }
            }
        }
        Ok(())
    }

    async fn images(&mut self) -> Result<()> {
        let mut wanted: Vec<(usize, String)> = Vec::new();
        for (at, Texts { library, texts, .. }) in self.folders.iter().enumerate() {
            // Reading pages takes its time, and leases are renewed by the same thread.
            tokio::task::yield_now().await;
            let asked: BTreeSet<String> = texts.iter().flat_map(|(file, text)| images(text, file, library)).collect();
            wanted.extend(asked.into_iter().map(|file| (at, file)));
        }
        let paths: Vec<String> = wanted.iter().map(|(_, file)| file.clone()).collect();
        for ((at, file), image) in wanted.into_iter().zip(self.files.images(&paths).await?) {
            match image {
                Some(Ok(image)) => {
                    self.folders[at].images.insert(file, image);
                }
                Some(Err(why)) => self.told[at].1.push(format!("{file} {why}")),
                None => {}
            }
        }
        Ok(())
    }
}

fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
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
