//! `fetch:template` and `fetch:plain`: files of the path become files of the tree.

mod piece;

use std::collections::BTreeMap;

use domain::golden_paths::{Finding, Place};
use domain::scaffold::tree::{FileContent, RelPath};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use self::piece::Piece;
use super::notes::Notes;
use super::{PathFiles, SourceFile};
use crate::renderer::{Job, Mode, Options, RenderError, Renderer, Request};

/// The input of `fetch:template`, as Backstage names it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FetchInput {
    pub(super) url: String,
    target_path: Option<String>,
    values: Value,
    copy_without_templating: Vec<String>,
    copy_without_render: Vec<String>,
    template_file_extension: Value,
    replace: bool,
    trim_blocks: bool,
    lstrip_blocks: bool,
    cookiecutter_compat: bool,
}

/// The tree while steps still change it.
pub(super) type Workspace = BTreeMap<RelPath, FileContent>;

impl FetchInput {
    pub(super) fn options(&self) -> Options {
        Options {
            trim_blocks: self.trim_blocks,
            lstrip_blocks: self.lstrip_blocks,
            cookiecutter: self.cookiecutter_compat,
        }
    }

    fn extension(&self) -> Option<&str> {
        match &self.template_file_extension {
            Value::Bool(true) => Some(".njk"),
            Value::String(extension) if !extension.is_empty() => Some(extension),
            _ => None,
        }
    }

    /// What the name of a template file becomes, and whether the content is rendered and the name is.
    pub(super) fn treatment<'a>(&self, name: &'a str, copied: &Copied) -> (&'a str, bool, bool) {
        if let Some(extension) = self.extension() {
            let stripped = name.strip_suffix(extension);
            return (stripped.unwrap_or(name), stripped.is_some(), true);
        }
        let rendered = !copied.all.is_match(name);
        (name, rendered, rendered || !copied.names_too.is_match(name))
    }

    pub(super) fn copied(&self) -> Result<Copied, String> {
        let all = self.copy_without_templating.iter().chain(&self.copy_without_render);
        Ok(Copied { all: globs(all)?, names_too: globs(self.copy_without_render.iter())? })
    }
}

/// Which files are copied as they are.
pub(super) struct Copied {
    all: GlobSet,
    names_too: GlobSet,
}

/// A folder of the path from its `url`, without `./`; `None` where it is elsewhere.
pub(super) fn folder(url: &str) -> Option<String> {
    if url.contains("://") || url.starts_with('/') || url.contains('\\') {
        return None;
    }
    let parts: Vec<&str> = url.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

pub(super) async fn template(
    renderer: &Renderer,
    files: &PathFiles,
    input: &FetchInput,
    workspace: &mut Workspace,
    notes: &mut Notes,
) -> Result<(), RenderError> {
    let Some((folder, pieces)) = pieces(files, input, notes) else { return Ok(()) };
    let root = if input.cookiecutter_compat { "cookiecutter" } else { "values" };
    let options = input.options();
    let mut request = Request { contexts: vec![json!({ root: input.values })], jobs: Vec::new() };
    let mut owners = Vec::new();
    for piece in &pieces {
        for text in piece.texts(options) {
            request.jobs.push(Job { source: text.into(), mode: Mode::Text, context: 0, options });
            owners.push(piece.source.clone());
        }
    }
    let outcomes = match renderer.render(&request).await {
        Ok(outcomes) => outcomes,
        Err(RenderError::Limit { job, limit }) => {
            notes.limit(owners.get(job).map_or(folder.as_str(), String::as_str), limit);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let mut outcomes = outcomes.into_iter();
    let before: Vec<RelPath> = workspace.keys().cloned().collect();
    for piece in pieces {
        let Some((path, content)) = piece.finish(input, options, &mut outcomes, notes) else { continue };
        let exists = before.contains(&path);
        if !exists && workspace.contains_key(&path) {
            let message = format!("Another file of this step becomes `{path}` too: keep one of them.");
            notes.error(&piece.source, Place::START, "same-path", message);
        } else if !exists || input.replace {
            workspace.insert(path, content);
        }
    }
    Ok(())
}

fn pieces<'a>(files: &'a PathFiles, input: &FetchInput, notes: &mut Notes) -> Option<(String, Vec<Piece<'a>>)> {
    let place = Place::START;
    let file = domain::golden_paths::TEMPLATE_FILE;
    let Some(folder) = folder(&input.url) else {
        let message = format!("`{}` is outside the path: put the files into a folder beside the document.", input.url);
        notes.error(file, place, "fetch-url", message);
        return None;
    };
    let copied = match input.copied() {
        Ok(copied) => copied,
        Err(message) => {
            notes.error(file, place, "copy-pattern", message);
            return None;
        }
    };
    let below = files.below(&folder);
    if below.is_empty() {
        notes.error(file, place, "fetch-url", format!("There are no files in `{folder}`: mend the `url`."));
        return None;
    }
    let piece = |(path, source): (&'a str, &'a SourceFile)| {
        let (name, rendered, named) = input.treatment(path, &copied);
        let shown = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        Piece { source: shown, name, file: source, rendered, named }
    };
    let pieces = below.into_iter().map(piece).collect();
    Some((folder, pieces))
}

/// Copies without rendering: a folder, or one file.
pub(super) fn plain(files: &PathFiles, input: &FetchInput, workspace: &mut Workspace, findings: &mut Vec<Finding>) {
    let mut find = |file: &str, rule: &str, message: String| {
        findings.push(Finding::new(file, Place::START, rule, message));
    };
    let Some(folder) = folder(&input.url) else {
        let message = format!("`{}` is outside the path: put the files beside the document.", input.url);
        return find(domain::golden_paths::TEMPLATE_FILE, "fetch-url", message);
    };
    let single = files.get(&folder).map(|file| (String::new(), file));
    let many = files.below(&folder).into_iter().map(|(name, file)| (name.to_owned(), file));
    for (name, file) in single.into_iter().chain(many) {
        let last = if name.is_empty() { folder.rsplit('/').next().unwrap_or_default() } else { &name };
        let path = match (&input.target_path, name.is_empty()) {
            (Some(path), true) => path.clone(),
            (path, _) => target(path.as_deref(), last),
        };
        match path.parse::<RelPath>() {
            Ok(path) if input.replace || !workspace.contains_key(&path) => {
                workspace.insert(path, FileContent { bytes: file.bytes.clone(), executable: file.executable });
            }
            Ok(_) => {}
            Err(error) => find(&folder, "target-path", error.to_string()),
        }
    }
}

fn target(folder: Option<&str>, name: &str) -> String {
    let folder = folder.unwrap_or_default().trim_start_matches("./").trim_end_matches('/');
    if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A pattern that names a folder means all below it.
pub(super) fn globs<'a>(patterns: impl Iterator<Item = &'a String>) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        for glob in [trimmed.to_owned(), format!("{trimmed}/**")] {
            let glob = GlobBuilder::new(&glob).literal_separator(true).build();
            set.add(glob.map_err(|_| format!("`{pattern}` is no pattern for files: mend its brackets and braces."))?);
        }
    }
    set.build().map_err(|_| "The patterns for files are too long: use fewer.".to_owned())
}
