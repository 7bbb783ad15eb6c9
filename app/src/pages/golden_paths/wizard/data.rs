//! What the form is drawn from.

use backend::{
    Db, Error, Result,
    golden_paths::{self, EntityChoice, PathSummary},
    scaffold::{self, PlanView},
};
use domain::{
    access::Viewer,
    error::{FieldError, pointer_keys},
    golden_paths::form::{FieldKind, Form, Typed},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::is_on_page;
use crate::components::FieldProblem;

pub(super) struct Wizard {
    pub(super) path: PathSummary,
    pub(super) form: Form,
    pub(super) typed: Typed,
    pub(super) origin: Origin,
    pub(super) owners: Vec<EntityChoice>,
    /// Of all kinds that the form asks for.
    pub(super) entities: Vec<EntityChoice>,
    errors: Vec<FieldError>,
}

/// Where the input comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    New,
    /// Left then.
    Draft(OffsetDateTime),
    Plan,
}

/// The form with the input of a plan, else of the viewer's draft, else with its defaults.
pub(super) async fn load(viewer: &Viewer, db: &Db, name: &str, plan: Option<Uuid>) -> Result<Wizard> {
    let (path, _) = golden_paths::find(viewer, db, name).await?;
    let form = Form::of(&golden_paths::template(viewer, db, name).await?);
    let owners = golden_paths::owner_choices(viewer, db).await?;
    let kinds = kinds(&form);
    let entities = match kinds {
        Some(kinds) => golden_paths::entity_choices(viewer, db, &kinds).await?,
        None => Vec::new(),
    };
    let (typed, errors, origin) = match plan {
        Some(plan) => of_plan(scaffold::find_plan(viewer, db, plan).await?, &form, name)?,
        None => match golden_paths::find_draft(viewer, db, name).await? {
            Some(draft) => (draft.typed, draft.errors, Origin::Draft(draft.updated_at)),
            None => (proposed(&form, &owners), Vec::new(), Origin::New),
        },
    };
    Ok(Wizard { path, form, typed, origin, owners, entities, errors })
}

fn of_plan(plan: PlanView, form: &Form, name: &str) -> Result<(Typed, Vec<FieldError>, Origin)> {
    if plan.golden_path != name {
        return Err(Error::NotFound);
    }
    Ok((form.typed(&plan.parameters), plan.errors, Origin::Plan))
}

/// The kinds that entity fields ask for; none where there is no such field, an empty list where one takes every kind.
fn kinds(form: &Form) -> Option<Vec<String>> {
    let asked = form.fields().filter_map(|field| match &field.kind {
        FieldKind::Entity { kinds, .. } => Some(kinds),
        _ => None,
    });
    let asked: Vec<&Vec<String>> = asked.collect();
    if asked.iter().any(|kinds| kinds.is_empty()) {
        return Some(Vec::new());
    }
    (!asked.is_empty()).then(|| asked.into_iter().flatten().cloned().collect())
}

/// The defaults, and the viewer's own team as owner.
fn proposed(form: &Form, owners: &[EntityChoice]) -> Typed {
    let mut typed = form.defaults();
    for field in form.fields().filter(|field| field.kind == FieldKind::Owner && field.default.is_none()) {
        if let Some(own) = owners.first() {
            typed.set(&field.name, own.reference.clone());
        }
    }
    typed
}

impl Wizard {
    /// What is wrong at a field; a place inside a structured value is named.
    pub(super) fn error(&self, name: &str) -> Option<String> {
        let of_field = self.errors.iter().filter_map(|error| Some((split(&error.pointer)?, &error.message)));
        let messages: Vec<String> = of_field
            .filter(|((field, _), _)| field == name)
            .map(|((_, inner), message)| match inner {
                Some(inner) => format!("At {inner}: {message}"),
                None => message.clone(),
            })
            .collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }

    /// For the summary, in the order of the form.
    pub(super) fn problems(&self) -> Vec<FieldProblem> {
        let of = |field: &domain::golden_paths::form::Field| {
            let message = format!("{}: {}", field.label, self.error(&field.name)?);
            Some(FieldProblem { name: field.name.clone(), message })
        };
        self.form.fields().filter_map(of).collect()
    }

    /// What is wrong and belongs to no field of the form.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let is_elsewhere =
            |error: &&FieldError| !split(&error.pointer).is_some_and(|(name, _)| is_on_page(&self.form, &name));
        let messages: Vec<&str> = self.errors.iter().filter(is_elsewhere).map(|error| error.message.as_str()).collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }
}

/// The parameter that a pointer leads to, and where in its value.
fn split(pointer: &str) -> Option<(String, Option<String>)> {
    let name = pointer_keys(pointer).next()?;
    let inner = pointer.strip_prefix('/')?.split_once('/').map(|(_, inner)| inner.to_owned());
    Some((name, inner))
}
