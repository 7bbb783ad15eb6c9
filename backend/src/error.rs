//! What can go wrong in an operation. Foreign errors are turned into one of these where they happen.

use domain::error::{ErrorKind, FieldError};
use thiserror::Error;

pub type Result<T> = std::result::Result<T, Error>;

/// A system outside this process that an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    Database,
    GitHost,
    Cluster,
}

impl Dependency {
    /// The word for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::GitHost => "git_host",
            Self::Cluster => "cluster",
        }
    }
}

impl std::fmt::Display for Dependency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Database => "the database",
            Self::GitHost => "the Git host",
            Self::Cluster => "the cluster",
        })
    }
}

#[derive(Debug, Error)]
pub enum Error {
    /// Missing, or hidden from this viewer.
    #[error("not found")]
    NotFound,
    #[error("some fields do not hold what they should")]
    Invalid(Vec<FieldError>),
    /// `code` is stable and for machines, `detail` is a sentence for people.
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("{dependency} does not answer: {detail}")]
    Unavailable { dependency: Dependency, detail: String },
    /// Our own fault; `detail` goes to the log, never to the person.
    #[error("{detail}")]
    Internal { detail: String },
}

impl Error {
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::Internal { detail: detail.into() }
    }

    /// Writes to the log what the person is not told.
    pub fn report(&self) {
        match self {
            Self::Internal { detail } => tracing::error!(detail, "internal error"),
            Self::Unavailable { dependency, detail } => {
                tracing::warn!(%dependency, detail, "dependency does not answer")
            }
            Self::NotFound | Self::Invalid(_) | Self::Conflict { .. } | Self::Forbidden(_) => {}
        }
    }

    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Invalid(_) => ErrorKind::Invalid,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::Unavailable { .. } => ErrorKind::Unavailable,
            Self::Internal { .. } => ErrorKind::Internal,
        }
    }
}

/// Only for failures of the connection or of our own SQL; a violated constraint that a person can cause is
/// translated at its call.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => {
                Self::Unavailable { dependency: Dependency::Database, detail: error.to_string() }
            }
            sqlx::Error::Database(e) if is_database_going_away(e.code().as_deref()) => {
                Self::Unavailable { dependency: Dependency::Database, detail: e.to_string() }
            }
            sqlx::Error::Database(e) if is_unstorable(e.code().as_deref()) => {
                Self::Invalid(vec![FieldError::new("", "There is a zero character in this: remove it.")])
            }
            other => Self::internal(format!("database: {other}")),
        }
    }
}

/// A text with a zero character, which Postgres does not store: `character_not_in_repertoire` and
/// `untranslatable_character`.
fn is_unstorable(code: Option<&str>) -> bool {
    matches!(code, Some("22021" | "22P05"))
}

/// SQLSTATE classes 08 (connection), 53 (out of resources), 57P (operator intervention), 55P03/57014 (our own time
/// limits) and 40001/40P01 (two transactions in each other's way): the same statement may succeed a moment later.
fn is_database_going_away(code: Option<&str>) -> bool {
    code.is_some_and(|c| {
        c.starts_with("08")
            || c.starts_with("53")
            || c.starts_with("57P")
            || matches!(c, "55P03" | "57014" | "40001" | "40P01")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restarting_database_is_unavailable_and_a_bad_query_is_our_fault() {
        for code in ["08006", "53300", "57P01", "57P03", "57014", "55P03", "40001", "40P01"] {
            assert!(is_database_going_away(Some(code)), "{code}");
        }
        for code in ["23505", "42601", "22P05"] {
            assert!(!is_database_going_away(Some(code)), "{code}");
        }
        assert_eq!(Error::from(sqlx::Error::PoolTimedOut).kind(), ErrorKind::Unavailable);
        assert_eq!(Error::from(sqlx::Error::RowNotFound).kind(), ErrorKind::NotFound);
        assert_eq!(Error::from(sqlx::Error::WorkerCrashed).kind(), ErrorKind::Internal);
    }
}
