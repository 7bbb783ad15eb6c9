//! What one rule says about one subject at one time.

use std::collections::BTreeMap;

use serde::Serialize;
use time::Duration;

use super::{
    bundle::{Bundle, Exemption, Subject, SubjectKind},
    evidence::{Facts, Reason},
    predicate::{Judge, Judged, Truth},
    rule::{Rule, RuleSubject, Test},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
    Unknown,
    NotApplicable,
    Exempt,
    /// The rule is shown and does not count yet.
    Upcoming,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleResult {
    pub subject: String,
    pub rule: String,
    pub outcome: Outcome,
    /// Only of what is unknown.
    pub reason: Option<Reason>,
    /// Rests on a fact that is kept beyond its age because its collector is down.
    pub held: bool,
    /// What the evidence says where something else decides: an exemption, or the date of the rule.
    pub real_outcome: Option<Outcome>,
}

/// A line of the report with everything that led to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explained {
    pub result: RuleResult,
    pub scope: Option<Judged>,
    /// None where the scope leaves the subject out.
    pub expect: Option<Judged>,
}

/// An exemption of an older revision holds for this long after the new one took effect.
const REVISION_GRACE: Duration = Duration::days(14);

/// Exemptions by subject and rule.
pub(super) type Exemptions<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Exemption>>;

impl Outcome {
    /// As documents write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::Exempt => "exempt",
            Self::Upcoming => "upcoming",
        }
    }

    fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Pass,
            Truth::False => Self::Fail,
            Truth::Unknown => Self::Unknown,
        }
    }
}

/// Whether a rule is about subjects like this one.
pub(super) fn is_about(rule: &Rule, subject: &Subject) -> bool {
    match rule.subject {
        RuleSubject::Service => subject.kind == SubjectKind::Service,
        RuleSubject::Team => subject.kind == SubjectKind::Team,
        RuleSubject::Organisation => subject.kind == SubjectKind::Unit && subject.parent.is_none(),
    }
}

pub(super) fn exemptions(bundle: &Bundle) -> Exemptions<'_> {
    let mut known = Exemptions::new();
    for exemption in &bundle.exemptions {
        known.entry((&exemption.subject, &exemption.rule)).or_default().push(exemption);
    }
    known
}

pub(super) fn explain(facts: &Facts<'_>, exemptions: &Exemptions<'_>, subject: &Subject, rule: &Rule) -> Explained {
    let judge = Judge { facts, subject, rule };
    let scope = rule.scope.as_ref().map(|scope| judge.predicate(scope, None));
    let applies = scope.as_ref().map_or(Truth::True, |scope| scope.verdict);
    let expect = (applies != Truth::False).then(|| match &rule.test {
        Test::Expect(predicate) => judge.predicate(predicate, None),
        Test::Sustain(sustain) => judge.sustained(sustain),
    });
    let real = match (applies, &expect) {
        (Truth::False, _) | (_, None) => Outcome::NotApplicable,
        (Truth::Unknown, _) => Outcome::Unknown,
        (Truth::True, Some(expect)) => Outcome::of(expect.verdict),
    };
    let outcome = match real {
        Outcome::NotApplicable => Outcome::NotApplicable,
        _ if rule.effective_from.is_some_and(|from| facts.as_of() < from) => Outcome::Upcoming,
        _ if is_exempt(facts, exemptions, subject, rule) => Outcome::Exempt,
        real => real,
    };
    let deciding = if applies == Truth::Unknown { &scope } else { &expect };
    let result = RuleResult {
        subject: subject.reference.clone(),
        rule: rule.id.clone(),
        outcome,
        reason: deciding.as_ref().filter(|_| outcome == Outcome::Unknown).and_then(Judged::first_reason),
        held: [&scope, &expect].into_iter().flatten().any(Judged::is_held),
        real_outcome: (outcome != real).then_some(real),
    };
    Explained { result, scope, expect }
}

fn is_exempt(facts: &Facts<'_>, exemptions: &Exemptions<'_>, subject: &Subject, rule: &Rule) -> bool {
    let as_of = facts.as_of();
    let given = exemptions.get(&(subject.reference.as_str(), rule.id.as_str()));
    let is_of_this_revision = |exemption: &Exemption| {
        let grace_ends = rule.effective_from.and_then(|from| from.checked_add(REVISION_GRACE));
        exemption.revision == rule.revision
            || (exemption.revision < rule.revision && grace_ends.is_some_and(|end| as_of < end))
    };
    given.into_iter().flatten().any(|e| e.start <= as_of && as_of < e.end && is_of_this_revision(e))
}
