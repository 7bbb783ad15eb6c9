//! Levels and scores. Levels are gates: what is missing below cannot be bought off above.

mod level;
mod organisation;
mod roll_up;

use std::collections::BTreeSet;

use super::{
    number::{self, Exact},
    outcome::{Outcome, RuleResult},
};

pub(super) use organisation::{Organisation, UNOWNED};
pub use roll_up::Limit;

use super::{bundle::Bundle, rule::Dimension};

/// A level and how far it is on the way to the next one, in `[level, level + 1)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    pub(super) level: u8,
    pub(super) score: Exact,
}

/// How outcomes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// An exemption counts as a failure.
    Strict,
    /// The official one: what is unknown blocks, an exemption does not.
    Certified,
    /// What is unknown counts as met.
    Potential,
}

/// What a subject reached in one dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rating {
    /// None: nothing could be assessed.
    pub(super) certified: Option<Standing>,
    pub(super) strict: Option<Standing>,
    pub(super) potential: Option<Standing>,
    pub(super) next: Option<u8>,
    pub(super) blocked_by: BTreeSet<String>,
    /// The weights of what is known, and of all that counts.
    pub(super) known: u64,
    pub(super) all: u64,
    pub(super) limited_by: Option<Limit>,
}

/// The rating of a subject in a dimension; every subject has all five.
#[derive(Clone, Debug)]
pub(super) struct Rated {
    pub(super) subject: String,
    pub(super) dimension: Dimension,
    pub(super) rating: Rating,
}

impl Rating {
    pub(super) fn of(&self, reading: Reading) -> Option<&Standing> {
        match reading {
            Reading::Strict => self.strict.as_ref(),
            Reading::Certified => self.certified.as_ref(),
            Reading::Potential => self.potential.as_ref(),
        }
    }

    /// In percent.
    pub(super) fn coverage(&self) -> Option<Exact> {
        number::share(self.known, self.all).map(|share| share * number::whole(100))
    }
}

/// Every subject's ratings, sorted by subject and dimension.
pub(super) fn rate(bundle: &Bundle, organisation: &Organisation<'_>, results: &[RuleResult]) -> Vec<Rated> {
    let mut rated = Vec::new();
    for dimension in Dimension::ALL {
        let own = level::own_ratings(bundle, results, dimension);
        for (subject, rating) in roll_up::roll_up(bundle, organisation, own) {
            rated.push(Rated { subject, dimension, rating });
        }
    }
    rated.sort_by(|a, b| (&a.subject, a.dimension).cmp(&(&b.subject, b.dimension)));
    rated
}

/// What stands in the way, what counts at all.
fn counts(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::NotApplicable | Outcome::Upcoming)
}
