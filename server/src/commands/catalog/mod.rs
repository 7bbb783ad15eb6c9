//! `waymark catalog validate`, for those who keep such files; and `waymark catalog import`, which hands them to the
//! platform.

mod at_host;
mod export;
mod import;
mod preview;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use backend::catalog::{self, Collected, FileText};
use clap::Subcommand;
use domain::{
    catalog::{
        EntityRef,
        descriptor::{Described, Finding as Judged, Reading, together},
    },
    golden_paths::{Finding, Place},
};
use serde_json::{Value, json};
use url::Url;

use super::Failure;

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
    /// Take the entities of files over into the catalog, shown first at a terminal. What is wrong with one document stops none
    /// of the others.
    Import(import::Import),
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
        Command::Import(import) => import::import(&import).await,
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
}
