//! Three values in one bar: used, reserved, limit. The figures stand beside it in words.

use leptos::prelude::*;

use super::{Badge, Tone};

/// Readings of one resource, all in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readings {
    /// Busy, on average or now; `None` when nobody measured it.
    pub used: Option<f64>,
    /// Held, whether used or not.
    pub reserved: f64,
    /// `None` when there is none.
    pub limit: Option<f64>,
}

impl Readings {
    /// Nothing more can be reserved.
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.reserved >= limit)
    }

    /// "20 of 32 cores reserved · 11 used".
    fn words(&self, unit: &str) -> String {
        let reserved = amount(self.reserved);
        let held = match self.limit {
            Some(limit) => format!("{reserved} of {} {unit} reserved", amount(limit)),
            None => format!("{reserved} {unit} reserved, no limit"),
        };
        match self.used {
            Some(used) => format!("{held} · {} used", amount(used)),
            None => format!("{held} · use not known"),
        }
    }
}

const LINE: &str = "grid grid-cols-[minmax(0,1fr)] items-center gap-x-3.5 gap-y-1 border-t border-line py-2.5 text-md \
                    first:border-t-0 first:pt-0.5 last:pb-0.5 md:grid-cols-[minmax(7rem,1fr)_minmax(0,2.2fr)_minmax(9rem,1.4fr)]";

/// One resource: solid is used, light is reserved, the end is the limit.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    readings: Readings,
    /// In the plural: "cores", "GiB", "cards".
    #[prop(into)]
    unit: String,
) -> impl IntoView {
    let end = readings.limit.unwrap_or(readings.reserved);
    let is_full = readings.is_full();
    view! {
        <div class=LINE>
            <span class="flex flex-wrap items-center gap-2">
                {label} {is_full.then(|| view! { <Badge tone=Tone::Bad word="full" /> })}
            </span>
            <Bar
                solid=share(readings.used.unwrap_or(0.0), end)
                light=share(readings.reserved, end)
                is_full=is_full
                is_unknown=readings.used.is_none()
            />
            <span class="text-sm text-ink-2 tabular-nums">{readings.words(&unit)}</span>
        </div>
    }
    .into_any()
}

/// What a plan would change: solid is now, light is what it adds, the end is the limit.
#[component]
pub fn MeterChange(
    #[prop(into)] label: String,
    before: f64,
    after: f64,
    limit: f64,
    #[prop(into)] unit: String,
) -> impl IntoView {
    let words = if before == after {
        format!("{} of {} {unit}, unchanged", amount(before), amount(limit))
    } else {
        format!("{} → {} of {} {unit}", amount(before), amount(after), amount(limit))
    };
    let is_over = after > limit;
    view! {
        <div class=LINE>
            <span class="flex flex-wrap items-center gap-2">
                {label} {is_over.then(|| view! { <Badge tone=Tone::Bad word="over" /> })}
            </span>
            <Bar
                solid=share(before.min(after), limit)
                light=share(after.max(before), limit)
                is_full=is_over
                is_unknown=false
            />
            <span class="text-sm text-ink-2 tabular-nums">{words}</span>
        </div>
    }
    .into_any()
}

/// The bar alone, for eyes; the words beside it say the same. Drawn in SVG: style attributes are forbidden.
#[component]
fn Bar(solid: String, light: String, is_full: bool, is_unknown: bool) -> impl IntoView {
    let track = if is_unknown { "hatched" } else { "bg-sunken" };
    let (solid_fill, light_fill) = if is_full { ("fill-bad", "fill-bad/45") } else { ("fill-accent", "fill-reserved") };
    view! {
        <div class=format!("h-3 overflow-hidden rounded-xs border border-line {track}")>
            <svg class="block size-full" aria-hidden="true">
                <rect class=light_fill width=light height="100%"></rect>
                <rect class=solid_fill width=solid height="100%"></rect>
            </svg>
        </div>
    }
    .into_any()
}

/// Whole numbers as such, others with one decimal.
fn amount(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// `part` of `whole` in percent, between 0 and 100.
fn share(part: f64, whole: f64) -> String {
    let percent = if whole > 0.0 && part > 0.0 { (part / whole * 100.0).min(100.0) } else { 0.0 };
    format!("{percent:.1}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_carry_all_three_values_and_say_what_is_not_known() {
        let readings = Readings { used: Some(11.0), reserved: 20.0, limit: Some(32.0) };
        assert_eq!(readings.words("cores"), "20 of 32 cores reserved · 11 used");
        assert_eq!(Readings { used: Some(2.14), ..readings }.words("cards"), "20 of 32 cards reserved · 2.1 used");
        assert_eq!(
            Readings { used: None, limit: None, ..readings }.words("GiB"),
            "20 GiB reserved, no limit · use not known"
        );
    }

    #[test]
    fn a_bar_never_leaves_its_frame() {
        for (part, whole, expected) in [
            (1.0, 4.0, "25.0%"),
            (9.0, 4.0, "100.0%"),
            (-1.0, 4.0, "0.0%"),
            (1.0, 0.0, "0.0%"),
            (f64::NAN, 1.0, "0.0%"),
        ] {
            assert_eq!(share(part, whole), expected);
        }
    }
}
