//! What is checked about the source itself, each a rule of the project that no compiler knows.

mod compile;
mod dependencies;
mod file_sizes;
mod islands;
pub(crate) mod queries;
mod size_budget;
mod source;
mod wasm_tree;
mod words;

use crate::failure::{Failure, Result};
use crate::progress;
use crate::workshop::Workshop;

pub(crate) use size_budget::size_budget;

/// What one check found wrong: full sentences, none when all is well.
pub(crate) type Findings = Vec<String>;

/// A named rule.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Workshop) -> Result<Findings>,
}

/// The quick ones first, so that a mistake shows early.
pub(crate) const CHECKS: [Check; 10] = [
    Check { name: "formatting", run: compile::formatting },
    Check { name: "file sizes and names", run: file_sizes::check },
    Check { name: "pages and components without reactivity", run: islands::check },
    Check { name: "no machine's paths or hosts", run: words::check },
    Check { name: "dependency rules", run: dependencies::check },
    Check { name: "the browser's dependencies", run: wasm_tree::check },
    Check { name: "domain compiles for the browser", run: compile::domain_for_the_browser },
    Check { name: "lints", run: compile::lints },
    Check { name: "lints of the browser's half", run: compile::lints_for_the_browser },
    Check { name: "lints of the pages' half", run: compile::lints_for_the_pages },
];

/// How many passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    pub(crate) fn of(ok: bool) -> Self {
        Self { passed: usize::from(ok), failed: usize::from(!ok) }
    }
}

/// Runs every check and prints what each found.
pub(crate) fn run_all(workshop: &Workshop) -> Result<Tally> {
    let mut tally = Tally::default();
    for check in CHECKS {
        tally.add(one(check.name, || (check.run)(workshop))?);
    }
    Ok(tally)
}

/// Runs one check; a tool that fails counts as a finding, an interruption ends everything.
pub(crate) fn one(name: &str, check: impl FnOnce() -> Result<Findings>) -> Result<Tally> {
    let findings = match progress::step(name, check) {
        Ok(findings) => findings,
        Err(failure) => vec![unless_interrupted(failure)?],
    };
    for finding in &findings {
        eprintln!("  ✗ {name}: {finding}");
    }
    Ok(Tally::of(findings.is_empty()))
}

fn unless_interrupted(failure: Failure) -> Result<String> {
    if failure.is_interruption() { Err(failure) } else { Ok(failure.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_and_failures_count_and_interruptions_end_it() {
        assert_eq!(one("x", || Ok(vec![])).unwrap(), Tally { passed: 1, failed: 0 });
        assert_eq!(one("x", || Ok(vec!["a".into(), "b".into()])).unwrap(), Tally { passed: 0, failed: 1 });
        assert_eq!(one("x", || Err(Failure::world("broken"))).unwrap(), Tally { passed: 0, failed: 1 });
        assert!(one("x", || Err(Failure::interrupted())).unwrap_err().is_interruption());
    }
}
