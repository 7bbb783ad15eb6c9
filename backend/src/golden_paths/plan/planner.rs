//! One step after the other, against the tree that the steps before it left.

use domain::golden_paths::{
    Action, ActionKind, Finding, Node, PathContext, Place, Step, TEMPLATE_FILE, Template, is_truthy,
};
use domain::scaffold::tree::{FileTree, RelPath};
use serde_json::{Map, Value, json};

use super::{PlannedStep, StepFate};
use crate::golden_paths::fetch::{self, FetchInput, Workspace};
use crate::golden_paths::notes::Notes;
use crate::golden_paths::{GoldenPath, actions, input};
use crate::renderer::{Outcome, RenderError, Renderer, Request};

pub(super) struct Planner<'a> {
    renderer: &'a Renderer,
    path: &'a GoldenPath,
    context: &'a PathContext,
    /// What expressions read; grows with the outputs of the steps.
    expressions: Value,
    workspace: Workspace,
    steps: Vec<PlannedStep>,
    notes: Notes,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        renderer: &'a Renderer,
        path: &'a GoldenPath,
        context: &'a PathContext,
        parameters: &Value,
    ) -> Self {
        let mut notes = Notes::new(path.template.strict);
        for left_out in path.files.findings() {
            notes.strictly(&left_out.file, Place::START, &left_out.rule, &left_out.message);
        }
        let expressions = context.expressions(parameters);
        Self { renderer, path, context, expressions, workspace: Workspace::new(), steps: Vec::new(), notes }
    }

    /// The tree, the steps and the warnings, or every error.
    pub(super) fn finish(mut self) -> Result<(FileTree, Vec<PlannedStep>, Vec<Finding>), Vec<Finding>> {
        let files = self.tree();
        if self.notes.errors.is_empty() {
            return Ok((files, self.steps, self.notes.warnings));
        }
        self.notes.errors.sort();
        self.notes.errors.dedup();
        Err(self.notes.errors)
    }

    pub(super) async fn step(&mut self, step: &Step) -> Result<(), RenderError> {
        let Some(each) = &step.each else {
            let output = self.once(step, None).await?;
            self.remember(step, output);
            return Ok(());
        };
        let mut outputs = Vec::new();
        for item in self.items(step, each).await? {
            outputs.extend(self.once(step, Some(item)).await?);
        }
        self.remember(step, Some(Value::Array(outputs)));
        Ok(())
    }

    /// The items of an `each`: of a list by position, of a map by key.
    async fn items(&mut self, step: &Step, each: &Node) -> Result<Vec<Value>, RenderError> {
        let context = self.expressions.clone();
        let [value] = self.evaluate([Some(each)], context).await?;
        Ok(match value {
            Some(Value::Array(items)) => {
                items.into_iter().enumerate().map(|(key, value)| json!({"key": key, "value": value})).collect()
            }
            Some(Value::Object(map)) => {
                map.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
            }
            _ => {
                let message = format!("The `each` of step `{}` is neither a list nor a map: give it one.", step.id);
                self.notes.error(TEMPLATE_FILE, each.place, "each", message);
                Vec::new()
            }
        })
    }

    /// Plans a step for one item, or the only time, and answers its foreseen output.
    async fn once(&mut self, step: &Step, item: Option<Value>) -> Result<Option<Value>, RenderError> {
        let mut context = self.expressions.clone();
        if let Some(item) = item {
            context["each"] = item;
        }
        let [condition] = self.evaluate([step.condition.as_ref()], context.clone()).await?;
        let runs = step.condition.is_none() || is_truthy(condition.as_ref());
        let action = Action::find(&step.action);
        let mut planned = PlannedStep {
            id: step.id.clone(),
            name: step.name.clone(),
            action: step.action.clone(),
            input: json!({}),
            fate: StepFate::Skipped,
        };
        if runs {
            planned.fate = if action.is_some() { StepFate::Runs } else { StepFate::Unknown };
            let [value] = self.evaluate([step.input.as_ref()], context).await?;
            planned.input = value.unwrap_or_else(|| json!({}));
        }
        let given = planned.input.as_object().cloned().unwrap_or_default();
        self.steps.push(planned);
        match action {
            Some(action) if runs => self.act(step, action, &given).await.map(Some),
            None if runs => {
                let message = format!(
                    "The action `{}` is not known here and will not run; these are: {}.",
                    step.action,
                    Action::instead_of(&step.action)
                );
                self.notes.strictly(TEMPLATE_FILE, step.action_place, "unknown-action", message);
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    async fn act(&mut self, step: &Step, action: Action, given: &Map<String, Value>) -> Result<Value, RenderError> {
        for name in action.required.iter().filter(|name| !given.contains_key(**name)) {
            let message = format!("The action `{}` needs the input `{name}`, which has no value.", action.name);
            self.notes.error(TEMPLATE_FILE, step.place, "missing-input", message);
        }
        let place = step.input.as_ref().map_or(step.place, |input| input.place);
        match action.kind {
            ActionKind::FetchTemplate | ActionKind::FetchPlain => self.fetch(action.kind, place, given).await?,
            ActionKind::Delete => actions::delete(given, place, &mut self.workspace, &mut self.notes),
            ActionKind::Rename => actions::rename(given, place, &mut self.workspace, &mut self.notes),
            ActionKind::WriteEntity => actions::write_entity(given, place, &mut self.workspace, &mut self.notes),
            ActionKind::Publish(_) | ActionKind::Register | ActionKind::Provision | ActionKind::Nothing => {}
        }
        let entity = actions::entity(given, &self.workspace);
        Ok(action.foreseen(given, &self.context.git_url, entity.as_ref()))
    }

    async fn fetch(&mut self, kind: ActionKind, place: Place, given: &Map<String, Value>) -> Result<(), RenderError> {
        let fetched: FetchInput = match serde_json::from_value(Value::Object(given.clone())) {
            Ok(fetched) => fetched,
            Err(error) => {
                self.notes.error(TEMPLATE_FILE, place, "input", format!("This input cannot be read: {error}."));
                return Ok(());
            }
        };
        let Self { renderer, path, workspace, notes, .. } = self;
        if kind == ActionKind::FetchPlain {
            fetch::plain(&path.files, &fetched, workspace, &mut notes.errors);
            return Ok(());
        }
        fetch::template(renderer, &path.files, &fetched, workspace, notes).await
    }

    pub(super) async fn output(&mut self, template: &Template) -> Result<Value, RenderError> {
        let context = self.expressions.clone();
        let [output] = self.evaluate([template.output.as_ref()], context).await?;
        let mut output = output.unwrap_or_else(|| json!({}));
        for key in ["links", "text"] {
            let Some(Value::Array(items)) = output.get_mut(key) else { continue };
            items.retain(|item| item.get("if").is_none_or(|condition| is_truthy(Some(condition))));
        }
        Ok(output)
    }

    fn remember(&mut self, step: &Step, output: Option<Value>) {
        self.expressions["steps"][&step.id] = json!({ "output": output.unwrap_or_else(|| json!({})) });
    }

    /// Parts of the document with their expressions replaced. A part that is not there is undefined.
    async fn evaluate<const N: usize>(
        &mut self,
        parts: [Option<&Node>; N],
        context: Value,
    ) -> Result<[Option<Value>; N], RenderError> {
        let jobs = parts.into_iter().flatten().flat_map(|node| input::jobs(node, 0)).collect();
        let outcomes = self.ask(Request { contexts: vec![context], jobs }).await?;
        let mut outcomes = outcomes.into_iter();
        Ok(parts.map(|part| {
            let node = part?;
            let values = input::values(node, &mut outcomes, &mut self.notes);
            input::resolve(node, &mut values.into_iter())
        }))
    }

    async fn ask(&mut self, request: Request) -> Result<Vec<Outcome>, RenderError> {
        match self.renderer.render(&request).await {
            Err(RenderError::Limit { limit, .. }) => {
                self.notes.limit(TEMPLATE_FILE, limit);
                Ok(Vec::new())
            }
            other => other,
        }
    }

    fn tree(&mut self) -> FileTree {
        let mut tree = FileTree::new();
        for (path, content) in std::mem::take(&mut self.workspace) {
            let name: RelPath = path.clone();
            if let Err(error) = tree.insert(path, content) {
                self.notes.error(name.as_str(), Place::START, "target-path", error.to_string());
            }
        }
        tree
    }
}
