//! From file to file, each once.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    catalog::descriptor::{Finding, MAX_FILE_BYTES, Other, Reading, inside, read},
    golden_paths::Place,
};
use globset::GlobBuilder;
use serde_json::Value;

use super::{Collected, Elsewhere, FileText, Found, Shelf};
use crate::{
    Result,
    catalog::docs::{WantedDocs, read_docs},
};

/// One file leads to no more than this, and to no more bytes.
pub(super) const MOST_FILES: usize = 1_000;
const MOST_BYTES: usize = 32 << 20;
/// A file that an entity asks for.
const MOST_OTHER: usize = 1 << 20;
/// What all that is read may become in memory, once aliases stand for themselves.
const MOST_EXPANDED: usize = 128 << 20;
/// Locations name no more files and patterns than this.
const MOST_TARGETS: usize = 1_000;
/// Files that are asked for together.
const CHUNK: usize = 32;
/// Files of other repositories that one reading names.
const MOST_ELSEWHERE: usize = 100;
const PATTERN: [char; 4] = ['*', '?', '[', '{'];

/// Reads the file at `first` and all that it leads to, but for documentation.
pub(in crate::catalog) async fn collected<S: Shelf>(shelf: &S, first: &str) -> Result<Collected> {
    Ok(all(shelf, first).await?.found)
}

/// The same with the documentation of all entities.
pub(in crate::catalog) async fn collected_with_docs<S: Shelf>(shelf: &S, first: &str) -> Result<Collected> {
    let Collector { docs, mut found, .. } = all(shelf, first).await?;
    found.docs = Some(read_docs(shelf, docs, &mut found.findings).await?);
    Ok(found)
}

async fn all<'a, S: Shelf>(shelf: &'a S, first: &str) -> Result<Collector<'a, S>> {
    let mut collector = Collector {
        shelf,
        next: Vec::new(),
        seen: BTreeSet::new(),
        bytes: 0,
        expanded: 0,
        followed: 0,
        docs: Vec::new(),
        found: Collected { is_whole: true, ..Collected::of(Vec::new()) },
    };
    collector.begin(first).await?;
    while !collector.next.is_empty() {
        collector.wave().await?;
    }
    Ok(collector)
}

struct Collector<'a, S> {
    shelf: &'a S,
    next: Vec<Wanted>,
    seen: BTreeSet<String>,
    bytes: usize,
    expanded: usize,
    followed: usize,
    docs: Vec<WantedDocs>,
    found: Collected,
}

/// A file to be read, and the location that wants it.
struct Wanted {
    path: String,
    by: Option<By>,
}

#[derive(Clone)]
struct By {
    file: String,
    place: Place,
    target: String,
    is_optional: bool,
}

/// A file that was read, before it has what it asks for.
struct Text {
    path: String,
    file: FileText,
    reading: Reading,
}

impl<S: Shelf> Collector<'_, S> {
    /// The first file, or those that a pattern in its place means.
    async fn begin(&mut self, first: &str) -> Result<()> {
        let mut paths = if first.contains('*') { self.matching(first).await? } else { Vec::new() };
        if paths.len() > MOST_FILES {
            self.found.is_whole = false;
            paths.truncate(MOST_FILES);
            let message = format!("This pattern means more than {MOST_FILES} files. Name fewer.");
            self.found.findings.push((self.shelf.name(first), Finding::error(Place::START, "location", message)));
        }
        if paths.is_empty() {
            paths.push(first.to_owned());
        }
        self.seen.extend(paths.iter().cloned());
        self.next.extend(paths.into_iter().map(|path| Wanted { path, by: None }));
        Ok(())
    }

    /// Reads what is wanted so far; what that leads to is wanted next.
    async fn wave(&mut self) -> Result<()> {
        let wanted = std::mem::take(&mut self.next);
        let mut texts: Vec<Text> = Vec::new();
        let mut wanted = wanted.into_iter().peekable();
        while wanted.peek().is_some() {
            let chunk: Vec<Wanted> = wanted.by_ref().take(CHUNK).collect();
            let found = self.read(&chunk).await?;
            for (wanted, found) in chunk.into_iter().zip(found) {
                texts.extend(self.text(wanted, found));
            }
        }
        let others = self.others(&texts).await?;
        for text in texts {
            let asked: BTreeSet<&str> = text.reading.asked.iter().map(|asked| asked.target.as_str()).collect();
            let given = |target: &str| {
                let path = self.meant(&text.path, target);
                path.map_or(Some(Other::Outside), |path| others.get(&path).cloned())
            };
            let given = asked.iter().filter_map(|target| Some(((*target).to_owned(), given(target)?)));
            let file = text.file.known(given.collect(), text.reading);
            let reading = file.read();
            let entities = reading.descriptors.iter();
            self.docs.extend(entities.map(|found| WantedDocs::of(&text.path, &file.name, found)));
            for location in reading.descriptors.iter().filter(|found| found.reference.kind() == "location") {
                let is_optional =
                    location.document.pointer("/spec/presence").and_then(Value::as_str) == Some("optional");
                for (target, place) in location.targets.iter().cloned() {
                    let by = By { file: file.name.clone(), place, target, is_optional };
                    self.follow(&text.path, by).await?;
                }
            }
            self.found.files.push(file);
        }
        Ok(())
    }

    /// Nothing more is fetched once there is too much.
    async fn read(&self, wanted: &[Wanted]) -> Result<Vec<Found>> {
        if self.bytes > MOST_BYTES || self.expanded > MOST_EXPANDED {
            return Ok(wanted.iter().map(|_| Found::TooLarge).collect());
        }
        let paths: Vec<String> = wanted.iter().map(|wanted| wanted.path.clone()).collect();
        self.shelf.read(&paths, MAX_FILE_BYTES).await
    }

    fn text(&mut self, wanted: Wanted, found: Found) -> Option<Text> {
        let (path, bytes) = match found {
            Found::Bytes { path, bytes } => (path, bytes),
            Found::Missing => return self.missing(wanted),
            Found::Outside => return self.outside(wanted.by),
            Found::Link => return self.link(wanted),
            Found::TooLarge => return self.too_large(&wanted.path),
        };
        // Two ways to one file.
        if path != wanted.path && !self.seen.insert(path.clone()) {
            return None;
        }
        self.bytes += bytes.len();
        if self.bytes > MOST_BYTES {
            return self.too_large(&path);
        }
        let name = self.shelf.name(&path);
        match String::from_utf8(bytes) {
            Ok(text) => {
                let reading = read(&text);
                self.expanded += reading.size;
                if self.expanded > MOST_EXPANDED {
                    return self.too_large(&path);
                }
                Some(Text { path, file: FileText::new(name, text), reading })
            }
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 };
                self.unread(name, place, "utf-8", "This is not UTF-8. Save the file in that encoding.");
                None
            }
        }
    }

    fn missing(&mut self, wanted: Wanted) -> Option<Text> {
        match wanted.by {
            None => {
                let name = self.shelf.name(&wanted.path);
                let message = format!("There is no file {name}. Put it back, or import the file that took its place.");
                self.found.findings.push((name, Finding::error(Place::START, "file-missing", message)));
            }
            Some(by) if by.is_optional => {}
            Some(by) => {
                let message =
                    format!("There is no file {}. Name one that is there, or add `presence: optional`.", by.target);
                self.at(&by, message);
            }
        }
        None
    }

    fn outside(&mut self, by: Option<By>) -> Option<Text> {
        if let Some(by) = by {
            self.at(&by, format!("{} lies outside of this repository. Name a file within it.", by.target));
        }
        None
    }

    fn link(&mut self, wanted: Wanted) -> Option<Text> {
        let message = "is a symbolic link, which is not followed. Name the file that it leads to.";
        match wanted.by {
            Some(by) => self.at(&by, format!("{} {message}", by.target)),
            None => {
                let name = self.shelf.name(&wanted.path);
                self.unread(name.clone(), Place::START, "location", &format!("{name} {message}"));
            }
        }
        None
    }

    fn too_large(&mut self, path: &str) -> Option<Text> {
        let message = "This file, or all that one file leads to, is larger than what is read. Divide it.";
        self.unread(self.shelf.name(path), Place::START, "too-large", message);
        None
    }

    fn unread(&mut self, name: String, place: Place, rule: &str, message: &str) {
        self.found.unread.push(name.clone());
        self.found.findings.push((name, Finding::error(place, rule, message)));
    }

    fn at(&mut self, by: &By, message: String) {
        self.found.findings.push((by.file.clone(), Finding::error(by.place, "location", message)));
    }

    /// What the texts ask for, by path.
    async fn others(&mut self, texts: &[Text]) -> Result<BTreeMap<String, Other>> {
        let asked = texts.iter().flat_map(|text| text.reading.asked.iter().map(|asked| (&text.path, &asked.target)));
        let paths: BTreeSet<String> = asked.filter_map(|(file, target)| self.meant(file, target)).collect();
        let paths: Vec<String> = paths.into_iter().collect();
        let room = MOST_FILES.saturating_sub(self.seen.len()).min(paths.len());
        let mut others: BTreeMap<String, Other> =
            paths[room..].iter().map(|path| (path.clone(), Other::TooLarge)).collect();
        let found = if room == 0 { Vec::new() } else { self.shelf.read(&paths[..room], MOST_OTHER).await? };
        for (path, found) in paths.into_iter().zip(found) {
            let other = match found {
                Found::Missing => Other::Missing,
                Found::Outside => Other::Outside,
                Found::Link => Other::Link,
                Found::TooLarge => Other::TooLarge,
                Found::Bytes { bytes, .. } if self.bytes + bytes.len() > MOST_BYTES => Other::TooLarge,
                Found::Bytes { bytes, .. } => {
                    self.bytes += bytes.len();
                    String::from_utf8(bytes).map_or(Other::NotText, Other::Text)
                }
            };
            others.insert(path, other);
        }
        Ok(others)
    }

    /// The path that a file means; nothing when it lies outside.
    fn meant(&self, file: &str, target: &str) -> Option<String> {
        if target.contains("://") { self.shelf.own(target) } else { inside(file, target) }
    }

    async fn follow(&mut self, file: &str, by: By) -> Result<()> {
        // Matching a pattern takes its time, and leases are renewed by the same thread.
        tokio::task::yield_now().await;
        self.followed += 1;
        if self.followed > MOST_TARGETS {
            self.found.is_whole = false;
            if self.followed == MOST_TARGETS + 1 {
                self.at(&by, format!("Locations name more than {MOST_TARGETS} files and patterns. Name fewer."));
            }
            return Ok(());
        }
        let Some(path) = self.meant(file, &by.target) else {
            if by.target.contains("://") {
                self.elsewhere(by);
            } else {
                self.outside(Some(by));
            }
            return Ok(());
        };
        let paths = if path.contains(PATTERN) { self.matching(&path).await? } else { vec![path.clone()] };
        if paths.is_empty() {
            self.missing(Wanted { path, by: Some(by) });
        } else if self.seen.len() + paths.len() > MOST_FILES {
            self.found.is_whole = false;
            self.at(&by, format!("Locations lead to more than {MOST_FILES} files. Name fewer."));
        } else {
            let new: Vec<String> = paths.into_iter().filter(|path| self.seen.insert(path.clone())).collect();
            self.next.extend(new.into_iter().map(|path| Wanted { path, by: Some(by.clone()) }));
        }
        Ok(())
    }

    /// A file of another repository is no part of this source, and is named for whoever imports it.
    fn elsewhere(&mut self, by: By) {
        let By { file, place, target, is_optional } = by;
        let problem = match self.shelf.elsewhere(&target) {
            Ok(_) if self.found.elsewhere.len() == MOST_ELSEWHERE => {
                format!(
                    "Locations name more than {MOST_ELSEWHERE} files of other repositories, and {target} is one too many."
                )
            }
            Ok(at) => {
                self.found.elsewhere.push(Elsewhere { file, place, target, is_optional, at });
                return;
            }
            Err(why) => why,
        };
        self.found.findings.push((file, Finding::warning(place, "location", problem)));
    }

    /// The files that a pattern means; `*` and `?` stand for no slash, `**` for any number of folders.
    async fn matching(&mut self, pattern: &str) -> Result<Vec<String>> {
        let plain: Vec<&str> = pattern.split('/').take_while(|part| !part.contains(PATTERN)).collect();
        let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else { return Ok(Vec::new()) };
        let matcher = glob.compile_matcher();
        let listing = self.shelf.list(&plain.join("/")).await?;
        self.found.is_whole &= listing.is_complete;
        let mut paths: Vec<String> = listing.paths.into_iter().filter(|path| matcher.is_match(path)).collect();
        paths.sort();
        Ok(paths)
    }
}

/// Whether a location in a file names a path of the same repository, by itself or by a pattern.
pub(in crate::catalog) fn leads_to(location: &Value, file: &str, path: &str) -> bool {
    let mut named = targets(location).into_iter().filter_map(|target| inside(file, target));
    named.any(|named| {
        let matches = |pattern: &str| {
            let glob = GlobBuilder::new(pattern).literal_separator(true).build();
            glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
        };
        named == path || named.contains(PATTERN) && matches(&named)
    })
}

fn targets(location: &Value) -> Vec<&str> {
    let spec = location.get("spec");
    let one = spec.and_then(|spec| spec.get("target")).and_then(Value::as_str);
    let many = spec.and_then(|spec| spec.get("targets")).and_then(Value::as_array);
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str)).collect()
}
