//! What a path would make of these parameters: the tree, the steps with their inputs, and what there is to say.

mod planner;

use domain::error::FieldError;
use domain::golden_paths::{Finding, Parameters, PathContext, TEMPLATE_FILE};
use domain::scaffold::tree::FileTree;
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use self::planner::Planner;
use super::GoldenPath;
use crate::renderer::{RenderError, Renderer};

#[derive(Clone, Debug)]
pub struct PathPlan {
    /// As given, with the defaults.
    pub parameters: Value,
    pub files: FileTree,
    /// In their order; a step with `each` stands once for each item.
    pub steps: Vec<PlannedStep>,
    /// Links and texts, as far as they are known before the run.
    pub output: Value,
    pub warnings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedStep {
    pub id: String,
    pub name: String,
    pub action: String,
    pub input: Value,
    pub fate: StepFate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepFate {
    Runs,
    /// Its `if` is false.
    Skipped,
    /// Nothing here knows its action.
    Unknown,
}

#[derive(Debug, Error)]
pub enum PlanError {
    #[error("some parameters do not hold what they should")]
    Parameters(Vec<FieldError>),
    /// The path is at fault.
    #[error("the path cannot be rendered")]
    Path(Vec<Finding>),
    #[error(transparent)]
    Renderer(#[from] RenderError),
}

/// Renders a path. Neither reads nor changes anything outside it.
pub async fn plan(
    renderer: &Renderer,
    path: &GoldenPath,
    given: &Value,
    context: &PathContext,
) -> Result<PathPlan, PlanError> {
    let schema = Parameters::of(&path.template).map_err(|fault| {
        PlanError::Path(vec![Finding::new(TEMPLATE_FILE, fault.place, "parameter-schema", fault.message)])
    })?;
    let parameters = schema.complete(given).map_err(PlanError::Parameters)?;
    let mut planner = Planner::new(renderer, path, context, &parameters);
    for step in &path.template.steps {
        planner.step(step).await?;
    }
    let output = planner.output(&path.template).await?;
    let (files, steps, warnings) = planner.finish().map_err(PlanError::Path)?;
    Ok(PathPlan { parameters, files, steps, output, warnings })
}
