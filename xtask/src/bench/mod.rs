//! What is measured, beside what was promised. A benchmark tells; it never fails because a machine is slow.

mod catalog;
mod serve;
mod start;
mod warm_run;

use clap::ValueEnum;

use crate::failure::Result;
use crate::workshop::Workshop;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// A release build of `serve`: from its start to ready, its memory at rest, its size
    Start,
    /// `cargo xtask run` when everything is built
    WarmRun,
    /// The catalog with 10,000 and 100,000 entities: its import, its pages, and the statements behind them alone
    Catalog,
}

/// One figure and its budget, both in the same unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) measured: f64,
    /// None where nothing was promised.
    pub(crate) budget: Option<Budget>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Budget {
    AtMost(f64),
    AtLeast(f64),
}

impl Bench {
    pub(crate) fn measure(self, workshop: &Workshop) -> Result<Vec<Row>> {
        match self {
            Self::Start => start::measure(workshop),
            Self::WarmRun => warm_run::measure(workshop),
            Self::Catalog => catalog::measure(workshop),
        }
    }
}

/// The rows as people read them, with what share of the budget was used.
pub(crate) fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default();
    rows.iter().map(|row| line(row, width)).collect()
}

fn line(row: &Row, width: usize) -> String {
    let Row { what, unit, measured, budget } = row;
    let promise = match *budget {
        Some(Budget::AtMost(most)) => promise(*measured <= most, "", most, unit, *measured),
        Some(Budget::AtLeast(least)) => promise(*measured >= least, "at least ", least, unit, *measured),
        None => String::new(),
    };
    format!("  {what:<width$}  {measured:>9.2} {unit}{promise}\n")
}

fn promise(is_kept: bool, words: &str, budget: f64, unit: &str, measured: f64) -> String {
    let verdict = if is_kept { "within" } else { "MISSED" };
    format!("   {verdict} {words}{budget:.2} {unit} ({:.0} %)", 100.0 * measured / budget)
}

/// The middle of the sorted figures; of two middle ones the upper.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn largest(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::NAN, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_its_budget() {
        let row = |what: &str, measured, budget| Row { what: what.into(), unit: "s", measured, budget };
        let table = table(&[
            row("ready", 0.15, Some(Budget::AtMost(0.3))),
            row("too slow", 0.6, Some(Budget::AtMost(0.3))),
            row("size", 4.0, None),
            row("rate", 4.0, Some(Budget::AtLeast(2.0))),
        ]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "  ready          0.15 s   within 0.30 s (50 %)");
        assert_eq!(lines[1], "  too slow       0.60 s   MISSED 0.30 s (200 %)");
        assert_eq!(lines[2], "  size           4.00 s");
        assert_eq!(lines[3], "  rate           4.00 s   within at least 2.00 s (200 %)");
    }

    #[test]
    fn median_and_largest() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((largest(&[1.0, 3.0, 2.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(vec![]).is_nan());
    }
}
