//! Points in time and lengths of time, as documents write them.

use time::{
    Date, Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description,
};

/// Longer spans are a slip of the pen, and sums with them would leave the calendar.
const MOST_DAYS: i64 = 36_500;

/// RFC 3339; a date without a time is its first instant in UTC.
pub fn moment(text: &str) -> Option<OffsetDateTime> {
    if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Some(date.midnight().assume_utc());
    }
    OffsetDateTime::parse(text, &Rfc3339).ok().and_then(|at| at.checked_to_offset(UtcOffset::UTC))
}

/// `90s`, `30m`, `72h`, `7d` or `2w`.
pub(super) fn span(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| (0..=MOST_DAYS * 86_400).contains(count))?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let span = Duration::seconds(count.checked_mul(seconds)?);
    (span <= Duration::days(MOST_DAYS)).then_some(span)
}

/// RFC 3339 in UTC.
pub(super) fn written(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn moments_and_dates() {
        assert_eq!(moment("2026-05-01"), Some(datetime!(2026-05-01 00:00 UTC)));
        assert_eq!(moment("2026-05-01T02:00:00+02:00"), Some(datetime!(2026-05-01 00:00 UTC)));
        assert_eq!(written(datetime!(2026-05-01 02:00 +02:00)), "2026-05-01T00:00:00Z");
        for bad in ["", "2026-13-01", "1 May", "2026-05-01 10:00"] {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans() {
        assert_eq!(span("72h"), Some(Duration::days(3)));
        assert_eq!(span("7d"), span("1w"));
        assert_eq!(span("0s"), Some(Duration::ZERO));
        for bad in ["", "h", "1", "-1h", "1.5h", "1y", "99999999999999999999d", "36501d", "1µ"] {
            assert_eq!(span(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,20}") {
            let _ = (moment(&text), span(&text));
        }
    }
}
