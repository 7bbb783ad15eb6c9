//! The one pure function, and what it gives.

use std::collections::BTreeSet;

use serde::Serialize;
use time::OffsetDateTime;

use super::{
    bundle::Bundle,
    delivery::{self, Figures},
    evidence::Facts,
    number::{self, Exact},
    outcome::{self, Explained, RuleResult},
    rule::Dimension,
    score::{self, Limit, Organisation, Rated, Standing, UNOWNED},
};

/// Everything that is known about the maturity of the subjects of a bundle at one time.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    #[serde(with = "time::serde::rfc3339")]
    pub as_of: OffsetDateTime,
    /// By subject and rule.
    pub results: Vec<RuleResult>,
    /// By subject and dimension; every subject has all five.
    pub scores: Vec<Score>,
    pub headline: Vec<Headline>,
    pub delivery: Vec<Figures>,
}

/// One subject in one dimension. Null is not known, and never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Score {
    pub subject: String,
    pub dimension: Dimension,
    /// 0 to 5.
    pub level: Option<u8>,
    /// With two decimals.
    pub score: Option<String>,
    /// The same as a fraction in lowest terms.
    pub exact: Option<String>,
    pub strict: Shown,
    pub potential: Shown,
    /// The share of what is known, in percent with two decimals.
    pub coverage: Option<String>,
    pub next: Option<u8>,
    pub blocked_by: Vec<String>,
    pub limited_by: Option<Limit>,
    /// Percent of the way to the next level.
    #[serde(skip)]
    pub progress: u8,
}

/// A level with its score in another reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shown {
    pub level: Option<u8>,
    pub score: Option<String>,
    #[serde(skip)]
    pub exact: Option<String>,
}

/// The weakest dimension and the mean of all; never shown without the five.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Headline {
    pub subject: String,
    pub level: Option<u8>,
    pub score: Option<String>,
    /// How many of the five dimensions were assessed.
    pub assessed: u8,
}

/// Evaluates a bundle. The same bundle always gives the same report.
pub fn evaluate(bundle: &Bundle) -> Report {
    let organisation = Organisation::of(bundle);
    let results: Vec<RuleResult> =
        explained(bundle, |_, _| true).into_iter().map(|explained| explained.result).collect();
    let rated = score::rate(bundle, &organisation, &results);
    Report {
        as_of: bundle.as_of,
        headline: headlines(&rated),
        scores: rated.into_iter().map(Score::from).collect(),
        delivery: delivery::figures(bundle, &organisation),
        results,
    }
}

/// Why each rule says what it says, by subject and rule, for the pairs that are wanted.
pub fn explained(bundle: &Bundle, wanted: impl Fn(&str, &str) -> bool) -> Vec<Explained> {
    let facts = Facts::of(bundle);
    let exemptions = outcome::exemptions(bundle);
    let mut found = Vec::new();
    for subject in &bundle.subjects {
        for rule in bundle.rules.iter().filter(|rule| outcome::is_about(rule, subject)) {
            if wanted(&subject.reference, &rule.id) {
                found.push(outcome::explain(&facts, &exemptions, subject, rule));
            }
        }
    }
    found.sort_by(|a, b| (&a.result.subject, &a.result.rule).cmp(&(&b.result.subject, &b.result.rule)));
    found
}

/// What was passed over, in full sentences.
pub fn warnings(bundle: &Bundle) -> Vec<String> {
    let known: BTreeSet<&str> = bundle.subjects.iter().map(|subject| subject.reference.as_str()).collect();
    let is_known = |reference: &str| known.contains(reference);
    let mut warnings: Vec<String> = bundle
        .facts
        .iter()
        .filter(|fact| !is_known(&fact.subject))
        .map(|fact| {
            format!("The fact {} is about {}, which is no subject here; it is ignored.", fact.name, fact.subject)
        })
        .collect();
    for subject in &bundle.subjects {
        for other in
            [&subject.team, &subject.unit, &subject.parent].into_iter().flatten().filter(|name| !is_known(name))
        {
            let name = &subject.reference;
            warnings.push(format!("{name} names {other}, which is no subject here; {name} is counted without it."));
        }
    }
    warnings
}

fn headlines(rated: &[Rated]) -> Vec<Headline> {
    let of_subject = |rows: &[Rated]| {
        let standings: Vec<&Standing> = rows.iter().filter_map(|row| row.rating.certified.as_ref()).collect();
        let assessed = u8::try_from(standings.len()).unwrap_or(u8::MAX);
        let sum: Exact = standings.iter().map(|standing| standing.score.clone()).sum();
        Headline {
            subject: rows.first().map(|row| row.subject.clone()).unwrap_or_default(),
            level: standings.iter().map(|standing| standing.level).min(),
            score: (assessed > 0).then(|| number::two_decimals(&(sum / number::whole(assessed.into())))),
            assessed,
        }
    };
    rated.chunk_by(|a, b| a.subject == b.subject).map(of_subject).collect()
}

impl From<Rated> for Score {
    fn from(Rated { subject, dimension, rating }: Rated) -> Self {
        let coverage = rating.coverage().as_ref().map(number::two_decimals);
        Self {
            subject,
            dimension,
            level: rating.certified.as_ref().map(|standing| standing.level),
            score: rating.certified.as_ref().map(|standing| number::two_decimals(&standing.score)),
            exact: rating.certified.as_ref().map(|standing| number::lowest_terms(&standing.score)),
            strict: Shown::of(rating.strict.as_ref()),
            potential: Shown::of(rating.potential.as_ref()),
            coverage,
            next: rating.next,
            blocked_by: rating.blocked_by.into_iter().collect(),
            limited_by: rating.limited_by,
            progress: rating
                .certified
                .as_ref()
                .and_then(|standing| number::percent(&standing.score.fract()))
                .unwrap_or(0),
        }
    }
}

impl Shown {
    fn of(standing: Option<&Standing>) -> Self {
        Self {
            level: standing.map(|standing| standing.level),
            score: standing.map(|standing| number::two_decimals(&standing.score)),
            exact: standing.map(|standing| number::lowest_terms(&standing.score)),
        }
    }
}

/// What a level is called.
pub fn level_name(level: u8) -> &'static str {
    match level {
        0 => "not yet Build",
        1 => "Build",
        2 => "Operate",
        3 => "Scale",
        4 => "Improve",
        _ => "Optimize",
    }
}

/// Whether a row is about the services that nobody owns.
pub fn is_unowned(subject: &str) -> bool {
    subject == UNOWNED
}
