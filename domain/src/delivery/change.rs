//! Promotions, roll-backs and releases: their states, who must agree, and what the commit is called.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::access::{PersonId, Viewer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// What runs in another environment of the service, here as well.
    Promote,
    /// What ran here before, again.
    RollBack,
    /// What the branch holds for this environment, as it is. For those that do not follow it by themselves.
    Release,
}

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// A worker is working out what it would change.
    Preparing,
    /// The difference can be read; nothing is done yet.
    Ready,
    AwaitingApproval,
    /// Agreed to; a worker pushes the commit.
    Queued,
    /// The commit is there; the delivery engine applies it.
    Syncing,
    Synced,
    Denied,
    Withdrawn,
    /// The repository has moved so that the difference is another one now.
    Stale,
    Failed,
}

/// A word that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word {0:?}")]
pub struct UnknownWord(String);

/// Why somebody may not decide about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefused {
    #[error("Nobody approves their own change. Ask another lead of the team.")]
    Own,
    #[error("Only leads of the team that owns the service decide about production. Ask one of them.")]
    NotALead,
}

impl ChangeKind {
    pub const ALL: [Self; 3] = [Self::Promote, Self::RollBack, Self::Release];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::RollBack => "roll_back",
            Self::Release => "release",
        }
    }
}

impl ChangeState {
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Preparing, "preparing"),
        (Self::Ready, "ready"),
        (Self::AwaitingApproval, "awaiting_approval"),
        (Self::Queued, "queued"),
        (Self::Syncing, "syncing"),
        (Self::Synced, "synced"),
        (Self::Denied, "denied"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Stale, "stale"),
        (Self::Failed, "failed"),
    ];

    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// Nothing happens by itself any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Synced | Self::Denied | Self::Withdrawn | Self::Stale | Self::Failed)
    }

    /// As long as nothing was pushed, whoever asked can take it back.
    pub fn can_withdraw(self) -> bool {
        matches!(self, Self::Preparing | Self::Ready | Self::AwaitingApproval)
    }
}

/// Production is everybody's: a lead of the team decides, and it runs a commit that was approved instead of the branch.
pub fn needs_approval(environment: &str) -> bool {
    matches!(environment, "prod" | "production")
}

/// No role decides in a lead's place, and nobody about their own change.
pub fn approval_refused(viewer: &Viewer, team: &str, requested_by: PersonId) -> Option<ApprovalRefused> {
    if !viewer.leads(team) {
        Some(ApprovalRefused::NotALead)
    } else if viewer.person == requested_by {
        Some(ApprovalRefused::Own)
    } else {
        None
    }
}

/// The first line of the commit. `from` is the environment, or for a release the branch, that it comes from.
pub fn subject(kind: ChangeKind, service: &str, version: &str, from: &str, to: &str) -> String {
    let version: String =
        version.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(60).collect();
    match kind {
        ChangeKind::Promote => format!("Promote {service} {version} from {from} to {to}"),
        ChangeKind::RollBack => format!("Roll {service} back to {version} in {to}"),
        ChangeKind::Release => format!("Release {from} of {service} to {to}"),
    }
}

impl FromStr for ChangeKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl FromStr for ChangeState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|(_, known)| *known == word);
        found.map(|(state, _)| state).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl fmt::Display for ChangeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::access::Role;

    fn viewer(id: u128, groups: &[&str], roles: &[Role]) -> Viewer {
        Viewer {
            person: PersonId(Uuid::from_u128(id)),
            login: "x".into(),
            name: "X".into(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
            roles: roles.to_vec(),
            teams: groups.iter().filter(|g| !g.ends_with("-leads")).map(|g| (*g).to_owned()).collect(),
        }
    }

    #[test]
    fn a_lead_of_the_team_decides_and_nobody_about_their_own_change() {
        let by = PersonId(Uuid::from_u128(1));
        let refused = |viewer: &Viewer| approval_refused(viewer, "payments", by);
        assert_eq!(refused(&viewer(2, &["payments", "payments-leads"], &[])), None);
        assert_eq!(refused(&viewer(1, &["payments", "payments-leads"], &[])), Some(ApprovalRefused::Own));
        for other in [
            viewer(2, &["payments"], &[]),
            viewer(2, &["search", "search-leads"], &[]),
            viewer(2, &["platform"], &[Role::Platform, Role::Operator]),
        ] {
            assert_eq!(refused(&other), Some(ApprovalRefused::NotALead), "{:?}", other.groups);
        }
        assert!(needs_approval("prod") && !needs_approval("staging") && !needs_approval("dev"));
    }

    #[test]
    fn words_are_read_back() {
        for (state, word) in ChangeState::ALL {
            assert_eq!(word.parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
            assert!(!(state.is_terminal() && state.can_withdraw()));
        }
        for kind in ChangeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("done".parse::<ChangeState>().is_err());
    }

    #[test]
    fn a_subject_is_one_plain_line() {
        assert_eq!(
            subject(ChangeKind::Promote, "checkout", "1.4.2\n<x>", "dev", "prod"),
            "Promote checkout 1.4.2x from dev to prod"
        );
        assert_eq!(
            subject(ChangeKind::RollBack, "checkout", "1.4.0", "", "prod"),
            "Roll checkout back to 1.4.0 in prod"
        );
        assert_eq!(
            subject(ChangeKind::Release, "checkout", "1.4.0", "main", "prod"),
            "Release main of checkout to prod"
        );
    }
}
