//! What people read of a plan before anything is done, beside what will be done itself.

use serde::{Deserialize, Serialize};

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Asked for; a worker has not answered yet.
    Planning,
    Ready,
    /// The world has moved since; it must be planned again.
    Stale,
    Applied,
    Failed,
}

/// The answers of the world to a plan, as they were at its time. They are no part of its hash: what was asked for
/// does not change when a quota is used meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanReview {
    pub files: Vec<FileChange>,
    pub effects: Vec<PlannedEffect>,
    pub objects: Vec<ObjectVerdict>,
    pub quota: Vec<QuotaChange>,
    pub gates: Vec<Gate>,
    /// Sentences.
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileChange {
    pub path: String,
    pub status: FileStatus,
    /// Unified; a new file is all additions.
    pub diff: String,
    /// Bytes.
    pub size: u64,
    /// A sentence: where the file comes from.
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    Added,
    Modified,
    Deleted,
    Unchanged,
    Conflict,
}

/// One thing that will be there afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedEffect {
    pub kind: EffectKind,
    pub target: String,
    pub reversible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    Repository,
    Commit,
    ChangeRequest,
    CatalogEntity,
    Namespace,
    Quota,
    Delivery,
    Webhook,
}

/// What the API server said to an object that was sent to it as a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectVerdict {
    pub api_version: String,
    pub kind: String,
    pub namespace: Option<String>,
    pub name: String,
    pub verdict: Verdict,
    pub checked_in: CheckedIn,
    /// The server's own sentence, or why nobody could ask it.
    pub message: Option<String>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Accepted,
    Denied,
    Unverified,
}

/// Where the dry run happened: a namespace that is not there yet is stood in for by an empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckedIn {
    Target,
    Scratch,
    None,
}

/// Kubernetes quantities; null where it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotaChange {
    pub scope: QuotaScope,
    /// The namespace, team or organisation.
    pub of: String,
    pub resource: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub limit: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    Namespace,
    Team,
    Organisation,
}

/// What stands between the plan and its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gate {
    pub kind: GateKind,
    /// The group that decides.
    pub who: String,
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    Approval,
}

impl PlanState {
    /// With the words of the database and the API.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Planning, "planning"),
        (Self::Ready, "ready"),
        (Self::Stale, "stale"),
        (Self::Applied, "applied"),
        (Self::Failed, "failed"),
    ];

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(state, _)| state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_back_by_the_words_of_the_api() {
        for (state, word) in PlanState::ALL {
            assert_eq!(PlanState::parse(word), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
        }
        assert_eq!(PlanState::parse("done"), None);
    }
}
