//! The delivery: declared here, kept by the loop that tells the engine what to run.

use domain::{
    delivery::{Standing, image_overrides},
    links,
    scaffold::{Plan, PlannedDelivery, WaitingFor, tree::CommitId},
};

use crate::{
    Error, Result,
    delivery::{self, Wanted},
    scaffold::{
        record::{self, Effect},
        worker::{StepContext, StepOutcome},
    },
};

/// All environments in one transaction. What is declared already is taken as it is.
pub(super) async fn declare(context: &StepContext<'_>) -> Result<StepOutcome> {
    let first_commit = pushed(context).await?;
    let mut tx = context.begin().await?;
    let mut effects = Vec::new();
    for planned in &context.plan.delivery {
        let made = delivery::ensure_declared(&mut tx, &wanted(context.plan, planned, &first_commit)?).await?;
        effects.push(Effect {
            kind: "delivery",
            target: format!("{}/{}", planned.cluster, planned.namespace),
            external_id: None,
            url: Some(page(context.plan)),
            made_by_this_run: made,
        });
    }
    record::effects(&mut tx, context.run, &effects).await?;
    tx.commit().await?;
    Ok(StepOutcome::Done { link: Some(page(context.plan)), effects })
}

/// Waits until this run's commit, or a later one, is synced everywhere and its pods run. What refuses them is told in
/// its own words, and the run goes on when it is mended.
pub(super) async fn await_running(context: &StepContext<'_>) -> Result<StepOutcome> {
    let commit = pushed(context).await?;
    for planned in &context.plan.delivery {
        match delivery::standing(context.db, &planned.cluster, &planned.namespace, &commit).await? {
            Standing::Ready => {}
            Standing::UnderWay(why) => {
                return Ok(StepOutcome::Wait(WaitingFor {
                    kind: "delivery".to_owned(),
                    detail: format!("{} does not run in {} yet: {why}", context.plan.service, planned.environment),
                }));
            }
        }
    }
    Ok(StepOutcome::Done { link: Some(page(context.plan)), effects: vec![] })
}

/// The commit that the ledger of this run names.
async fn pushed(context: &StepContext<'_>) -> Result<CommitId> {
    let id = sqlx::query_scalar!(
        r#"select external_id as "id!" from effect where run_id = $1 and kind = 'commit' and external_id is not null"#,
        context.run
    )
    .fetch_one(&context.db.pool)
    .await?;
    id.parse().map_err(|e| Error::internal(format!("run {}: {e}", context.run)))
}

fn wanted(plan: &Plan, planned: &PlannedDelivery, first_commit: &CommitId) -> Result<Wanted> {
    let repository = format!("{}/{}", plan.repository.owner, plan.repository.name);
    Ok(Wanted {
        cluster: planned.cluster.clone(),
        namespace: planned.namespace.clone(),
        repository: repository.parse().map_err(|e| Error::internal(format!("the plan's repository: {e}")))?,
        branch: planned.branch.clone(),
        folder: planned.folder.clone(),
        starter_image: starter_image(plan, planned),
        first_commit: first_commit.clone(),
    })
}

/// What the overlay of the first commit sets: nothing was built by then.
fn starter_image(plan: &Plan, planned: &PlannedDelivery) -> Option<String> {
    let path = format!("{}/kustomization.yaml", planned.folder);
    let file = plan.files.iter().find(|file| file.path.as_str() == path)?;
    image_overrides(&file.content).ok()?.first().map(|image| image.image())
}

fn page(plan: &Plan) -> String {
    let reference = &plan.entity.reference;
    links::entity(reference)
}
