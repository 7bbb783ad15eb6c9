//! `waymark catalog validate`, for those who keep such files; and `waymark catalog import`, which hands them to the
//! platform.

use std::path::{Path, PathBuf};

use backend::{
    Db, DbSettings,
    audit::Actor,
    catalog::{self, Collected, FileText, Imported, Source},
};
use clap::Subcommand;
use domain::{
    catalog::{
        EntityRef,
        descriptor::{Described, Finding as Judged, Reading, read, together},
    },
    golden_paths::{Finding, Place},
};
use serde_json::{Value, json};

use super::Failure;
use crate::config::{MigrateConfig, process_env};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say everything that is wrong with files that describe entities. Needs nothing but the files.
    Validate {
        /// YAML files in the catalog's entity format, any number of documents each.
        #[arg(value_name = "FILE", value_parser = file, required = true)]
        files: Vec<PathBuf>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Take the entities of files over into the catalog. What is wrong with one document stops none of the others.
    Import {
        /// YAML files in the catalog's entity format, any number of documents each. Each file is a source of its own.
        #[arg(value_name = "FILE", value_parser = file, required = true)]
        files: Vec<PathBuf>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// What is wrong with several files, by its severity.
#[derive(Debug, Default)]
struct Findings {
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Validate { files, json } => validate(&files, json),
        Command::Import { files, json } => import(&files, json).await,
    }
}

fn validate(files: &[PathBuf], json: bool) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let mut texts: Vec<FileText> = Vec::new();
    for file in files {
        for text in findings.collected(file)?.0 {
            if texts.iter().all(|known| known.name != text.name) {
                texts.push(text);
            }
        }
    }
    let readings: Vec<(&str, Reading)> = texts.iter().map(|file| (file.name.as_str(), read(&file.text))).collect();
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
    let people = all.iter().map(|described| &described.descriptor.reference);
    let people: Vec<&'a EntityRef> = people.filter(|of| matches!(of.kind(), "group" | "user")).collect();
    move |owner| people.is_empty() || people.contains(&owner)
}

async fn import(files: &[PathBuf], json: bool) -> Result<(), Failure> {
    let config = MigrateConfig::from_env(process_env()).map_err(Failure::Config)?;
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: 1 })?;
    let (mut sources, mut words, mut findings) = (Vec::new(), Vec::new(), Findings::default());
    for path in files {
        let (texts, is_whole) = findings.collected(path)?;
        let origin = format!("file:{}", path.file_name().unwrap_or_default().to_string_lossy());
        let name = path.display().to_string();
        let actor = Actor::System("catalog-import");
        let Imported { added, changed, unchanged, orphaned, errors, warnings } =
            catalog::import(&db, &actor, &Source { origin: &origin, files: &texts, is_whole }).await?;
        findings.errors.extend(errors);
        findings.warnings.extend(warnings);
        let orphans = if orphaned == 0 { String::new() } else { format!(", {orphaned} no longer described") };
        words.push(format!("{name}: {added} added, {changed} changed, {unchanged} as they were{orphans}"));
        sources.push(json!({
            "file": name, "added": added, "changed": changed, "unchanged": unchanged, "orphaned": orphaned,
        }));
    }
    findings.told(json, json!({ "sources": sources }), &words.join("\n"))
}

impl Findings {
    /// A file and all that it leads to, and whether all of that could be read.
    fn collected(&mut self, path: &Path) -> Result<(Vec<FileText>, bool), Failure> {
        let name = path.display();
        let Collected { files, errors, warnings } =
            catalog::collect(path).map_err(|error| Failure::World(format!("Cannot read {name}: {error}.")))?;
        let is_whole = errors.is_empty();
        self.errors.extend(errors);
        self.warnings.extend(warnings);
        Ok((files, is_whole))
    }

    fn add(&mut self, file: &str, finding: &Judged) {
        let list = if finding.is_error() { &mut self.errors } else { &mut self.warnings };
        let place = Place { line: finding.line, column: finding.column };
        list.push(Finding::new(file, place, &finding.rule, &finding.message));
    }

    /// Words, then errors, go to stdout and warnings to stderr; as JSON all is one document on stdout.
    fn told(mut self, json: bool, mut more: Value, words: &str) -> Result<(), Failure> {
        self.errors.sort();
        self.warnings.sort();
        let lines = |list: &[Finding]| list.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n");
        let text = if json {
            more["findings"] = json!(self.errors);
            more["warnings"] = json!(self.warnings);
            more.to_string()
        } else {
            if !self.warnings.is_empty() {
                eprintln!("{}", lines(&self.warnings));
            }
            [words.to_owned(), lines(&self.errors)]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        };
        if !self.errors.is_empty() {
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
