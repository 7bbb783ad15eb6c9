//! The namespaces: declared here, made by the loop that keeps the cluster equal to what was declared.

use domain::{
    links,
    scaffold::{Plan, PlannedNamespace, WaitingFor},
};

use crate::{
    Result,
    provisioning::{self, Declaration, Standing},
    scaffold::{
        record::{self, Effect},
        worker::{StepContext, StepOutcome},
    },
};

/// All of them in one transaction. Those that this service has already are taken as they are.
pub(super) async fn declare(context: &StepContext<'_>) -> Result<StepOutcome> {
    for planned in &context.plan.namespaces {
        if !provisioning::is_connected(context.db, &planned.cluster).await? {
            return Ok(StepOutcome::Wait(WaitingFor {
                kind: "cluster".to_owned(),
                detail: format!("The cluster {} is not connected yet. The run goes on when it is.", planned.cluster),
            }));
        }
    }
    let mut tx = context.begin().await?;
    let mut effects = Vec::new();
    for planned in &context.plan.namespaces {
        let (_, made) = provisioning::ensure_declared(&mut tx, &declaration(context.plan, planned)).await?;
        effects.push(Effect {
            kind: "namespace",
            target: format!("{}/{}", planned.cluster, planned.name),
            external_id: None,
            url: Some(path(planned)),
            made_by_this_run: made,
        });
    }
    record::effects(&mut tx, context.run, &effects).await?;
    tx.commit().await?;
    Ok(StepOutcome::Done { link: context.plan.namespaces.first().map(path), effects })
}

/// Waits until quota, limits and network policies are enforced and access is bound.
pub(super) async fn await_fences(context: &StepContext<'_>) -> Result<StepOutcome> {
    for planned in &context.plan.namespaces {
        match provisioning::standing(context.db, &planned.cluster, &planned.name).await? {
            Standing::Ready => {}
            Standing::UnderWay(why) => {
                return Ok(StepOutcome::Wait(WaitingFor {
                    kind: "namespace".to_owned(),
                    detail: format!("{} is not ready: {why}", planned.name),
                }));
            }
        }
    }
    Ok(StepOutcome::Done { link: context.plan.namespaces.first().map(path), effects: vec![] })
}

/// What a planned namespace is declared as.
pub(in crate::scaffold) fn declaration(plan: &Plan, planned: &PlannedNamespace) -> Declaration {
    let group = format!("oidc:{}", plan.team());
    Declaration {
        cluster: planned.cluster.clone(),
        team: plan.team().to_owned(),
        service: plan.service.to_string(),
        environment: planned.environment.clone(),
        size: planned.size,
        editors: vec![group.clone()],
        viewers: vec![group],
    }
}

fn path(planned: &PlannedNamespace) -> String {
    links::namespace(&planned.cluster, &planned.name)
}
