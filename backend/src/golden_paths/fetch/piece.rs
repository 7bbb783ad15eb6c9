//! One file of a skeleton on its way into the tree.

use domain::golden_paths::Place;
use domain::scaffold::tree::{FileContent, RelPath};
use domain::yaml;

use super::{FetchInput, target};
use crate::golden_paths::SourceFile;
use crate::golden_paths::input::has_expression;
use crate::golden_paths::notes::Notes;
use crate::renderer::{Options, Outcome, Output};

pub(super) struct Piece<'a> {
    /// From the folder of the path, for messages.
    pub(super) source: String,
    pub(super) name: &'a str,
    pub(super) file: &'a SourceFile,
    /// The content is a template.
    pub(super) rendered: bool,
    /// The name is one.
    pub(super) named: bool,
}

impl Piece<'_> {
    /// What of it goes to the renderer: the name, then the content.
    pub(super) fn texts(&self, options: Options) -> impl Iterator<Item = &str> {
        let content = self.file.text().filter(|_| self.rendered);
        let texts = [self.named.then_some(self.name), content].into_iter().flatten();
        texts.filter(move |text| has_expression(text, options))
    }

    /// The file as it stands in the tree; `None` where its name says that it is left out, or where it is at fault.
    pub(super) fn finish(
        &self,
        input: &FetchInput,
        options: Options,
        outcomes: &mut impl Iterator<Item = Outcome>,
        notes: &mut Notes,
    ) -> Option<(RelPath, FileContent)> {
        let content = self.file.text().filter(|_| self.rendered);
        let mut take =
            |text: Option<&str>| text.filter(|text| has_expression(text, options)).and_then(|_| outcomes.next());
        let (name, filled) = (take(self.named.then_some(self.name)), take(content));
        let name = match name {
            Some(outcome) => self.text_of(outcome, notes)?,
            None => self.name.to_owned(),
        };
        if name.is_empty() || name.starts_with('/') || name.contains("//") {
            return None;
        }
        let bytes = match filled {
            Some(outcome) => self.text_of(outcome, notes)?.into_bytes(),
            None => self.file.bytes.clone(),
        };
        if content.is_some() {
            self.check_yaml(&name, &bytes, notes);
        }
        let path = target(input.target_path.as_deref(), &name);
        match path.parse() {
            Ok(path) => Some((path, FileContent { bytes, executable: self.file.executable })),
            Err(error) => {
                notes.error(&self.source, Place::START, "target-path", error.to_string());
                None
            }
        }
    }

    fn text_of(&self, outcome: Outcome, notes: &mut Notes) -> Option<String> {
        for missing in &outcome.missing {
            notes.missing(&self.source, Place { line: missing.line, column: missing.column }, missing);
        }
        match outcome.result {
            Ok(Output::Text(text)) => Some(text),
            Ok(_) => None,
            Err(fault) => {
                notes.fault(&self.source, Place { line: fault.line, column: fault.column }, &fault);
                None
            }
        }
    }

    /// What was rendered as YAML must be YAML.
    fn check_yaml(&self, name: &str, bytes: &[u8], notes: &mut Notes) {
        if !name.ends_with(".yaml") && !name.ends_with(".yml") {
            return;
        }
        let Some(fault) = std::str::from_utf8(bytes).ok().and_then(|text| yaml::check_all(text).err()) else { return };
        let Place { line, column } = fault.place;
        let message = format!(
            "What is rendered from this is not YAML at its line {line}, column {column}: {}. Quote what comes from \
             parameters, for example with `| dump`.",
            fault.message
        );
        notes.strictly(&self.source, Place::START, "rendered-yaml", message);
    }
}
