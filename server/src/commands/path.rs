//! `waymark path lint` and `waymark path plan`: for those who write golden paths, without a platform around them; and
//! `waymark path publish`, which hands a path to the platform.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use backend::golden_paths::{GoldenPath, PathFiles, PathPlan, PlanError, StepFate, lint, plan, read_yaml};
use backend::renderer::Renderer;
use clap::Subcommand;
use domain::catalog::EntityRef;
use domain::error::{FieldError, pointer_keys};
use domain::golden_paths::{Finding, Node, PathContext, Place};
use domain::scaffold::tree::FileTree;
use serde_json::{Value, json};

use super::{Failure, publish};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say everything that is wrong with a golden path.
    Lint {
        /// The folder that holds template.yaml.
        #[arg(value_name = "DIR", value_parser = folder)]
        folder: PathBuf,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Show what a golden path makes of these values.
    Plan {
        /// The folder that holds template.yaml.
        #[arg(value_name = "DIR", value_parser = folder)]
        folder: PathBuf,
        /// The parameters, in YAML or JSON. The key `waymark` replaces parts of the platform's own object.
        #[arg(long, value_name = "FILE", value_parser = file)]
        values: PathBuf,
        /// An empty or new folder for the rendered files.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Make the current versions of golden paths what new services start from. Needs DATABASE_URL alone.
    Publish {
        /// The folders that hold a template.yaml each.
        #[arg(value_name = "DIR", value_parser = folder, required = true)]
        folders: Vec<PathBuf>,
        /// Print findings as one JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let renderer = Renderer::of_this_program();
    match command {
        Command::Lint { folder, json } => {
            let files = read(&folder)?;
            let findings = lint(&renderer, files).await.map_err(|error| Failure::World(error.to_string()))?;
            if !findings.is_empty() {
                return Err(found(below(&folder, findings), json));
            }
            println!("{}", if json { listed(&[]) } else { "The path is fine.".to_owned() });
            Ok(())
        }
        Command::Plan { folder, values, out, json } => {
            let plan = planned(&renderer, &folder, &values, json).await?;
            if let Some(out) = out {
                write(&plan.files, &out)?;
            }
            let warnings = below(&folder, plan.warnings.clone());
            println!("{}", if json { document(&plan, &warnings) } else { summary(&plan, &warnings) });
            Ok(())
        }
        Command::Publish { folders, json } => publish::run(&renderer, &folders, json).await,
    }
}

async fn planned(renderer: &Renderer, folder: &Path, values: &Path, json: bool) -> Result<PathPlan, Failure> {
    let path = GoldenPath::read(read(folder)?).map_err(|findings| found(below(folder, findings), json))?;
    let name = values.display().to_string();
    let text = fs::read_to_string(values).map_err(|error| Failure::World(format!("Cannot read {name}: {error}.")))?;
    let at = |place, rule, message| found(vec![Finding::new(&name, place, rule, message)], json);
    let given = read_yaml(&text)
        .map_err(|fault| at(fault.place, "yaml-syntax", format!("This is not YAML: {}.", fault.message)))?;
    let mut parameters = given.to_value();
    let own = parameters.as_object_mut().and_then(|map| map.remove("waymark"));
    let context = context(&path, &parameters, own)
        .map_err(|message| at(given.get("waymark").map_or(given.place, |node| node.place), "waymark", message))?;
    plan(renderer, &path, &parameters, &context).await.map_err(|error| match error {
        PlanError::Path(findings) => found(below(folder, findings), json),
        PlanError::Parameters(errors) => {
            found(errors.iter().map(|error| of_field(error, &name, &given)).collect(), json)
        }
        PlanError::Renderer(error) => Failure::World(error.to_string()),
    })
}

/// What the platform would decide; without one, names by its rules and addresses under `example.com`.
fn context(path: &GoldenPath, parameters: &Value, own: Option<Value>) -> Result<PathContext, String> {
    let text = |key: &str| parameters.get(key).and_then(Value::as_str);
    let owner = text("owner").unwrap_or("group:default/team");
    let owner: EntityRef = owner
        .parse()
        .or_else(|_| format!("group:default/{}", owner.rsplit([':', '/']).next().unwrap_or(owner)).parse())
        .or_else(|_| "group:default/team".parse())
        .map_err(|error: domain::catalog::EntityRefError| error.to_string())?;
    let context = PathContext::unconfigured(text("name").unwrap_or(&path.template.name), &owner);
    let Some(own) = own else { return Ok(context) };
    let mut merged = json!(context);
    for (key, value) in own.as_object().ok_or("Write `waymark` as a map.")? {
        merged[key] = value.clone();
    }
    serde_json::from_value(merged).map_err(|error| format!("The object `waymark` does not take this: {error}."))
}

/// At the value, or at the nearest thing around it where there is none.
fn of_field(error: &FieldError, file: &str, given: &Node) -> Finding {
    let mut node = given;
    for part in pointer_keys(&error.pointer) {
        let item = || part.parse::<usize>().ok().and_then(|index| node.items().get(index));
        let Some(next) = node.get(&part).or_else(item) else { break };
        node = next;
    }
    Finding::new(file, node.place, "parameter", format!("{}: {}", error.pointer, error.message))
}

pub(super) fn read(folder: &Path) -> Result<PathFiles, Failure> {
    PathFiles::from_folder(folder)
        .map_err(|error| Failure::World(format!("Cannot read {}: {error}.", folder.display())))
}

pub(super) fn below(folder: &Path, mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        finding.file = folder.join(&finding.file).display().to_string();
    }
    findings
}

pub(super) fn found(findings: Vec<Finding>, json: bool) -> Failure {
    Failure::Finding(if json { listed(&findings) } else { lines(&findings) })
}

fn listed(findings: &[Finding]) -> String {
    json!({ "findings": findings }).to_string()
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

fn document(plan: &PathPlan, warnings: &[Finding]) -> String {
    let files: Vec<Value> = plan
        .files
        .iter()
        .map(|(path, content)| json!({"path": path, "size": content.bytes.len(), "executable": content.executable}))
        .collect();
    json!({
        "findings": [],
        "warnings": warnings,
        "parameters": plan.parameters,
        "files": files,
        "steps": plan.steps,
        "output": plan.output,
    })
    .to_string()
}

fn summary(plan: &PathPlan, warnings: &[Finding]) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        let fate = match step.fate {
            StepFate::Runs => "",
            StepFate::Skipped => " (skipped: its condition is false)",
            StepFate::Unknown => " (not known here: will not run)",
        };
        text += &format!("{}: {}{fate}\n", step.action, step.name);
    }
    for (path, content) in plan.files.iter() {
        text += &format!("{:>9} {path}\n", content.bytes.len());
    }
    text += &format!("{} files, {} bytes.", plan.files.len(), plan.files.total_bytes());
    if warnings.is_empty() { text } else { format!("{text}\nWarnings:\n{}", lines(warnings)) }
}

/// Into a folder that holds nothing, so that what stands there afterwards is the tree and nothing else.
fn write(files: &FileTree, out: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::World(format!("Cannot write to {}: {error}.", out.display()));
    fs::create_dir_all(out).map_err(failed)?;
    if fs::read_dir(out).map_err(failed)?.next().is_some() {
        let finding = Finding::new(
            out.display().to_string(),
            Place::START,
            "out",
            "This folder is not empty: name an empty or a new one.",
        );
        return Err(Failure::Finding(finding.to_string()));
    }
    for (path, content) in files.iter() {
        let target = out.join(path.as_str());
        target.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        let mode = if content.executable { 0o755 } else { 0o644 };
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&target).map_err(failed)?;
        file.write_all(&content.bytes).map_err(failed)?;
    }
    Ok(())
}

fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err("there is no such folder: name the one that holds template.yaml".into()) }
}

fn file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() { Ok(path) } else { Err("there is no such file: name one with the parameters".into()) }
}
