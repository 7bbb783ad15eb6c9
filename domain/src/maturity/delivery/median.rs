//! The middle of a list, in whole numbers, also where some of it is not over yet.

/// A length of time in seconds; open ones are at least this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Length {
    pub(super) seconds: i64,
    pub(super) is_open: bool,
}

/// The median, rounded half up, and whether it is only a lower bound.
pub(super) fn median(mut lengths: Vec<Length>) -> Option<Length> {
    lengths.sort();
    let middle = lengths.len() / 2;
    let upper = *lengths.get(middle)?;
    if lengths.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *lengths.get(middle.checked_sub(1)?)?;
    Some(match (lower.is_open, upper.is_open) {
        (true, _) => lower,
        (false, true) => upper,
        (false, false) => {
            let sum = lower.seconds + upper.seconds;
            Length { seconds: sum.div_euclid(2) + sum.rem_euclid(2), is_open: false }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_lengths_in_the_middle_give_a_lower_bound() {
        let closed = |seconds| Length { seconds, is_open: false };
        let open = |seconds| Length { seconds, is_open: true };
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![closed(3), closed(1), closed(2)]), Some(closed(2)));
        assert_eq!(median(vec![closed(1), closed(4)]), Some(closed(3)));
        assert_eq!(median(vec![closed(1), open(9), closed(2)]), Some(closed(2)));
        assert_eq!(median(vec![closed(1), open(9), open(8)]), Some(open(8)));
        assert_eq!(median(vec![closed(1), open(9)]), Some(open(9)));
        assert_eq!(median(vec![open(5), open(9)]), Some(open(5)));
    }
}
