//! What `waymark catalog import` would do, document by document.

use backend::{
    Db,
    catalog::{self, Preview, PreviewDocument, PreviewFate},
};
use domain::golden_paths::{Finding, Place};
use serde_json::{Value, json};

use super::{
    Findings,
    import::{Read, What},
};
use crate::commands::Failure;

/// What was read, as it would be told.
pub(super) struct Shown {
    sources: Vec<Value>,
    words: Vec<String>,
    findings: Findings,
}

/// Files are looked at together, in their order; what lies at the Git host was looked at by the worker that read it.
pub(super) async fn preview(db: &Db, all: &[Read]) -> Result<Shown, Failure> {
    let files: Vec<_> = all
        .iter()
        .filter_map(|read| match &read.what {
            What::File { origin, collected } => Some((origin.as_str(), collected)),
            What::AtHost(_) => None,
        })
        .collect();
    let mut of_files = catalog::previews(db, &files).await?.into_iter();
    let mut shown = Shown { sources: Vec::new(), words: Vec::new(), findings: Findings::default() };
    for read in all {
        match &read.what {
            What::File { .. } => of_files.by_ref().take(1).for_each(|preview| shown.add(&read.name, &preview)),
            What::AtHost(at_host) => shown.add(&read.name, &at_host.preview),
        }
    }
    Ok(shown)
}

impl Shown {
    fn add(&mut self, name: &str, preview: &Preview) {
        let Preview { documents, findings, orphaned, .. } = preview;
        let count = |word: &str| documents.iter().filter(|document| told(&document.fate).0 == word).count();
        let [appear, change, unchanged, collide] = ["appears", "changes", "unchanged", "collides"].map(count);
        let failed = findings.iter().filter(|(_, finding)| finding.is_error()).count().saturating_sub(collide);
        self.words.push(format!(
            "{name}: would add {appear}, change {change} and leave {unchanged} as they are; {collide} collide, {failed} to \
             mend, {orphaned} no longer described"
        ));
        self.words.extend(documents.iter().map(line));
        let listed: Vec<Value> = documents.iter().map(in_json).collect();
        self.sources.push(json!({ "file": name, "documents": listed, "orphaned": orphaned }));
        findings.iter().for_each(|(file, finding)| self.findings.add(file, finding));
    }

    /// What is wrong is the input's fault, as when it is taken over.
    pub(super) fn told(self, json: bool) -> Result<(), Failure> {
        let Self { sources, words, findings } = self;
        findings.told(json, json!({ "is_preview": true, "sources": sources }), &words.join("\n"))
    }
}

/// Spelled as findings are.
fn line(document: &PreviewDocument) -> String {
    let (word, fields) = told(&document.fate);
    let place = Place { line: document.line, column: document.column };
    let fields = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
    Finding::new(&document.file, place, word, format!("{}{fields}", document.reference)).to_string()
}

fn in_json(document: &PreviewDocument) -> Value {
    let PreviewDocument { file, line, column, reference, fate } = document;
    let (word, fields) = told(fate);
    json!({
        "file": file, "line": line, "column": column, "reference": reference.to_string(), "fate": word, "fields": fields,
    })
}

fn told(fate: &PreviewFate) -> (&'static str, &[String]) {
    match fate {
        PreviewFate::Appears => ("appears", &[]),
        PreviewFate::Changes(fields) => ("changes", fields),
        PreviewFate::Unchanged => ("unchanged", &[]),
        PreviewFate::Collides => ("collides", &[]),
    }
}
