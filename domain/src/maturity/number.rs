//! Exact numbers. What is compared, added up or divided here is never a binary fraction, so that 0.95 is 19/20 and a
//! score of one day equals the same score of another.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// A number as a fraction in lowest terms.
pub type Exact = BigRational;

/// Longer numbers, and exponents beyond this, are not evidence but an attack.
const MOST_DIGITS: usize = 400;

/// Reads a decimal number as JSON and YAML write it: `3`, `-0.95`, `1.5e3`.
pub fn decimal(text: &str) -> Option<Exact> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}");
    let is_number = !all.is_empty() && all.len() <= MOST_DIGITS && all.bytes().all(|b| b.is_ascii_digit());
    let shift = i64::from(exponent) - i64::try_from(part.len()).ok()?;
    if !is_number || shift.unsigned_abs() > MOST_DIGITS as u64 {
        return None;
    }
    let power = BigInt::from(10).pow(u32::try_from(shift.unsigned_abs()).ok()?);
    let digits: BigInt = all.parse().ok()?;
    let size = if shift < 0 { Exact::new(digits, power) } else { Exact::from_integer(digits * power) };
    Some(if negative { -size } else { size })
}

/// Reads `4/5` as well as decimals.
pub(super) fn ratio(text: &str) -> Option<Exact> {
    let Some((above, below)) = text.split_once('/') else { return decimal(text) };
    let (above, below) = (decimal(above.trim())?, decimal(below.trim())?);
    if below.is_zero() { None } else { Some(above / below) }
}

/// A count as a number.
pub(super) fn whole(count: u64) -> Exact {
    Exact::from_integer(count.into())
}

/// `None` when there is nothing to divide by.
pub(super) fn share(part: u64, all: u64) -> Option<Exact> {
    (all > 0).then(|| Exact::new(part.into(), all.into()))
}

/// Whole percent, rounded down so that nothing looks finished before it is.
pub(super) fn percent(share: &Exact) -> Option<u8> {
    (share * whole(100)).floor().to_integer().to_u8()
}

/// With two decimals, rounded half up: `1.67`.
pub(super) fn two_decimals(number: &Exact) -> String {
    let hundred = Exact::from_integer(100.into());
    let half = Exact::new(1.into(), 2.into());
    let cents = (number * hundred + half).floor().to_integer();
    let sign = if cents.is_negative() { "-" } else { "" };
    let cents = cents.abs();
    let (whole, part): (BigInt, BigInt) = (&cents / 100, &cents % 100);
    format!("{sign}{whole}.{part:0>2}", part = part.to_string())
}

/// In lowest terms and with its denominator: `5/3`, `2/1`.
pub(super) fn lowest_terms(number: &Exact) -> String {
    format!("{}/{}", number.numer(), number.denom())
}

/// The decimal text of a number that was read by [`decimal`]; other fractions are cut.
pub(super) fn text(number: &Exact) -> String {
    if number.is_integer() {
        return number.to_integer().to_string();
    }
    let mut digits = String::new();
    let mut rest = number.abs().fract();
    while !rest.is_zero() && digits.len() < MOST_DIGITS {
        rest *= Exact::from_integer(10.into());
        digits += &rest.to_integer().to_string();
        rest = rest.fract();
    }
    let sign = if number.is_negative() { "-" } else { "" };
    format!("{sign}{}.{digits}", number.abs().to_integer())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal("0.95"), ratio("19/20"));
        assert_eq!(decimal("1"), decimal("1.0"));
        assert_eq!(decimal("-1.5e2"), decimal("-150"));
        assert_eq!(decimal("25e-1"), decimal("2.5"));
        assert_eq!(decimal(".5"), decimal("0.5"));
        assert_ne!(decimal("0.1"), decimal("0.1000000000000000055511151231257827"));
        for bad in ["", "-", ".", "1e", "1.2.3", "0x1f", "NaN", "1e999", "1e99999999999"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
        assert_eq!(ratio("4/5"), decimal("0.8"));
        assert_eq!(ratio("4/0"), None);
    }

    #[test]
    fn two_decimals_round_half_up() {
        for (given, expected) in
            [("5/3", "1.67"), ("1/200", "0.01"), ("0.004", "0.00"), ("2", "2.00"), ("89.995", "90.00")]
        {
            assert_eq!(two_decimals(&ratio(given).unwrap()), expected, "{given}");
        }
        assert_eq!(lowest_terms(&ratio("4/2").unwrap()), "2/1");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(text in "-?[0-9]{1,20}(\\.[0-9]{1,20})?") {
            let number = decimal(&text).unwrap();
            prop_assert_eq!(decimal(&super::text(&number)), Some(number));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,30}") {
            let _ = ratio(&text);
        }
    }
}
