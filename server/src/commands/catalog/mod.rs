//! `waymark catalog validate`, for those who keep such files; and `waymark catalog import`, which hands them to the
//! platform.

mod at_host;
mod export;

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use backend::{
    Db,
    audit::Actor,
    catalog::{self, Collected, FileText, Imported},
};
use clap::Subcommand;
use domain::{
    catalog::{
        EntityRef,
        descriptor::{Described, Finding as Judged, Reading, together},
    },
    golden_paths::{Finding, Place},
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use url::Url;

use super::{Failure, database};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say everything that is wrong with files that describe entities. Needs nothing but the files.
    Validate {
        /// YAML files in the catalog's entity format, any number of documents each.
        #[arg(value_name = "FILE", value_parser = file, required = true)]
        files: Vec<PathBuf>,
        /// Page of the repository that the files lie in: addresses of its own files are read here. By itself it is taken
        /// from what the checkout was cloned from.
        #[arg(long, value_name = "URL")]
        repository: Option<Url>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Print the entities of the catalog as YAML, a document each, in an order that stays: what is printed can be imported
    /// again.
    Export {
        /// Reference of a group or a user: only what it owns.
        #[arg(long, value_name = "REF", value_parser = owner)]
        owner: Option<EntityRef>,
    },
    /// Take the entities of files over into the catalog. What is wrong with one document stops none of the others.
    Import {
        /// YAML files in the catalog's entity format, any number of documents each, or their addresses at the Git host.
        /// Each is a source of its own; one at the Git host is read again whenever it changes.
        #[arg(value_name = "URL-OR-FILE", value_parser = from, required = true)]
        from: Vec<From>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// Where entities are handed over from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    File(PathBuf),
    Address(String),
}

/// What is wrong with several files, by its severity.
#[derive(Debug, Default)]
struct Findings {
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Validate { files, repository, json } => validate(&files, repository.as_ref(), json).await,
        Command::Export { owner } => export::export(owner.as_ref()).await,
        Command::Import { from, json } => import(&from, json).await,
    }
}

async fn validate(files: &[PathBuf], repository: Option<&Url>, json: bool) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let mut texts: Vec<FileText> = Vec::new();
    for file in files {
        let collected = collected(file, repository).await?;
        collected.findings.iter().for_each(|(file, finding)| findings.add(file, finding));
        for text in collected.files {
            if texts.iter().all(|known| known.name != text.name) {
                texts.push(text);
            }
        }
    }
    let readings: Vec<(&str, Arc<Reading>)> = texts.iter().map(|file| (file.name.as_str(), file.read())).collect();
    for (file, reading) in &readings {
        reading.findings.iter().for_each(|finding| findings.add(file, finding));
    }
    let all: Vec<Described<'_>> = readings
        .iter()
        .flat_map(|(file, reading)| reading.descriptors.iter().map(move |descriptor| Described { file, descriptor }))
        .collect();
    for (file, finding) in together(&all, knows(&all)) {
        findings.add(file, &finding);
    }
    let words = match all.len() {
        0 => "There is no entity in what was read.".to_owned(),
        1 => "One entity, in order.".to_owned(),
        count => format!("{count} entities, all in order."),
    };
    let words = if findings.errors.is_empty() { words } else { String::new() };
    findings.told(json, json!({ "entities": all.len() }), &words)
}

/// Files that describe teams or people are taken for all that there are; without any, nobody can be missed.
fn knows<'a>(all: &[Described<'a>]) -> impl Fn(&EntityRef) -> bool + use<'a> {
    let known: BTreeSet<&'a EntityRef> = all.iter().map(|described| &described.descriptor.reference).collect();
    let has_people = known.iter().any(|of| matches!(of.kind(), "group" | "user"));
    move |owner| !has_people || known.contains(owner)
}

/// Sources that are taken over at the same time: one is read while others are written.
const AT_ONCE: u8 = 4;

async fn import(from: &[From], json: bool) -> Result<(), Failure> {
    let db = database(AT_ONCE.into())?;
    let (mut sources, mut words, mut findings) = (Vec::new(), Vec::new(), Findings::default());
    let (mut origins, mut all) =
        (Vec::new(), stream::iter(from.iter().map(|one| taken_over(&db, one))).buffered(AT_ONCE.into()));
    while let Some(taken) = all.next().await {
        let Taken { name, origin, imported } = taken?;
        let Imported { added, changed, unchanged, orphaned, errors, warnings } = imported;
        match origin {
            Some(origin) => origins.push(origin),
            None => {
                findings.errors.extend(errors);
                findings.warnings.extend(warnings);
            }
        }
        let orphans = if orphaned == 0 { String::new() } else { format!(", {orphaned} no longer described") };
        words.push(format!("{name}: {added} added, {changed} changed, {unchanged} as they were{orphans}"));
        sources.push(json!({
            "file": name, "added": added, "changed": changed, "unchanged": unchanged, "orphaned": orphaned,
        }));
    }
    catalog::add_up_revisions(&db).await?;
    // One file may name whom another brings, in whatever order they were taken over.
    let (errors, warnings) = catalog::findings(&db, &origins).await?;
    findings.errors.extend(errors);
    findings.warnings.extend(warnings);
    findings.told(json, json!({ "sources": sources }), &words.join("\n"))
}

struct Taken {
    name: String,
    /// Of a file on this machine.
    origin: Option<String>,
    imported: Imported,
}

async fn taken_over(db: &Db, from: &From) -> Result<Taken, Failure> {
    match from {
        From::File(path) => {
            let (origin, collected) = (origin(path), collected(path, None).await?);
            let imported = catalog::import(db, &Actor::System("catalog-import"), &origin, &collected).await?;
            Ok(Taken { name: path.display().to_string(), origin: Some(origin), imported })
        }
        From::Address(address) => {
            let imported = at_host::import(db, address).await?;
            Ok(Taken { name: address.clone(), origin: None, imported })
        }
    }
}

/// A file is called by its path as it was given, and by its folder at least: many are called `catalog-info.yaml`.
fn origin(path: &Path) -> String {
    let folder = || std::env::current_dir().ok()?.file_name().map(PathBuf::from);
    let given: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let called = if given.components().count() > 1 { given } else { folder().unwrap_or_default().join(given) };
    format!("file:{}", called.display())
}

/// A file and all that it leads to.
async fn collected(path: &Path, repository: Option<&Url>) -> Result<Collected, Failure> {
    Ok(catalog::collect(path, repository).await?)
}

impl Findings {
    fn add(&mut self, file: &str, finding: &Judged) {
        let list = if finding.is_error() { &mut self.errors } else { &mut self.warnings };
        let place = Place { line: finding.line, column: finding.column };
        list.push(Finding::new(file, place, &finding.rule, &finding.message));
    }

    /// Words, then all findings by their places; as JSON one document.
    fn told(mut self, json: bool, mut more: Value, words: &str) -> Result<(), Failure> {
        self.errors.sort();
        self.warnings.sort();
        let is_refused = !self.errors.is_empty();
        let text = if json {
            more["findings"] = json!(self.errors);
            more["warnings"] = json!(self.warnings);
            more.to_string()
        } else {
            let mut all = [self.errors, self.warnings].concat();
            all.sort();
            let lines = all.iter().map(Finding::to_string);
            let words = Some(words.to_owned()).filter(|words| !words.is_empty());
            words.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
        };
        if is_refused {
            return Err(Failure::Finding(text));
        }
        println!("{text}");
        Ok(())
    }
}

fn file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() { Ok(path) } else { Err("there is no such file: name one that describes entities".into()) }
}

fn owner(text: &str) -> Result<EntityRef, String> {
    EntityRef::relative(text, Some("group"), "default").map_err(|error| error.to_string())
}

fn from(text: &str) -> Result<From, String> {
    if text.contains("://") { Ok(From::Address(text.to_owned())) } else { file(text).map(From::File) }
}

#[cfg(test)]
mod tests {
    use domain::catalog::descriptor::read;

    use super::*;

    #[test]
    fn whoever_is_described_is_known_whatever_their_kind() {
        let entity = |kind: &str, name: &str| {
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{owner: one}}\n"
            )
        };
        let team =
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: one}\nspec: {type: team, children: []}\n";
        let domain = entity("Domain", "selling");
        for (text, knows_domain, knows_other) in
            [(domain.clone(), true, true), (format!("{domain}---\n{team}"), true, false)]
        {
            let reading = read(&text);
            let all: Vec<Described<'_>> =
                reading.descriptors.iter().map(|descriptor| Described { file: "a.yaml", descriptor }).collect();
            let known =
                ["domain:default/selling", "group:default/two"].map(|owner| knows(&all)(&owner.parse().unwrap()));
            assert_eq!(known, [knows_domain, knows_other], "{text}");
        }
    }

    #[test]
    fn files_of_one_name_are_two_sources() {
        for (path, called) in [
            ("services/a/catalog-info.yaml", "file:services/a/catalog-info.yaml"),
            ("./services/b/catalog-info.yaml", "file:services/b/catalog-info.yaml"),
            ("../c/catalog-info.yaml", "file:../c/catalog-info.yaml"),
            ("/srv/d/catalog-info.yaml", "file:/srv/d/catalog-info.yaml"),
            ("catalog-info.yaml", "file:server/catalog-info.yaml"),
            ("./catalog-info.yaml", "file:server/catalog-info.yaml"),
        ] {
            assert_eq!(origin(Path::new(path)), called, "{path}");
        }
    }
}
