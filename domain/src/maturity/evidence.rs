//! Which fact counts: the latest that was true by then, while it is fresh, or while its collector is known to be down.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::bundle::{Attestation, Bundle, Fact};

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NeverCollected,
    Stale,
    CollectorDown,
    RuleError,
    AttestationMissing,
    AttestationExpired,
    Unconfirmed,
    InsufficientSample,
}

/// What is found where a rule looks for a fact.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    /// `held`: older than it may be, and kept because its collector is down.
    Usable { fact: &'a Fact, held: bool },
    /// The fact that would have counted, where there is one.
    Unusable { reason: Reason, fact: Option<&'a Fact> },
}

/// The facts of a bundle as they were known at one time.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    as_of: OffsetDateTime,
    hold: Duration,
    latest: BTreeMap<(&'a str, &'a str), &'a Fact>,
    names: BTreeSet<&'a str>,
    down: BTreeSet<&'a str>,
    attestations: BTreeMap<(&'a str, &'a str), Vec<&'a Attestation>>,
}

impl Reason {
    /// As documents write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NeverCollected => "never_collected",
            Self::Stale => "stale",
            Self::CollectorDown => "collector_down",
            Self::RuleError => "rule_error",
            Self::AttestationMissing => "attestation_missing",
            Self::AttestationExpired => "attestation_expired",
            Self::Unconfirmed => "unconfirmed",
            Self::InsufficientSample => "insufficient_sample",
        }
    }

    /// A full sentence about what is missing.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NeverCollected => "Nobody has collected this fact yet.",
            Self::Stale => "The last observation is older than this rule accepts.",
            Self::CollectorDown => "Its collector has been down for too long.",
            Self::RuleError => "The rule and the fact do not fit; the owner of the rule has to mend it.",
            Self::AttestationMissing => "Nobody has answered the question yet.",
            Self::AttestationExpired => "The last answer has run out.",
            Self::Unconfirmed => "The answer still needs a second person.",
            Self::InsufficientSample => "There are too few observations to say.",
        }
    }
}

impl<'a> Facts<'a> {
    /// On a tie the later row wins.
    pub(super) fn of(bundle: &'a Bundle) -> Self {
        let known: BTreeSet<&str> = bundle.subjects.iter().map(|subject| subject.reference.as_str()).collect();
        let mut facts = Self {
            as_of: bundle.as_of,
            hold: bundle.parameters.hold,
            latest: BTreeMap::new(),
            names: BTreeSet::new(),
            down: bundle.collectors.iter().filter(|c| c.down).map(|c| c.name.as_str()).collect(),
            attestations: BTreeMap::new(),
        };
        for given in &bundle.attestations {
            facts.attestations.entry((&given.subject, &given.question)).or_default().push(given);
        }
        for fact in bundle.facts.iter().filter(|fact| known.contains(fact.subject.as_str())) {
            facts.names.insert(&fact.name);
            if fact.observed_at > bundle.as_of {
                continue;
            }
            let slot = facts.latest.entry((&fact.subject, &fact.name)).or_insert(fact);
            if fact.observed_at >= slot.observed_at {
                *slot = fact;
            }
        }
        facts
    }

    pub(super) fn as_of(&self) -> OffsetDateTime {
        self.as_of
    }

    /// In the order of the bundle, past and future.
    pub(super) fn attestations<'s>(&'s self, subject: &'s str, question: &'s str) -> &'s [&'s Attestation] {
        self.attestations.get(&(subject, question)).map_or(&[], Vec::as_slice)
    }

    /// How many parts of a path name the fact: the longest prefix that facts or the rule itself name.
    pub(super) fn prefix(&self, segments: &[String], needs: &[String]) -> Option<usize> {
        (1..=segments.len()).rev().find(|length| {
            let name = segments[..*length].join(".");
            self.names.contains(name.as_str()) || needs.contains(&name)
        })
    }

    pub(super) fn find(&self, subject: &str, name: &str, max_age: Duration) -> Found<'a> {
        let Some(fact) = self.latest.get(&(subject, name)).copied() else {
            return Found::Unusable { reason: Reason::NeverCollected, fact: None };
        };
        let age = self.as_of - fact.observed_at;
        let is_down = self.down.contains(fact.collector.as_str());
        match (age <= max_age, is_down) {
            (true, _) => Found::Usable { fact, held: false },
            (false, false) => Found::Unusable { reason: Reason::Stale, fact: Some(fact) },
            (false, true) if age <= max_age + self.hold => Found::Usable { fact, held: true },
            (false, true) => Found::Unusable { reason: Reason::CollectorDown, fact: Some(fact) },
        }
    }
}
