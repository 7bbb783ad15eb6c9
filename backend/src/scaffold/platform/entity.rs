//! The entry in the catalog.

use crate::{
    Result,
    catalog::{self, Registered},
    scaffold::{
        record::{self, Effect},
        worker::{StepContext, StepOutcome},
    },
};
use domain::links;

pub(super) async fn register(context: &StepContext<'_>) -> Result<StepOutcome> {
    let planned = &context.plan.entity;
    let mut tx = context.begin().await?;
    let origin = format!("run:{}", context.run);
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
