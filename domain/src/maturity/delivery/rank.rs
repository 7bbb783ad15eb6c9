//! Ranks and the quick check, on the scales of DORA's own survey.

use super::Ranks;
use crate::maturity::number::{self, Exact};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Deployments in a working day. The survey's two best answers overlap; at least two a day is ours.
pub(super) fn of_frequency(per_day: &Exact) -> u8 {
    let steps: [(&str, u8); 5] = [("2", 6), ("1", 5), ("1/5", 4), ("1/22", 3), ("1/130", 2)];
    let reached = steps.iter().find(|(least, _)| number::ratio(least).is_some_and(|least| *per_day >= least));
    reached.map_or(1, |(_, rank)| *rank)
}

/// Of lead time and of recovery.
pub(super) fn of_length(seconds: i64) -> u8 {
    match seconds {
        ..HOUR => 6,
        HOUR..DAY => 5,
        _ if seconds <= 7 * DAY => 4,
        _ if seconds <= 30 * DAY => 3,
        _ if seconds <= 180 * DAY => 2,
        _ => 1,
    }
}

/// The plain mean of what is known; rates are shares.
pub(super) fn quick_check(ranks: &Ranks, rates: [Option<&Exact>; 2]) -> Option<Exact> {
    let ranked = [ranks.deployment_frequency, ranks.lead_time, ranks.recovery];
    let points = ranked.into_iter().flatten().map(|rank| number::whole(2 * u64::from(rank.saturating_sub(1))));
    let ten = number::whole(10);
    let inverted = rates.into_iter().flatten().map(|rate| &ten - rate * &ten);
    let all: Vec<Exact> = points.chain(inverted).collect();
    let count = number::whole(u64::try_from(all.len()).ok().filter(|count| *count > 0)?);
    Some(all.into_iter().sum::<Exact>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        for (per_day, rank) in [("2", 6), ("1.99", 5), ("1", 5), ("1/5", 4), ("1/22", 3), ("1/130", 2), ("1/131", 1)] {
            assert_eq!(of_frequency(&number::ratio(per_day).unwrap()), rank, "{per_day}");
        }
        for (seconds, rank) in
            [(0, 6), (HOUR, 5), (DAY, 4), (7 * DAY, 4), (7 * DAY + 1, 3), (30 * DAY + 1, 2), (181 * DAY, 1)]
        {
            assert_eq!(of_length(seconds), rank, "{seconds}");
        }
    }

    #[test]
    fn the_quick_check_skips_what_is_not_known() {
        let ranks = Ranks { deployment_frequency: Some(6), lead_time: None, recovery: Some(1) };
        let rate = number::ratio("0.05").unwrap();
        let mean = quick_check(&ranks, [Some(&rate), None]).unwrap();
        assert_eq!(number::two_decimals(&mean), "6.50");
        assert_eq!(quick_check(&Ranks::default(), [None, None]), None);
    }
}
