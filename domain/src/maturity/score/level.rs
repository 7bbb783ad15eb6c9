//! The level of a subject in one dimension, from the outcomes of its own rules.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rating, Reading, Standing, counts};
use crate::maturity::{
    bundle::Bundle,
    number,
    outcome::{Outcome, RuleResult},
    rule::{Dimension, Rule},
};

/// A rule that decides about levels, with its outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally<'a> {
    pub(super) id: &'a str,
    pub(super) level: u8,
    pub(super) weight: u64,
    pub(super) outcome: Outcome,
}

/// The ratings that subjects have by themselves; a subject without a rule in this dimension is not among them.
pub(super) fn own_ratings(bundle: &Bundle, results: &[RuleResult], dimension: Dimension) -> BTreeMap<String, Rating> {
    let gating = bundle.rules.iter().filter(|rule| rule.gate && rule.dimension == dimension);
    let rules: BTreeMap<&str, &Rule> = gating.map(|rule| (rule.id.as_str(), rule)).collect();
    let mut tallies: BTreeMap<&str, Vec<Tally<'_>>> = BTreeMap::new();
    for result in results.iter().filter(|result| counts(result.outcome)) {
        if let Some(rule) = rules.get(result.rule.as_str()) {
            let tally = Tally { id: &rule.id, level: rule.level, weight: rule.weight.into(), outcome: result.outcome };
            tallies.entry(&result.subject).or_default().push(tally);
        }
    }
    tallies.into_iter().map(|(subject, tallies)| (subject.to_owned(), rating(&tallies))).collect()
}

pub(super) fn rating(tallies: &[Tally<'_>]) -> Rating {
    let weight = |which: &[Outcome]| -> u64 {
        tallies.iter().filter(|tally| which.contains(&tally.outcome)).map(|tally| tally.weight).sum()
    };
    let next = next(tallies, Reading::Certified);
    let blocks =
        |tally: &&Tally<'_>| Some(tally.level) == next && matches!(tally.outcome, Outcome::Fail | Outcome::Unknown);
    Rating {
        certified: standing(tallies, Reading::Certified),
        strict: standing(tallies, Reading::Strict),
        potential: standing(tallies, Reading::Potential),
        next,
        blocked_by: tallies.iter().filter(blocks).map(|tally| tally.id.to_owned()).collect::<BTreeSet<_>>(),
        known: weight(&[Outcome::Pass, Outcome::Fail]),
        all: weight(&[Outcome::Pass, Outcome::Fail, Outcome::Unknown]),
        limited_by: None,
    }
}

/// None: every level is transparent, so there is nothing to say.
fn standing(tallies: &[Tally<'_>], reading: Reading) -> Option<Standing> {
    let next = next(tallies, reading);
    let reached = levels(tallies).filter(|level| next.is_none_or(|next| *level < next)).max();
    levels(tallies).next()?;
    let level = reached.unwrap_or(0);
    let weight = |which: fn(Outcome) -> bool| -> u64 {
        let at_next = tallies.iter().filter(|tally| Some(tally.level) == next);
        at_next.filter(|tally| which(read(tally.outcome, reading))).map(|tally| tally.weight).sum()
    };
    let passed = weight(|outcome| outcome == Outcome::Pass);
    let progress = number::share(passed, weight(|outcome| outcome != Outcome::Exempt));
    Some(Standing { level, score: number::whole(level.into()) + progress.unwrap_or_else(|| number::whole(0)) })
}

/// The first level with rules that is not reached.
fn next(tallies: &[Tally<'_>], reading: Reading) -> Option<u8> {
    levels(tallies).find(|level| {
        let outcomes =
            || tallies.iter().filter(|tally| tally.level == *level).map(|tally| read(tally.outcome, reading));
        let holds = outcomes().all(|outcome| matches!(outcome, Outcome::Pass | Outcome::Exempt));
        // Exemptions alone never earn a level.
        !(holds && outcomes().any(|outcome| outcome == Outcome::Pass))
    })
}

/// The levels that have rules, from the lowest; the others are transparent.
fn levels<'a>(tallies: &'a [Tally<'_>]) -> impl Iterator<Item = u8> + 'a {
    (1..=5).filter(|level| tallies.iter().any(|tally| tally.level == *level))
}

fn read(outcome: Outcome, reading: Reading) -> Outcome {
    match (outcome, reading) {
        (Outcome::Exempt, Reading::Strict) => Outcome::Fail,
        (Outcome::Unknown, Reading::Potential) => Outcome::Pass,
        _ => outcome,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        Outcome::{Exempt, Fail, Pass, Unknown},
        *,
    };

    fn tallies(outcomes: &[(u8, u64, Outcome)]) -> Vec<Tally<'static>> {
        outcomes
            .iter()
            .map(|(level, weight, outcome)| Tally { id: "X", level: *level, weight: *weight, outcome: *outcome })
            .collect()
    }

    fn shown(outcomes: &[(u8, u64, Outcome)]) -> [Option<String>; 3] {
        let rating = rating(&tallies(outcomes));
        [&rating.strict, &rating.certified, &rating.potential]
            .map(|standing| standing.as_ref().map(|s| format!("{} {}", s.level, number::lowest_terms(&s.score))))
    }

    #[test]
    fn levels_are_gates_and_progress_is_a_share_of_weights() {
        let text = |text: &str| Some(text.to_owned());
        for (given, expected) in [
            (vec![], [None, None, None]),
            (vec![(1, 1, Pass)], [text("1 1/1"), text("1 1/1"), text("1 1/1")]),
            (vec![(1, 1, Pass), (2, 2, Pass), (2, 1, Fail)], [text("1 5/3"), text("1 5/3"), text("1 5/3")]),
            (vec![(1, 1, Pass), (2, 1, Unknown), (2, 1, Pass)], [text("1 3/2"), text("1 3/2"), text("2 2/1")]),
            // A level without rules neither awards nor blocks.
            (vec![(2, 1, Pass), (4, 1, Fail)], [text("2 2/1"), text("2 2/1"), text("2 2/1")]),
            (vec![(3, 1, Fail)], [text("0 0/1"), text("0 0/1"), text("0 0/1")]),
            // Exemptions alone never earn a level, and help beside a pass.
            (vec![(1, 1, Exempt)], [text("0 0/1"), text("0 0/1"), text("0 0/1")]),
            (vec![(1, 1, Exempt), (1, 1, Pass)], [text("0 1/2"), text("1 1/1"), text("1 1/1")]),
            // What passes above the next level adds nothing.
            (vec![(1, 1, Fail), (2, 1, Pass)], [text("0 0/1"), text("0 0/1"), text("0 0/1")]),
        ] {
            assert_eq!(shown(&given), expected, "{given:?}");
        }
    }

    #[test]
    fn next_is_the_first_gap_and_names_what_blocks() {
        let rating = rating(&[
            Tally { id: "B", level: 2, weight: 1, outcome: Unknown },
            Tally { id: "A", level: 2, weight: 1, outcome: Fail },
            Tally { id: "C", level: 2, weight: 1, outcome: Exempt },
            Tally { id: "D", level: 3, weight: 1, outcome: Fail },
            Tally { id: "E", level: 1, weight: 3, outcome: Pass },
        ]);
        assert_eq!(rating.next, Some(2));
        assert_eq!(rating.blocked_by.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!((rating.known, rating.all), (5, 6));
    }

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![Just(Pass), Just(Fail), Just(Unknown), Just(Exempt)]
    }

    fn some_tallies() -> impl Strategy<Value = Vec<(u8, u64, Outcome)>> {
        proptest::collection::vec((1_u8..=5, 1_u64..4, outcome()), 1..12)
    }

    fn all_three(given: &[(u8, u64, Outcome)]) -> Vec<Standing> {
        let rating = rating(&tallies(given));
        [rating.strict, rating.certified, rating.potential].into_iter().flatten().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn strict_is_never_above_certified_nor_that_above_potential(given in some_tallies()) {
            let [strict, certified, potential] = <[Standing; 3]>::try_from(all_three(&given)).unwrap();
            prop_assert!(strict.level <= certified.level && certified.level <= potential.level);
            prop_assert!(strict.score <= certified.score && certified.score <= potential.score);
        }

        #[test]
        fn a_score_lies_within_its_level(given in some_tallies()) {
            for standing in all_three(&given) {
                prop_assert!(number::whole(standing.level.into()) <= standing.score);
                prop_assert!(standing.score < number::whole(u64::from(standing.level) + 1));
            }
        }

        #[test]
        fn better_evidence_never_lowers(given in some_tallies(), at in any::<proptest::sample::Index>(), step in 0..5) {
            let at = at.index(given.len());
            let (from, to) = match step {
                0 => (Fail, Some(Unknown)),
                1 => (Unknown, Some(Pass)),
                2 => (Fail, Some(Exempt)),
                3 => (Unknown, Some(Exempt)),
                // The rule stops applying.
                _ => (if given[at].1 == 1 { Fail } else { Unknown }, None),
            };
            let mut given = given;
            given[at].2 = from;
            let mut better = given.clone();
            match to {
                Some(outcome) => better[at].2 = outcome,
                None => { better.remove(at); }
            }
            let is_lower = |reading| {
                let (before, after) = (standing(&tallies(&given), reading), standing(&tallies(&better), reading));
                // Nothing left to assess is no lower level.
                matches!((before, after), (Some(before), Some(after)) if after.level < before.level || after.score < before.score)
            };
            prop_assert!(!is_lower(Reading::Certified));
            // The strict reading takes an exemption for a failure; the other one takes the unknown for a pass already.
            if from == Fail || to == Some(Pass) {
                prop_assert!(!is_lower(Reading::Strict));
                prop_assert!(!is_lower(Reading::Potential));
            }
        }

        #[test]
        fn one_more_failing_rule_never_raises(given in some_tallies(), level in 1_u8..=5, weight in 1_u64..4) {
            let mut worse = given.clone();
            worse.push((level, weight, Fail));
            for reading in [Reading::Strict, Reading::Certified, Reading::Potential] {
                let (before, after) = (standing(&tallies(&given), reading), standing(&tallies(&worse), reading));
                prop_assert!(after <= before);
            }
        }
    }
}
