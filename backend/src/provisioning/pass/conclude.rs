//! The end of a pass: what stands, what does not, and why.

use std::collections::BTreeSet;

use domain::provisioning::{
    Desired, Drift, DriftClass, Failure as ObjectFailure, ObjectKey, ObjectKind, Observation, assess, over_quota,
    settle,
};

use super::{Outcome, Pass, Stop, execute::Execution, held, known_drift, pending, refusal};
use crate::provisioning::{
    intent::Loaded,
    record::{self, Ending},
};

pub(super) async fn conclude(
    pass: &Pass<'_>,
    loaded: &Loaded,
    desired: &[Desired],
    execution: Execution<'_>,
    contended: &BTreeSet<String>,
) -> Result<Outcome, Stop> {
    let pending = pending(desired, &execution.live);
    let drift = open_drift(loaded, desired, &execution, contended);
    let failures: Vec<ObjectFailure> = execution
        .failures
        .iter()
        .map(|(key, failure)| {
            let body = desired.iter().find(|d| d.key == *key).map(|d| &d.body);
            let message = refusal::told(failure, body);
            ObjectFailure { key: key.clone(), reason: failure.class.as_str().to_owned(), message }
        })
        .collect();
    let over: Vec<String> = execution
        .live
        .iter()
        .filter(|(key, _)| key.kind == ObjectKind::ResourceQuota)
        .flat_map(|(key, quota)| over_quota(quota).into_iter().map(|resource| format!("{}: {resource}", key.name)))
        .collect();
    let verdicts = assess(&Observation {
        desired,
        pending: &pending,
        failures: &failures,
        enforcement: &execution.enforcement(),
        drift: &drift,
        over_quota: &over,
    });
    let carried_out = pending.is_empty() && failures.is_empty() && execution.all_enforced();
    let revision = loaded.intent.revision;
    let conditions = settle(&loaded.conditions, verdicts, revision, loaded.now);
    let ending = Ending {
        desired,
        live: &execution.live,
        pending: &pending,
        conditions: &conditions,
        drift: &drift,
        observed_revision: carried_out.then_some(revision),
    };
    held(record::ending(pass.db, pass.claim, &ending).await?)?;
    Ok(match (carried_out, execution.failures.into_iter().next(), waits_for_quota(&pending)) {
        (true, ..) => Outcome::Stands,
        (false, None, true) if contended.is_empty() => Outcome::Waiting,
        (false, failure, _) => Outcome::Failed(failure.map(|(_, failure)| failure)),
    })
}

/// Only access is missing, which waits for the quotas.
fn waits_for_quota(pending: &BTreeSet<ObjectKey>) -> bool {
    pending.iter().all(|key| key.kind == ObjectKind::RoleBinding)
}

/// What others changed and is still so, and what they put beside ours.
fn open_drift(
    loaded: &Loaded,
    desired: &[Desired],
    execution: &Execution<'_>,
    contended: &BTreeSet<String>,
) -> Vec<Drift> {
    let still = known_drift(desired, &execution.live, &loaded.written).into_iter();
    still
        .map(|drift| {
            let class = if contended.contains(&drift.object) { DriftClass::Contended } else { drift.class };
            Drift { class, ..drift }
        })
        .collect()
}
