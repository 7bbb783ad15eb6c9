//! Numbers as people type them: plain decimals and nothing else, so that what is read is what was meant.

use serde_json::Number;

/// Longer ones are not typed, they are mistakes.
const MAX_DIGITS: usize = 30;

/// Reads a number, or says how to write it. White space around it is not looked at.
pub(crate) fn read(typed: &str, is_whole: bool) -> Result<Number, String> {
    let text = typed.trim();
    let example = if is_whole { "a whole number, such as 3" } else { "a number, such as 3 or 0.5" };
    if text.is_empty() {
        return Err(format!("Fill this in: write {example}."));
    }
    if text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()) {
        return Err(format!("Use the digits 0 to 9: write {example}."));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !fraction.is_none_or(are_digits) {
        return Err(format!("This is no plain number: write {example}, without signs, letters and gaps."));
    }
    if is_whole && fraction.is_some() {
        return Err(format!("A fraction is not possible here: write {example}."));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(format!("Leave out the zeros in front: write {example}."));
    }
    let too_large = || "This number is too large. Write a smaller one.".to_owned();
    if digits.len() > MAX_DIGITS {
        return Err(too_large());
    }
    match fraction {
        None => text.parse::<i64>().map(Number::from).map_err(|_| too_large()),
        Some(_) => text.parse().ok().and_then(Number::from_f64).ok_or_else(too_large),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_decimals_are_numbers() {
        for (typed, expected) in [("0", 0), ("8080", 8080), (" 3 ", 3), ("-7", -7), ("9223372036854775807", i64::MAX)] {
            assert_eq!(read(typed, true), Ok(expected.into()), "{typed}");
        }
        for typed in
            ["", " ", "+5", "1e3", "NaN", "Infinity", "0x10", "1_000", "1,000", "1 000", "--1", "-", ".", "1.", ".5"]
        {
            assert!(read(typed, true).is_err() && read(typed, false).is_err(), "{typed}");
        }
        for typed in ["٣", "８０８０", "1²", "Ⅷ", "3½"] {
            assert!(read(typed, true).unwrap_err().starts_with("Use the digits"), "{typed}");
        }
        assert!(read("007", true).unwrap_err().starts_with("Leave out the zeros"));
        assert!(read("1.5", true).unwrap_err().starts_with("A fraction"));
        assert_eq!(read("1.5", false), Ok(Number::from_f64(1.5).unwrap()));
        for typed in ["9223372036854775808", "99999999999999999999999999999999999999.5"] {
            assert!(read(typed, false).unwrap_err().contains("too large"), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn every_whole_number_is_read_back(number: i64) {
            prop_assert_eq!(read(&number.to_string(), true), Ok(number.into()));
            prop_assert_eq!(read(&number.to_string(), false), Ok(number.into()));
        }

        #[test]
        fn what_is_read_is_what_was_typed(typed in "\\PC{0,12}|[-+0-9.eE ]{0,12}", is_whole: bool) {
            if let Ok(number) = read(&typed, is_whole) {
                prop_assert!(typed.trim().bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'.'));
                prop_assert_eq!(number.as_f64(), typed.trim().parse::<f64>().ok());
            }
        }
    }
}
