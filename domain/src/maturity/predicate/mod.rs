//! What scopes and rules say about facts: a tree of comparisons with three values.

mod attested;
mod cel;
mod compare;
mod fenced;
mod judge;
mod read;

use regex::Regex;

use super::value::Value;

pub use cel::Expression;
pub(super) use judge::Judge;
pub use judge::{Evidence, Judged, Step};
pub(super) use read::read;

/// A tree of conditions.
#[derive(Clone, Debug)]
pub enum Predicate {
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    Compare(Comparison),
    /// Each item of a list; fewer than `min_items` items prove nothing.
    Every {
        list: Path,
        min_items: u32,
        condition: Box<Predicate>,
    },
    /// At least one item of a list.
    Some {
        list: Path,
        condition: Box<Predicate>,
    },
    /// What people said about a question.
    Attested(String),
    Cel(Expression),
}

/// One comparison of a part of a fact.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub path: Path,
    pub operator: Operator,
    pub expected: Value,
    /// Only of `matches`.
    pub(super) pattern: Option<Regex>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    NotIn,
    Matches,
    Exists,
}

/// A dotted path such as `k8s.workload.ready_replicas`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub(super) segments: Vec<String>,
}

/// Kleene's three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    True,
    False,
    Unknown,
}

impl Operator {
    pub const ALL: [Self; 10] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::In,
        Self::NotIn,
        Self::Matches,
        Self::Exists,
    ];

    /// As documents write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Matches => "matches",
            Self::Exists => "exists",
        }
    }

    /// As people read it between a fact and what is expected of it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Eq => "is",
            Self::Ne => "is not",
            Self::Lt => "is less than",
            Self::Lte => "is at most",
            Self::Gt => "is more than",
            Self::Gte => "is at least",
            Self::In => "is one of",
            Self::NotIn => "is none of",
            Self::Matches => "matches",
            Self::Exists => "is there:",
        }
    }
}

impl Path {
    /// `None` when a part between two dots is empty.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let segments: Vec<String> = text.split('.').map(str::to_owned).collect();
        segments.iter().all(|segment| !segment.is_empty()).then_some(Self { segments })
    }

    /// Inside `where` a path begins with `item`.
    pub(super) fn is_of_item(&self) -> bool {
        self.segments.first().is_some_and(|first| first == ITEM)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.segments.join("."))
    }
}

impl Truth {
    pub(super) fn of(flag: bool) -> Self {
        if flag { Self::True } else { Self::False }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

pub(super) const ITEM: &str = "item";

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};

    #[test]
    fn kleene() {
        for (a, b, and, or) in [
            (True, Unknown, Unknown, True),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
            (True, False, False, True),
        ] {
            assert_eq!((a.and(b), b.and(a), a.or(b), b.or(a)), (and, and, or, or), "{a:?} {b:?}");
        }
        assert_eq!(Unknown.not(), Unknown);
    }
}
