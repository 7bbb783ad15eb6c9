//! One commit, described completely: the same description gives the same commit id wherever it is carried out.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;

use super::{CommitMessage, FileTree, RelPath, Signature};

/// SHA-1 of a commit: 40 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommitId(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("A commit id is 40 digits from 0 to 9 and a to f.")]
pub struct NotACommitId;

/// Whole seconds since the Unix epoch, UTC. Comes from the plan, never from the clock of whoever commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitTime(u64);

/// Everything that the id of a commit depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitSpec {
    pub content: Content,
    pub message: CommitMessage,
    /// Author and committer.
    pub author: Signature,
    pub at: CommitTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The first commit of a repository.
    Initial(FileTree),
    /// On top of `parent`. What neither `remove` nor `write` names stays as it is; removal comes first.
    Update { parent: CommitId, remove: BTreeSet<RelPath>, write: FileTree },
}

impl CommitId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CommitId {
    type Err = NotACommitId;

    fn from_str(text: &str) -> Result<Self, NotACommitId> {
        let is_hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 40 && is_hex { Ok(Self(text.to_owned())) } else { Err(NotACommitId) }
    }
}

impl TryFrom<String> for CommitId {
    type Error = NotACommitId;

    fn try_from(text: String) -> Result<Self, NotACommitId> {
        text.parse()
    }
}

impl From<CommitId> for String {
    fn from(id: CommitId) -> Self {
        id.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CommitTime {
    /// Cuts to whole seconds. Times before 1970 become 1970, because Git has none.
    pub fn of(at: OffsetDateTime) -> Self {
        Self(u64::try_from(at.unix_timestamp()).unwrap_or(0))
    }

    pub fn unix_seconds(self) -> u64 {
        self.0
    }
}

impl Content {
    /// The commit that must be the head of the branch before this one; none for a first commit.
    pub fn parent(&self) -> Option<&CommitId> {
        match self {
            Self::Initial(_) => None,
            Self::Update { parent, .. } => Some(parent),
        }
    }

    pub fn files(&self) -> &FileTree {
        match self {
            Self::Initial(tree) | Self::Update { write: tree, .. } => tree,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn only_full_lower_case_ids_are_ids() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(id.parse::<CommitId>().map(String::from), Ok(id.to_owned()));
        let upper = id.to_uppercase();
        for bad in ["", "HEAD", "--upload-pack=x", &id[1..], upper.as_str(), &format!("{id}0"), &id.replace('0', "g")] {
            assert_eq!(bad.parse::<CommitId>(), Err(NotACommitId), "{bad}");
        }
    }

    #[test]
    fn times_are_whole_seconds_in_utc() {
        let at = CommitTime::of(datetime!(2026-05-01 12:00:00.987 +02:00));
        assert_eq!(at.unix_seconds(), 1_777_629_600);
        assert_eq!(CommitTime::of(datetime!(1960-01-01 00:00 UTC)).unix_seconds(), 0);
    }
}
