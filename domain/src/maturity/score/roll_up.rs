//! From services to teams and from there to units: four fifths have to have reached a level, and nothing critical may lag
//! far behind. Units count the leaves again, so the result does not depend on how the hierarchy is cut.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Organisation, Rating, Reading, Standing};
use crate::maturity::{
    bundle::{Bundle, Parameters, Subject},
    number::{self, Exact},
};

/// What keeps a roll-up where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Services,
    /// What the team does itself, or what the teams of a unit do.
    Practices,
    /// A service of tier 1 that is more than the allowed distance behind.
    CriticalFloor,
}

/// One thing that a roll-up counts.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    rating: &'a Rating,
    weight: u64,
    is_critical: bool,
}

/// Progress alone never reaches the next level.
const MOST_PROGRESS: (u64, u64) = (99, 100);
const TOP: u8 = 5;
const CRITICAL_TIER: u32 = 1;
const PRODUCTION: &str = "production";

/// The rating of every subject, roll-ups included, from the ratings that subjects have by themselves.
pub(super) fn roll_up(
    bundle: &Bundle,
    organisation: &Organisation<'_>,
    mut own: BTreeMap<String, Rating>,
) -> BTreeMap<String, Rating> {
    let mut all = BTreeMap::new();
    for team in &organisation.teams {
        let services = services(bundle, &organisation.services_of_team(team), &own);
        let floor = Some(bundle.parameters.floor_distance);
        let practices = own.get(*team).cloned().unwrap_or_default();
        all.insert((*team).to_owned(), weaker(rolled(&services, &bundle.parameters, floor), practices));
    }
    for unit in &organisation.units {
        let name = unit.reference.as_str();
        let services = services(bundle, &organisation.services_of_unit(name), &own);
        let teams: Vec<Part<'_>> =
            organisation.teams_of_unit(name).into_iter().filter_map(|team| part(own.get(team)?, 1, false)).collect();
        // Coverage is that of services and of the unit's own rules.
        let teams = Rating { known: 0, all: 0, ..rolled(&teams, &bundle.parameters, None) };
        let practices = weaker(teams, own.get(name).cloned().unwrap_or_default());
        let practices = Rating { limited_by: None, ..practices };
        all.insert(name.to_owned(), weaker(rolled(&services, &bundle.parameters, None), practices));
    }
    for service in &organisation.services {
        all.insert(service.reference.clone(), own.remove(&service.reference).unwrap_or_default());
    }
    all
}

/// The services that are weighed: in production, past their onboarding, and assessed.
fn services<'a>(bundle: &Bundle, services: &[&Subject], own: &'a BTreeMap<String, Rating>) -> Vec<Part<'a>> {
    let onboarded = Parameters::before(bundle.as_of, bundle.parameters.onboarding_days);
    let counts = |service: &&&Subject| {
        service.lifecycle.as_deref() == Some(PRODUCTION) && service.created_at.is_none_or(|at| at <= onboarded)
    };
    let weighed = |service: &&Subject| {
        let weight = bundle.parameters.tier_weights.of(service.tier);
        part(own.get(&service.reference)?, weight, service.tier == Some(CRITICAL_TIER))
    };
    services.iter().filter(counts).filter_map(weighed).collect()
}

/// None: nothing was assessed, so it is listed and not weighed.
fn part(rating: &Rating, weight: u64, is_critical: bool) -> Option<Part<'_>> {
    rating.certified.is_some().then_some(Part { rating, weight, is_critical })
}

fn rolled(parts: &[Part<'_>], parameters: &Parameters, floor: Option<u8>) -> Rating {
    let standing = |reading| quantile(parts, reading, &parameters.quantile, floor);
    let certified = standing(Reading::Certified);
    let is_floored = certified.as_ref().is_some_and(|(_, is_floored)| *is_floored);
    Rating {
        next: certified.as_ref().map(|(standing, _)| standing.level + 1).filter(|next| *next <= TOP),
        certified: certified.map(|(standing, _)| standing),
        strict: standing(Reading::Strict).map(|(standing, _)| standing),
        potential: standing(Reading::Potential).map(|(standing, _)| standing),
        blocked_by: parts.iter().flat_map(|part| part.rating.blocked_by.iter().cloned()).collect(),
        known: parts.iter().map(|part| part.rating.known).sum(),
        all: parts.iter().map(|part| part.rating.all).sum(),
        limited_by: is_floored.then_some(Limit::CriticalFloor),
    }
}

/// The highest level that the wanted share has reached, and whether the floor of critical services lowered it.
fn quantile(parts: &[Part<'_>], reading: Reading, wanted: &Exact, floor: Option<u8>) -> Option<(Standing, bool)> {
    let levels: Vec<(u8, &Part<'_>)> =
        parts.iter().filter_map(|part| Some((part.rating.of(reading)?.level, part))).collect();
    let total: u64 = levels.iter().map(|(_, part)| part.weight).sum();
    let reached = |level: u8| -> Option<Exact> {
        let weight = levels.iter().filter(|(reached, _)| *reached >= level).map(|(_, part)| part.weight).sum();
        number::share(weight, total)
    };
    reached(0)?;
    let by_share = (1..=TOP).rev().find(|level| reached(*level).is_some_and(|share| share >= *wanted)).unwrap_or(0);
    let critical = levels.iter().filter(|(_, part)| part.is_critical).map(|(level, _)| *level).min();
    let ceiling = critical.zip(floor).map_or(TOP, |(lowest, distance)| lowest.saturating_add(distance));
    let level = by_share.min(ceiling);
    let progress = match level {
        TOP => number::whole(0),
        _ => (reached(level + 1)? / wanted).min(Exact::new(MOST_PROGRESS.0.into(), MOST_PROGRESS.1.into())),
    };
    Some((Standing { level, score: number::whole(level.into()) + progress }, level < by_share))
}

/// The weaker of services and practices, in each reading; one alone where there is nothing of the other.
fn weaker(services: Rating, practices: Rating) -> Rating {
    let lower = |a: &Option<Standing>, b: &Option<Standing>| match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b).clone()),
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    let (next, limited_by) = match (&services.certified, &practices.certified) {
        (Some(a), Some(b)) if a < b => (services.next, Some(services.limited_by.unwrap_or(Limit::Services))),
        (Some(a), Some(b)) if b < a => (practices.next, Some(Limit::Practices)),
        (None, _) => (practices.next, None),
        (Some(_), _) => (services.next, services.limited_by),
    };
    Rating {
        certified: lower(&services.certified, &practices.certified),
        strict: lower(&services.strict, &practices.strict),
        potential: lower(&services.potential, &practices.potential),
        next,
        blocked_by: services.blocked_by.into_iter().chain(practices.blocked_by).collect(),
        known: services.known + practices.known,
        all: services.all + practices.all,
        limited_by,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rating(level: u8) -> Rating {
        let standing = Some(Standing { level, score: number::whole(level.into()) });
        Rating { certified: standing.clone(), strict: standing.clone(), potential: standing, ..Rating::default() }
    }

    fn level_of(services: &[(u8, u64, bool)], floor: Option<u8>) -> (u8, String, bool) {
        let ratings: Vec<Rating> = services.iter().map(|(level, ..)| rating(*level)).collect();
        let parts: Vec<Part<'_>> = ratings
            .iter()
            .zip(services)
            .map(|(rating, (_, weight, is_critical))| Part { rating, weight: *weight, is_critical: *is_critical })
            .collect();
        let (standing, is_floored) =
            quantile(&parts, Reading::Certified, &number::ratio("4/5").unwrap(), floor).unwrap();
        (standing.level, number::lowest_terms(&standing.score), is_floored)
    }

    #[test]
    fn four_fifths_decide_and_nothing_critical_lags_behind() {
        for (services, floor, level, score, is_floored) in [
            (vec![(3, 1, false), (3, 1, false), (3, 1, false), (3, 1, false), (0, 1, false)], Some(1), 3, "3/1", false),
            (vec![(3, 3, false), (0, 1, false)], Some(1), 0, "15/16", false),
            // A share that is nearly there stays below the next level.
            (vec![(2, 79, false), (1, 21, false)], Some(1), 1, "159/80", false),
            // The floor cuts, and progress is capped.
            (vec![(4, 16, false), (1, 4, true)], Some(1), 2, "299/100", true),
            (vec![(4, 16, false), (1, 4, true)], None, 4, "4/1", false),
            (vec![(5, 1, true)], Some(1), 5, "5/1", false),
        ] {
            assert_eq!(level_of(&services, floor), (level, score.to_owned(), is_floored), "{services:?}");
        }
        assert!(quantile(&[], Reading::Certified, &number::whole(1), None).is_none());
    }

    #[test]
    fn the_weaker_side_limits() {
        let both = |a: u8, b: u8| weaker(rating(a), rating(b));
        assert_eq!(both(2, 3).limited_by, Some(Limit::Services));
        assert_eq!(both(3, 2).limited_by, Some(Limit::Practices));
        assert_eq!(both(2, 2).limited_by, None);
        assert_eq!(weaker(rating(3), Rating::default()).certified.unwrap().level, 3);
        assert_eq!(weaker(Rating::default(), rating(3)).limited_by, None);
        let floored = Rating { limited_by: Some(Limit::CriticalFloor), ..rating(1) };
        assert_eq!(weaker(floored, rating(3)).limited_by, Some(Limit::CriticalFloor));
    }

    proptest! {
        #[test]
        fn raising_one_service_never_lowers_the_team(
            services in proptest::collection::vec((0_u8..5, 1_u64..5, any::<bool>()), 1..10),
            at in any::<proptest::sample::Index>(),
        ) {
            let before = level_of(&services, Some(1));
            let mut raised = services.clone();
            raised[at.index(services.len())].0 += 1;
            let after = level_of(&raised, Some(1));
            prop_assert!(after.0 >= before.0);
            prop_assert!(number::ratio(&after.1) >= number::ratio(&before.1));
        }
    }
}
