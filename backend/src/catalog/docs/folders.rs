//! Folders of documentation as they are read; everything is asked for together, as each question takes its time.

use std::collections::BTreeSet;

use domain::{
    catalog::docs::{Asked, Library, PLACE, README, SITE_FILE, Site, folder_inside, site},
    golden_paths::Place,
};

use super::{collect::WantedDocs, draw::images, files::Files, pages::Texts};
use crate::{Error, Result, catalog::reading::Shelf};

/// One file describes no more than this with documentation of their own.
const MOST_DOCS: usize = 200;
const MOST_PAGES: usize = 500;
/// Of one documentation; what is not read is not shown.
const MOST_IMAGES: usize = 1_000;

/// Where something is said.
pub(super) type At = (String, Place);

/// Folders that are read together.
pub(super) struct Folders<'a, S> {
    shelf: &'a S,
    files: Files<'a, S>,
    found: FoldersRead,
}

#[derive(Default)]
pub(super) struct FoldersRead {
    pub(super) texts: Vec<Texts>,
    /// What is wrong with them, in their order.
    pub(super) told: Vec<(At, Vec<String>)>,
    /// What was not looked for, and why.
    pub(super) refused: Vec<(At, String)>,
}

/// Beside the thread that reads, which renews leases.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(format!("documentation: {error}")))
}

impl<'a, S: Shelf> Folders<'a, S> {
    pub(super) fn of(shelf: &'a S) -> Self {
        Self { shelf, files: Files::of(shelf), found: FoldersRead::default() }
    }

    pub(super) async fn read(mut self) -> Result<FoldersRead> {
        self.sites().await?;
        self.pages().await?;
        self.images().await?;
        Ok(self.found)
    }

    /// The place of the folder among all, each of which stands there once.
    pub(super) fn wants(&mut self, entity: &WantedDocs) -> Option<usize> {
        let (found, said) = match entity.asked.as_ref()?.as_ref().ok()? {
            Asked::Folder(folder) => (folder_inside(&entity.path, folder), folder),
            Asked::Address(address) => (self.shelf.own_folder(address), address),
            Asked::Elsewhere(_) => return None,
        };
        let at = (entity.file.clone(), entity.place);
        let Some(folder) = found else {
            let why =
                format!("`{PLACE}` names {said}, which lies outside of this repository. Name a folder within it.");
            self.found.refused.push((at, why));
            return None;
        };
        if let Some(known) = self.found.texts.iter().position(|known| known.folder == folder) {
            return Some(known);
        }
        if self.found.texts.len() >= MOST_DOCS {
            let why = format!(
                "Files that are read together have at most {MOST_DOCS} documentations. Import some by themselves."
            );
            self.found.refused.push((at, why));
            return None;
        }
        self.found.told.push((at, Vec::new()));
        self.found.texts.push(Texts { folder, site: site(""), host: self.shelf.page(), ..Texts::default() });
        Some(self.found.texts.len() - 1)
    }

    /// What each folder says of itself, and which pages are in it.
    async fn sites(&mut self) -> Result<()> {
        let files: Vec<String> = self.found.texts.iter().map(|docs| within(&docs.folder, SITE_FILE)).collect();
        for (at, text) in self.files.maybe(&files).await?.into_iter().enumerate() {
            let folder = self.found.texts[at].folder.clone();
            let mut said = Vec::new();
            let found = match text {
                Some(Ok(text)) => site(&text),
                Some(Err(why)) => {
                    said.push(format!("{} {why}", within(&folder, SITE_FILE)));
                    site("")
                }
                None => site(""),
            };
            let (library, problems) = self.library(&folder, &found).await?;
            said.extend(problems);
            self.found.told[at].1.extend(said);
            self.found.texts[at].site = found;
            self.found.texts[at].library = library;
        }
        Ok(())
    }

    /// The pages below `docs_dir`; where there are none the README, and then all that lies in the folder itself.
    async fn library(&self, folder: &str, site: &Site) -> Result<(Library, Vec<String>)> {
        let place = folder_inside(&within(folder, SITE_FILE), &site.folder);
        let mut problems = Vec::new();
        if place.is_none() {
            let outside = &site.folder;
            problems.push(format!(
                "`docs_dir` in mkdocs.yml names {outside}, which lies outside of this repository. Name a folder within it."
            ));
        }
        let place = place.unwrap_or_else(|| within(folder, "docs"));
        let listing = self.shelf.list(&place).await?;
        if !listing.is_complete {
            let why = "This repository has more files than are listed, and pages may be missing. Move its docs to one of their own.";
            problems.push(why.to_owned());
        }
        let mut library = Library::below(&place, listing.paths.iter().map(String::as_str));
        if library.files().is_empty() {
            library = self.without_folder(folder).await?;
        }
        let all = library.cut(MOST_PAGES);
        if all > MOST_PAGES {
            problems.push(format!(
                "There are {all} pages, and the first {MOST_PAGES} are shown. Divide them, or take out what nobody needs."
            ));
        }
        if all == 0 {
            let shown = if folder.is_empty() { "the root of the repository" } else { folder };
            problems.push(format!(
                "`{PLACE}` asks for documentation in {shown}, and there is none. Add docs/index.md or README.md there."
            ));
        }
        Ok((library, problems))
    }

    async fn without_folder(&self, folder: &str) -> Result<Library> {
        let paths = self.shelf.list(folder).await?.paths;
        let readme = within(folder, README);
        let is_all = !paths.contains(&readme) && !folder.is_empty();
        Ok(Library::below(folder, paths.iter().map(String::as_str).filter(|path| is_all || *path == readme)))
    }

    async fn pages(&mut self) -> Result<()> {
        let wanted: Vec<(usize, String)> = self
            .found
            .texts
            .iter()
            .enumerate()
            .flat_map(|(at, docs)| docs.library.files().iter().map(move |file| (at, file.clone())))
            .collect();
        let paths: Vec<String> = wanted.iter().map(|(_, file)| file.clone()).collect();
        for ((at, file), text) in wanted.into_iter().zip(self.files.texts(&paths).await?) {
            let docs = &mut self.found.texts[at];
            match text {
                Ok(text) => {
                    docs.texts.insert(file, text);
                }
                Err(why) => {
                    docs.library.without(&file);
                    self.found.told[at].1.push(format!("{file} {why}"));
                }
            }
        }
        Ok(())
    }

    async fn images(&mut self) -> Result<()> {
        let texts = std::mem::take(&mut self.found.texts);
        let (texts, wanted) = apart(move || {
            let wanted = shown_images(&texts);
            (texts, wanted)
        })
        .await?;
        self.found.texts = texts;
        let paths: Vec<String> = wanted.iter().map(|(_, file)| file.clone()).collect();
        for ((at, file), image) in wanted.into_iter().zip(self.files.images(&paths).await?) {
            match image {
                Some(Ok(image)) => {
                    self.found.texts[at].images.insert(file, image);
                }
                Some(Err(why)) => self.found.told[at].1.push(format!("{file} {why}")),
                None => {}
            }
        }
        Ok(())
    }
}

fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The place of a documentation, and a file that it shows.
fn shown_images(all: &[Texts]) -> Vec<(usize, String)> {
    let of = |(at, Texts { library, texts, .. }): (usize, &Texts)| {
        let asked: BTreeSet<String> = texts.iter().flat_map(|(file, text)| images(text, file, library)).collect();
        asked.into_iter().take(MOST_IMAGES).map(move |file| (at, file)).collect::<Vec<_>>()
    };
    all.iter().enumerate().flat_map(of).collect()
}
