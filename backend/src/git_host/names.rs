//! Names that reach a Git host or the arguments of `git`. What does not parse cannot be sent.

use std::{fmt, str::FromStr};

use domain::scaffold::tree::CommitId;
use thiserror::Error;
use uuid::Uuid;

/// One part of a repository's name, such as `payments`: 1 to 63 ASCII letters, digits and inner `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(String);

/// Owner and repository, such as `payments/checkout`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName {
    pub owner: Handle,
    pub name: Handle,
}

/// The short name of a branch, such as `main`; ASCII, at most 100 characters, no part that Git reads as an option,
/// a step or a lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Branch(String);

/// A state of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    Branch(Branch),
    Commit(CommitId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("Use 1 to 63 ASCII letters, digits and inner dots, underscores and hyphens, not ending in .git or .wiki.")]
    Handle,
    #[error("Write a repository as owner/name.")]
    Repository,
    #[error("Use 1 to 100 ASCII letters, digits, dots, underscores and hyphens in parts between single slashes.")]
    Branch,
}

const MAX_HANDLE: usize = 63;
const MAX_BRANCH: usize = 100;
/// Hosts give these endings a meaning of their own.
const TAKEN_ENDINGS: [&str; 2] = [".git", ".wiki"];

impl Handle {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Branch {
    /// Where the platform puts the first commit.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The branch of a change request that a run makes.
    pub fn of_run(run: Uuid) -> Self {
        Self(format!("waymark/{run}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `refs/heads/…`: a tag of the same name cannot be meant.
    pub(super) fn full(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

impl Revision {
    pub(super) fn full(&self) -> String {
        match self {
            Self::Branch(branch) => branch.full(),
            Self::Commit(id) => id.to_string(),
        }
    }
}

impl FromStr for Handle {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let lower = text.to_ascii_lowercase();
        let ends = text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric());
        let fits = ends && text.len() <= MAX_HANDLE && is_plain(text) && !text.contains("..");
        if fits && !TAKEN_ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Handle)
        }
    }
}

impl FromStr for RepositoryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (owner, name) = text.split_once('/').ok_or(NameError::Repository)?;
        Ok(Self { owner: owner.parse()?, name: name.parse()? })
    }
}

impl FromStr for Branch {
    type Err = NameError;

    /// Stricter than `git check-ref-format`.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let is_part = |part: &str| {
            is_plain(part)
                && part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && !part.ends_with('.')
                && !part.contains("..")
                && !part.to_ascii_lowercase().ends_with(".lock")
        };
        let fits = text.len() <= MAX_BRANCH && text.split('/').all(is_part);
        // Git and people both read `HEAD` as something else, and `refs/…` would be ambiguous.
        let is_special = text.eq_ignore_ascii_case("head") || text.starts_with("refs/");
        if fits && !is_special && text.parse::<CommitId>().is_err() {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Branch)
        }
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn options_and_steps_cannot_become_names() {
        for bad in [
            "",
            "-",
            "--upload-pack=touch x",
            "--upload-pack=x",
            "-c",
            "..",
            ".",
            "a/..",
            "a b",
            "a\nb",
            "a\0",
            "a..b",
            "ä",
            "ext::sh -c x",
            "a.git",
            "a.wiki",
            ".git",
            "a.",
            "_a",
            "a:b",
            "a@{1}",
            "a~1",
            "a^",
            "a*",
            "a?",
            "a[b",
            "a\\b",
        ] {
            assert_eq!(bad.parse::<Handle>(), Err(NameError::Handle), "{bad:?}");
            let branch =
                if matches!(bad, "a.git" | "a.wiki") { Ok(Branch(bad.into())) } else { Err(NameError::Branch) };
            assert_eq!(bad.parse::<Branch>(), branch, "{bad:?}");
            assert!(format!("payments/{bad}").parse::<RepositoryName>().is_err(), "{bad:?}");
            assert!(format!("{bad}/checkout").parse::<RepositoryName>().is_err(), "{bad:?}");
        }
        let id = "0123456789abcdef0123456789abcdef01234567";
        for bad in ["HEAD", "head", "refs/heads/main", "a//b", "/a", "a/", "a/-b", "a/.b", "a.lock", "a.lock/b", id] {
            assert_eq!(bad.parse::<Branch>(), Err(NameError::Branch), "{bad:?}");
        }
        assert!("a".repeat(64).parse::<Handle>().is_err());
        assert!("a".repeat(101).parse::<Branch>().is_err());
        assert!("payments/team/checkout".parse::<RepositoryName>().is_err());
    }

    #[test]
    fn ordinary_names_are_names() {
        for good in ["a", "checkout", "Check_out.v2-x", "x.github.io"] {
            assert!(good.parse::<Handle>().is_ok(), "{good}");
        }
        for good in ["main", "release/2026.05", "feature/JIRA-1_x"] {
            assert_eq!(good.parse::<Branch>().unwrap().full(), format!("refs/heads/{good}"));
        }
        let run = Uuid::from_u128(1);
        assert_eq!(Branch::of_run(run).as_str().parse(), Ok(Branch::of_run(run)));
        assert_eq!("payments/checkout".parse::<RepositoryName>().unwrap().to_string(), "payments/checkout");
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_no_option_and_no_second_argument(text in "[-a-c./_:@{}~^ \n=]{0,12}") {
            if let Ok(branch) = text.parse::<Branch>() {
                prop_assert!(!branch.as_str().starts_with('-') && !branch.as_str().contains([' ', '\n', ':', '=', '~', '^', '@']));
            }
            if let Ok(name) = text.parse::<RepositoryName>() {
                prop_assert!(!name.owner.as_str().starts_with('-') && !name.name.as_str().starts_with(['-', '.']));
                prop_assert_eq!(name.to_string().matches('/').count(), 1);
            }
        }
    }
}
