//! The states of a run and of its steps.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::Duration;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    AwaitingApproval,
    Queued,
    Running,
    /// For something outside; nobody holds it meanwhile.
    Waiting,
    Succeeded,
    Failed,
    Cancelled,
    Cleaning,
    Cleaned,
    CleanupFailed,
}

/// Where one step of a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Pending,
    Running,
    Waiting,
    Succeeded,
    Failed,
    Skipped,
    Cancelled,
}

/// What a run waits for; since when is written down with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingFor {
    /// `git_host`, `cluster`, `namespace`, `approval`, …
    pub kind: String,
    /// A sentence for people.
    pub detail: String,
}

impl WaitingFor {
    /// People have to decide; nothing else that is waited for needs them.
    pub const APPROVAL: &str = "approval";
}

/// A state word that is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown state {0:?}")]
pub struct UnknownState(String);

/// Both kinds of state, written as in the API and the database.
pub trait Followed: Copy + PartialEq + Sized + 'static {
    const ALL: &'static [(Self, &'static str)];

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }
}

impl Followed for RunState {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::AwaitingApproval, "awaiting_approval"),
        (Self::Queued, "queued"),
        (Self::Running, "running"),
        (Self::Waiting, "waiting"),
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::Cancelled, "cancelled"),
        (Self::Cleaning, "cleaning"),
        (Self::Cleaned, "cleaned"),
        (Self::CleanupFailed, "cleanup_failed"),
    ];
}

impl Followed for StepState {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Pending, "pending"),
        (Self::Running, "running"),
        (Self::Waiting, "waiting"),
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::Skipped, "skipped"),
        (Self::Cancelled, "cancelled"),
    ];
}

impl RunState {
    /// Nothing happens by itself any more; event streams end here.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled | Self::Cleaned | Self::CleanupFailed)
    }

    /// A run can be stopped while it has not ended; what exists then stays and is listed.
    pub fn can_cancel(self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Queued | Self::Running | Self::Waiting)
    }

    /// A failed run goes on from the step that failed.
    pub fn can_retry(self) -> bool {
        self == Self::Failed
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        parse(word)
    }
}

impl FromStr for StepState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        parse(word)
    }
}

fn parse<S: Followed>(word: &str) -> Result<S, UnknownState> {
    S::ALL
        .iter()
        .find(|(_, known)| *known == word)
        .map(|(state, _)| *state)
        .ok_or_else(|| UnknownState(word.to_owned()))
}

/// How long to leave a waiting run alone: from half a second, doubling, to half a minute.
pub fn pause(waits: u32) -> Duration {
    Duration::milliseconds(500 * (1_i64 << waits.min(6))).min(Duration::seconds(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_api() {
        for (state, word) in RunState::ALL {
            assert_eq!(word.parse(), Ok(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), *word);
        }
        for (state, word) in StepState::ALL {
            assert_eq!(word.parse(), Ok(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), *word);
        }
        assert!("done".parse::<RunState>().is_err());
    }

    #[test]
    fn what_has_ended_can_neither_be_cancelled_nor_be_both_ended_and_open() {
        for (state, word) in RunState::ALL {
            assert!(!(state.is_terminal() && state.can_cancel()), "{word}");
        }
        assert!(RunState::Failed.can_retry() && !RunState::Succeeded.can_retry());
    }

    #[test]
    fn pauses_grow_to_half_a_minute() {
        assert_eq!(pause(0), Duration::milliseconds(500));
        assert_eq!(pause(1), Duration::SECOND);
        assert_eq!(pause(6), Duration::seconds(30));
        assert_eq!(pause(u32::MAX), Duration::seconds(30));
    }
}
