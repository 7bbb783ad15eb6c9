//! How often a team delivers, how long that takes, and what goes wrong: the five figures of DORA, from events alone.
//!
//! Deployments are counted, never incidents. Where nothing happened there is no figure, and neither a zero nor a best one.

mod failure;
mod figures;
mod median;
mod rank;
mod read;
#[cfg(test)]
mod tests;

use serde::Serialize;
use time::OffsetDateTime;

pub(super) use figures::figures;

/// What happened, as collectors saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryLog {
    pub deployments: Vec<Deployment>,
    pub changes: Vec<Change>,
    pub incidents: Vec<Incident>,
}

/// One deployment of one service. A deployment of several services has a row for each, with the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    pub id: String,
    pub service: String,
    pub environment: Option<String>,
    pub is_production: bool,
    /// None: still under way.
    pub finished_at: Option<OffsetDateTime>,
    pub is_success: bool,
    pub commit: Option<String>,
    pub previous_commit: Option<String>,
    pub digest: Option<String>,
    pub kind: DeploymentKind,
    /// Unplanned, and made because of an incident or a bug that people met.
    pub is_rework: bool,
    /// The deployment that it takes back.
    pub rolls_back: Option<String>,
    /// The deployment that it mends.
    pub fixes: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentKind {
    Release,
    Hotfix,
    Rollback,
    Config,
    Redeploy,
}

/// A commit that a deployment brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub service: String,
    pub commit: String,
    pub committed_at: OffsetDateTime,
    pub is_merge: bool,
    pub deployment: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: String,
    pub service: Option<String>,
    pub started_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    /// The deployment that a person or a link holds responsible.
    pub cause: Option<String>,
    pub duplicate_of: Option<String>,
}

/// The figures of one subject. Rates are shares with two decimals; null is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub subject: String,
    /// Deployments in a working day.
    pub deployment_frequency: Option<String>,
    /// The median over changes.
    pub lead_time_seconds: Option<i64>,
    pub change_fail_rate: Option<String>,
    /// The median over failed deployments.
    pub recovery_seconds: Option<i64>,
    /// The median stands on a failure that is still open, so it is at least this long.
    pub recovery_censored: bool,
    pub rework_rate: Option<String>,
    /// Too few deployments for a rate to mean much.
    pub small_sample: bool,
    pub counts: Counts,
    pub ranks: Ranks,
    /// 0 to 10, with two decimals.
    pub quick_check: Option<String>,
}

/// What the figures are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub deployments: u64,
    /// Without rollbacks and without redeployments of what ran already.
    pub change_deployments: u64,
    /// Change deployments that are old enough for their failures to have been reported.
    pub judged_deployments: u64,
    pub failed_deployments: u64,
    pub open_failures: u64,
    pub rework_deployments: u64,
    pub changes: u64,
    /// Left out: committed after they were deployed, as clocks have it.
    pub negative_lead_times: u64,
    pub working_days: u64,
}

/// 1 to 6, on the scales of DORA's own survey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ranks {
    pub deployment_frequency: Option<u8>,
    pub lead_time: Option<u8>,
    pub recovery: Option<u8>,
}
