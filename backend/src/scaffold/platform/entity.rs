//! The entry in the catalog.

use super::repository;
use crate::{
    Result,
    catalog::{self, Registered, living},
    git_host::GitHost,
    scaffold::{
        record::{self, Effect},
        worker::{StepContext, StepOutcome},
    },
};
use domain::links;

/// The file of the repository that describes it is read from now on.
pub(super) async fn register(git_host: &dyn GitHost, context: &StepContext<'_>) -> Result<StepOutcome> {
    let planned = &context.plan.entity;
    let repository = repository::name(context.plan)?;
    let mut tx = context.begin().await?;
    let made = living::declare_made(&mut tx, git_host, context.plan, &repository).await?;
    let origin = made.unwrap_or_else(|| format!("run:{}", context.run));
    let registered = catalog::register(&mut tx, &planned.reference, &planned.document, &origin).await?;
    if registered == Registered::Taken {
        return Ok(StepOutcome::Failed(format!(
            "{} was registered by somebody else meanwhile. Choose another name; the repository is there and untouched.",
            planned.reference
        )));
    }
    let reference = &planned.reference;
    let link = links::entity(reference);
    let effect = Effect {
        kind: "catalog_entity",
        target: reference.to_string(),
        external_id: None,
        url: Some(link.clone()),
        made_by_this_run: true,
    };
    record::effects(&mut tx, context.run, std::slice::from_ref(&effect)).await?;
    tx.commit().await?;
    Ok(StepOutcome::Done { link: Some(link), effects: vec![effect] })
}
