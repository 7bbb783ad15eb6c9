//! Everything that can be said about a path before anyone fills in its form.

use domain::golden_paths::{
    Action, ActionKind, Finding, Node, Parameters, Place, Scope, Step, TEMPLATE_FILE, Template, Use, check, check_names,
};
use domain::scaffold::tree::RelPath;
use serde_json::json;

use super::fetch::{FetchInput, folder};
use super::input::{expressions, has_expression};
use super::notes::of_fault;
use super::{GoldenPath, PathFiles};
use crate::renderer::{Job, Mode, Names, Options, Output, RenderError, Renderer, Request};

/// All findings in the order of files, lines and columns. Empty means that the path is fine.
pub async fn lint(renderer: &Renderer, files: PathFiles) -> Result<Vec<Finding>, RenderError> {
    let mut findings = files.findings().to_vec();
    match GoldenPath::read(files) {
        Ok(path) => findings.extend(lint_path(renderer, &path).await?),
        Err(faults) => findings.extend(faults),
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

async fn lint_path(renderer: &Renderer, path: &GoldenPath) -> Result<Vec<Finding>, RenderError> {
    let mut findings = check(&path.document, &path.template);
    findings.extend(check_parameters(&path.template));
    let mut texts = document_texts(path);
    for (index, step) in path.template.steps.iter().enumerate() {
        if Action::find(&step.action).is_some_and(|action| action.kind == ActionKind::FetchTemplate) {
            texts.extend(file_texts(path, index, step, &mut findings));
        }
    }
    let job = |text: &Text<'_>| Job { source: text.text.into(), mode: Mode::Check, context: 0, options: text.options };
    let request = Request { contexts: Vec::new(), jobs: texts.iter().map(job).collect() };
    let outcomes = match renderer.render(&request).await {
        Err(RenderError::Limit { job, limit }) => {
            let file = texts.get(job).map_or(TEMPLATE_FILE, |text| text.file.as_str());
            findings.push(Finding::new(file, Place::START, "limit", format!("Reading this {limit}.")));
            return Ok(findings);
        }
        other => other?,
    };
    let mut uses = Vec::new();
    for (text, outcome) in texts.iter().zip(outcomes) {
        match outcome.result {
            Ok(Output::Names(names)) => text.take(names, &mut uses, &mut findings),
            Ok(_) => {}
            Err(fault) => findings.push(of_fault(&text.file, text.place(fault.line, fault.column), &fault)),
        }
    }
    findings.extend(check_names(&path.template, TEMPLATE_FILE, &uses));
    Ok(findings)
}

/// A text with expressions and where it stands.
struct Text<'a> {
    file: String,
    text: &'a str,
    origin: Origin,
    scope: Scope,
    options: Options,
}

enum Origin {
    /// The whole file.
    File,
    /// The name of a file.
    Name,
    /// A scalar of the document: the place of its first character, and of its later lines where they are known.
    Scalar { first: Place, block: Option<Place> },
}

impl Text<'_> {
    fn place(&self, line: u32, column: u32) -> Place {
        match &self.origin {
            Origin::File => Place { line, column },
            Origin::Name => Place::START,
            Origin::Scalar { block: Some(start), .. } => {
                Place { line: start.line + line - 1, column: start.column + column - 1 }
            }
            Origin::Scalar { first, block: None } if line == 1 => {
                Place { line: first.line, column: first.column + column - 1 }
            }
            Origin::Scalar { first, .. } => *first,
        }
    }

    fn take(&self, names: Names, uses: &mut Vec<Use>, findings: &mut Vec<Finding>) {
        for filter in names.unknown_filters {
            let place = self.place(filter.line, filter.column);
            let message = format!("There is no filter `{}` here: use another one or mend its name.", filter.name);
            findings.push(Finding::new(&self.file, place, "unknown-filter", message));
        }
        uses.extend(names.paths.into_iter().map(|used| Use {
            file: self.file.clone(),
            place: self.place(used.line, used.column),
            path: used.path,
            scope: self.scope,
        }));
    }
}

fn check_parameters(template: &Template) -> Vec<Finding> {
    let parameters = match Parameters::of(template) {
        Ok(parameters) => parameters,
        Err(fault) => return vec![Finding::new(TEMPLATE_FILE, fault.place, "parameter-schema", fault.message)],
    };
    let defaults = parameters.complete(&json!({})).err().unwrap_or_default();
    let declared = template.parameters();
    let faulty = defaults.into_iter().filter_map(|error| {
        let name = error.pointer.split('/').nth(1)?;
        parameters.schema().pointer(&format!("/properties/{name}/default"))?;
        let (_, place) = declared.iter().find(|(known, _)| *known == name)?;
        let message = format!("The default of `{name}` is no valid value of it: {}", error.message);
        Some(Finding::new(TEMPLATE_FILE, *place, "parameter-default", message))
    });
    faulty.collect()
}

fn document_texts(path: &GoldenPath) -> Vec<Text<'_>> {
    let template = &path.template;
    let steps = template.steps.iter().enumerate().flat_map(|(index, step)| {
        let parts = [&step.condition, &step.each, &step.input].into_iter().flatten();
        parts.map(move |node| (node, Scope::Step(index)))
    });
    let output = template.output.iter().map(|node| (node, Scope::Output));
    steps.chain(output).flat_map(|(node, scope)| scalars(path, node, scope)).collect()
}

fn scalars<'a>(path: &'a GoldenPath, node: &'a Node, scope: Scope) -> impl Iterator<Item = Text<'a>> {
    let text = move |(text, place)| {
        let origin = scalar(path.source(), place);
        Text { file: TEMPLATE_FILE.into(), text, origin, scope, options: Options::default() }
    };
    expressions(node).into_iter().map(text)
}

/// Quotes stand before the text; the lines of a literal block stand as they are, below its mark.
fn scalar(source: &str, place: Place) -> Origin {
    let line = |number: u32| source.lines().nth(number as usize);
    let above = place.line.checked_sub(2).and_then(line).unwrap_or_default();
    if above.trim_end().trim_end_matches(['-', '+']).ends_with('|') {
        return Origin::Scalar { first: place, block: Some(place) };
    }
    let mark = line(place.line - 1).and_then(|line| line.chars().nth(place.column as usize - 1));
    let quotes = u32::from(matches!(mark, Some('"' | '\'')));
    Origin::Scalar { first: Place { line: place.line, column: place.column + quotes }, block: None }
}

/// The files that a step renders, and what their names say already.
fn file_texts<'a>(path: &'a GoldenPath, index: usize, step: &'a Step, findings: &mut Vec<Finding>) -> Vec<Text<'a>> {
    let Some((url, input)) = literal_input(step) else { return Vec::new() };
    let mut find = |rule: &str, message: String| {
        findings.push(Finding::new(TEMPLATE_FILE, url.place, rule, message));
    };
    let copied = match input.copied() {
        Ok(copied) => copied,
        Err(message) => {
            find("copy-pattern", message);
            return Vec::new();
        }
    };
    let Some(folder) = folder(&input.url) else {
        find(
            "fetch-url",
            format!("`{}` is outside the path: put the files into a folder beside the document.", input.url),
        );
        return Vec::new();
    };
    let below = path.files.below(&folder);
    if below.is_empty() {
        find("fetch-url", format!("There are no files in `{folder}`: mend the `url`."));
    }
    let (options, scope) = (input.options(), Scope::File(index));
    let mut texts = Vec::new();
    let mut targets: Vec<(String, String)> = Vec::new();
    for (name, file) in below {
        let (target, rendered, named) = input.treatment(name, &copied);
        let source = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if let Some(text) = file.text().filter(|text| rendered && has_expression(text, options)) {
            texts.push(Text { file: source.clone(), text, origin: Origin::File, scope, options });
        }
        if named && has_expression(target, options) {
            texts.push(Text { file: source.clone(), text: target, origin: Origin::Name, scope, options });
        }
        targets.push((source, target.to_owned()));
    }
    findings.extend(check_targets(&targets, options));
    texts
}

/// The input of a step as far as it is written out; a `url` that is computed says nothing yet.
fn literal_input(step: &Step) -> Option<(&Node, FetchInput)> {
    let input = step.input.as_ref()?;
    let url = input.get("url")?;
    let mut value = input.to_value();
    value.as_object_mut()?.remove("values");
    let fetched: FetchInput = serde_json::from_value(value).ok()?;
    (!has_expression(&fetched.url, Options::default())).then_some((url, fetched))
}

/// Names without expressions are known now. No two files may become one, with or without regard to case.
fn check_targets(targets: &[(String, String)], options: Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for (source, target) in targets {
        let known = Some(target).filter(|target| !has_expression(target, options));
        if let Some(Err(error)) = known.map(|target| target.parse::<RelPath>()) {
            findings.push(Finding::new(source, Place::START, "target-path", error.to_string()));
        }
        if let Some(earlier) = seen.insert(target.to_lowercase(), source) {
            let message = format!("This and `{earlier}` become the same file on some systems: rename one of them.");
            findings.push(Finding::new(source, Place::START, "same-path", message));
        }
    }
    findings
}
