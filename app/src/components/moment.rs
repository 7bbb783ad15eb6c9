//! Points in time: how long ago or from now, with the exact time behind it.

use leptos::prelude::*;
use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

/// A time relative to `now`. Both are given: a page reads no clock.
#[component]
pub fn Moment(at: OffsetDateTime, now: OffsetDateTime) -> impl IntoView {
    view! {
        <time datetime=machine(at) title=exact(at) class="whitespace-nowrap tabular-nums">
            {relative(at, now)}
        </time>
    }
    .into_any()
}

/// "6 min ago", "in 2 h"; from a month on the date itself says more.
pub fn relative(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let distance = at - now;
    let length = distance.abs();
    if length < Duration::seconds(1) {
        return "now".to_owned();
    }
    let amount = match length {
        d if d < Duration::minutes(1) => format!("{} s", d.whole_seconds()),
        d if d < Duration::hours(1) => format!("{} min", d.whole_minutes()),
        d if d < Duration::days(1) => format!("{} h", d.whole_hours()),
        d if d < Duration::days(2) => "1 day".to_owned(),
        d if d < Duration::days(31) => format!("{} days", d.whole_days()),
        _ => return date(at),
    };
    if distance.is_negative() { format!("{amount} ago") } else { format!("in {amount}") }
}

/// "21 November 2026".
pub fn date(at: OffsetDateTime) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year]");
    at.to_offset(UtcOffset::UTC).format(form).unwrap_or_else(|_| machine(at))
}

/// "21 November 2026, 09:41:02 UTC".
fn exact(at: OffsetDateTime) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC");
    at.to_offset(UtcOffset::UTC).format(form).unwrap_or_else(|_| machine(at))
}

/// RFC 3339 in UTC. Years beyond 9999 have no such form; they are given as seconds since 1970.
fn machine(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_else(|_| at.unix_timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);

    #[test]
    fn distances_are_rounded_down_to_one_unit() {
        for (at, words) in [
            (NOW, "now"),
            (NOW - Duration::seconds(4), "4 s ago"),
            (NOW - Duration::seconds(119), "1 min ago"),
            (NOW + Duration::minutes(38), "in 38 min"),
            (NOW - Duration::minutes(119), "1 h ago"),
            (NOW + Duration::hours(47), "in 1 day"),
            (NOW - Duration::days(30), "30 days ago"),
            (NOW - Duration::days(31), "21 October 2026"),
        ] {
            assert_eq!(relative(at, NOW), words);
        }
    }

    #[test]
    fn every_form_is_in_utc() {
        let at = datetime!(2026-11-22 00:30:05 +2);
        assert_eq!(date(at), "21 November 2026");
        assert_eq!(exact(at), "21 November 2026, 22:30:05 UTC");
        assert_eq!(machine(at), "2026-11-21T22:30:05Z");
    }
}
