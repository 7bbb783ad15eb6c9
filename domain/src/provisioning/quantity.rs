//! Kubernetes quantities (`apimachinery/pkg/api/resource`): the API server rewrites them, so they compare by value.

use std::{cmp::Ordering, fmt};

/// An amount, exact to a billionth as in Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    nanos: i128,
}

impl Quantity {
    /// `None` for what the API server refuses too, and for amounts beyond the range of any cluster.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let (digits, decimals) = digits(number)?;
        let nanos = scaled(digits, decimals, suffix)?;
        Some(Self { nanos: if negative { -nanos } else { nanos } })
    }

    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// `None` beyond the range of any cluster.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.nanos.checked_add(other.nanos).map(|nanos| Self { nanos })
    }

    /// As many times over.
    pub fn times(self, count: u32) -> Option<Self> {
        self.nanos.checked_mul(i128::from(count)).map(|nanos| Self { nanos })
    }
}

/// The shortest exact text: with a binary suffix where one divides the amount, as memory is written, else whole, else
/// in thousandths, rounded up as Kubernetes does.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WHOLE: i128 = 1_000_000_000;
        if self.nanos % WHOLE != 0 {
            return write!(f, "{}m", self.nanos.div_euclid(1_000_000) + i128::from(self.nanos % 1_000_000 != 0));
        }
        let whole = self.nanos / WHOLE;
        let suffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        let divides = (1..=6).rev().find(|power| whole != 0 && whole % (1_i128 << (10 * power)) == 0);
        match divides {
            Some(power) => write!(f, "{}{}", whole / (1_i128 << (10 * power)), suffixes[power - 1]),
            None => write!(f, "{whole}"),
        }
    }
}

/// Equal in value; texts that are no quantities compare as texts.
pub fn same_quantity(a: &str, b: &str) -> bool {
    match (Quantity::parse(a), Quantity::parse(b)) {
        (Some(a), Some(b)) => a.cmp(&b) == Ordering::Equal,
        _ => a == b,
    }
}

/// The digits without their point, and how many of them stand behind it.
fn digits(number: &str) -> Option<(i128, u32)> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let joined = format!("{whole}{fraction}");
    Some((joined.parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

fn scaled(digits: i128, decimals: u32, suffix: &str) -> Option<i128> {
    let (power_of_ten, factor) = scale(suffix)?;
    let value = digits.checked_mul(factor)?;
    let shift = power_of_ten.checked_add(9)?.checked_sub(i32::try_from(decimals).ok()?)?;
    let step = 10_i128.checked_pow(shift.unsigned_abs());
    match (shift >= 0, step) {
        (true, Some(step)) => value.checked_mul(step),
        // Below a billionth Kubernetes rounds up.
        (false, Some(step)) => value.checked_add(step - 1).map(|v| v / step),
        (true, None) => (value == 0).then_some(0),
        (false, None) => Some(i128::from(value != 0)),
    }
}

/// Power of ten and factor of a suffix.
fn scale(suffix: &str) -> Option<(i32, i128)> {
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|s| *s == suffix);
    if let Some(position) = binary {
        return Some((0, 1_i128 << (10 * (position + 1))));
    }
    let power = match suffix {
        "n" => -9,
        "u" => -6,
        "m" => -3,
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        "P" => 15,
        "E" => 18,
        other => other.strip_prefix(['e', 'E'])?.parse::<i32>().ok().filter(|e| e.abs() <= 30)?,
    };
    Some((power, 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_that_the_server_rewrites_are_the_same() {
        for (a, b) in [
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("0.5", "500m"),
            ("1k", "1000"),
            ("100k", "100000"),
            ("1e3", "1k"),
            ("1E3", "1000"),
            ("2Ti", "2048Gi"),
            ("+4", "4"),
            ("0", "0Gi"),
            ("-0", "0"),
            ("1.5Gi", "1536Mi"),
            (".5", "500m"),
            ("1E", "1000P"),
            ("0.1n", "1n"),
        ] {
            assert!(same_quantity(a, b), "{a} and {b}");
        }
        for (a, b) in [("1", "1Ki"), ("1Gi", "1G"), ("4", "400"), ("1", "-1"), ("32", "31999m")] {
            assert!(!same_quantity(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn what_is_no_quantity_compares_as_text() {
        for bad in ["", "Gi", "1..2", "1.2.3", "one", "1 Gi", "1kk", "--1", "e3"] {
            assert_eq!(Quantity::parse(bad), None, "{bad:?}");
        }
        assert!(same_quantity("one", "one"));
        assert!(!same_quantity("one", "1"));
    }

    #[test]
    fn amounts_are_ordered_by_value() {
        assert!(Quantity::parse("1500m") > Quantity::parse("1"));
        assert!(Quantity::parse("900Mi") < Quantity::parse("1Gi"));
        assert!(Quantity::parse("0").is_some_and(Quantity::is_zero));
    }

    #[test]
    fn sums_are_written_as_people_write_them() {
        let sum = |a: &str, n: u32, b: &str| {
            let amount = Quantity::parse(a).unwrap().times(n).unwrap();
            amount.plus(Quantity::parse(b).unwrap()).unwrap().to_string()
        };
        assert_eq!(sum("100m", 3, "0"), "300m");
        assert_eq!(sum("500m", 2, "1"), "2");
        assert_eq!(sum("256Mi", 4, "1Gi"), "2Gi");
        assert_eq!(sum("1", 3, "0"), "3");
        assert_eq!(sum("0", 3, "0"), "0");
        assert_eq!(sum("1500Mi", 1, "0"), "1500Mi");
        assert_eq!(Quantity::parse("170141183460469231731").unwrap().times(u32::MAX), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(n in 0_i128..1_000_000_000_000) {
            let milli = Quantity::parse(&format!("{n}m")).unwrap();
            prop_assert_eq!(Quantity::parse(&milli.to_string()), Some(milli));
        }

        #[test]
        fn milli_and_whole_agree(n in 0_u64..1_000_000_000) {
            let (milli, mebi, gibi) = (format!("{}m", n * 1000), format!("{}Mi", n * 1024), format!("{n}Gi"));
            prop_assert!(same_quantity(&milli, &n.to_string()));
            prop_assert!(same_quantity(&mebi, &gibi));
            prop_assert_eq!(Quantity::parse(&n.to_string()) < Quantity::parse(&(n + 1).to_string()), true);
        }

        #[test]
        fn decimals_shift_by_three(n in 0_u32..1_000_000) {
            let (decimal, milli) = (format!("{}.{:03}", n / 1000, n % 1000), format!("{n}m"));
            prop_assert!(same_quantity(&decimal, &milli));
        }

        #[test]
        fn nothing_makes_it_fail(text in ".{0,40}") {
            let _ = Quantity::parse(&text);
            prop_assert!(same_quantity(&text, &text));
        }
    }
}
