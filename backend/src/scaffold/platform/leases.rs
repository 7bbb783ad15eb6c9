//! Accelerators: asked for once for each namespace, granted by policy or by people.

use std::collections::BTreeMap;

use domain::{
    links,
    scaffold::{PlannedLease, WaitingFor},
};
use sqlx::{Postgres, Transaction};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    Result,
    provisioning::leases::{self, Ask, AskState},
    scaffold::{
        record::{self, Effect},
        worker::{StepContext, StepOutcome},
    },
};

/// All in one transaction, so that what was promised to the run becomes leases and is never counted twice.
pub(super) async fn request(context: &StepContext<'_>) -> Result<StepOutcome> {
    let mut tx = context.begin().await?;
    let (mut effects, mut open, mut refused) = (Vec::new(), Vec::new(), None);
    for (name, planned) in by_namespace(&context.plan.leases) {
        let (namespace, now) = home(&mut tx, planned[0]).await?;
        let resources = planned.iter().fold(BTreeMap::new(), |mut sums: BTreeMap<String, u32>, lease| {
            *sums.entry(lease.resource.clone()).or_default() += u32::from(lease.count);
            sums
        });
        let days = planned.iter().map(|lease| lease.days).max().unwrap_or_default();
        let ask = Ask {
            namespace,
            run: Some(context.run),
            person: context.requested_by,
            resources: &resources,
            until: now + Duration::days(i64::from(days)),
            reason: &planned[0].reason,
        };
        let (id, state) = leases::ask(&mut tx, &ask).await?;
        effects.push(effect(planned[0], id));
        match state {
            AskState::Granted => {}
            AskState::Pending(why) => open.push(format!("{name}: {}", why.join(" "))),
            AskState::Refused(why) => refused = Some(format!("The accelerators for {name} were refused: {why}")),
        }
    }
    record::effects(&mut tx, context.run, &effects).await?;
    tx.commit().await?;
    if let Some(why) = refused {
        return Ok(StepOutcome::Failed(why));
    }
    if !open.is_empty() {
        let detail = format!("The platform team has to approve the accelerators. {}", open.join(" "));
        return Ok(StepOutcome::Wait(WaitingFor { kind: WaitingFor::APPROVAL.to_owned(), detail }));
    }
    Ok(StepOutcome::Done { link: context.plan.leases.first().map(path), effects })
}

fn by_namespace(planned: &[PlannedLease]) -> BTreeMap<String, Vec<&PlannedLease>> {
    let mut sorted: BTreeMap<String, Vec<&PlannedLease>> = BTreeMap::new();
    for lease in planned {
        sorted.entry(format!("{}/{}", lease.cluster, lease.namespace)).or_default().push(lease);
    }
    sorted
}

async fn home(tx: &mut Transaction<'_, Postgres>, lease: &PlannedLease) -> Result<(Uuid, OffsetDateTime)> {
    let row = sqlx::query!(
        r#"select n.namespace_id, now() as "now!" from tenant_namespace n join cluster c using (cluster_id)
           where c.name = $1 and n.name = $2"#,
        lease.cluster,
        lease.namespace,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.namespace_id, row.now))
}

fn effect(lease: &PlannedLease, request: Uuid) -> Effect {
    Effect {
        kind: "quota_request",
        target: format!("{}/{}", lease.cluster, lease.namespace),
        external_id: Some(request.to_string()),
        url: Some(path(lease)),
        made_by_this_run: true,
    }
}

fn path(lease: &PlannedLease) -> String {
    links::namespace(&lease.cluster, &lease.namespace)
}
