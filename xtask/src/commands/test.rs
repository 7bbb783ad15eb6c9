//! `cargo xtask test`: every check and every test, each part with how many passed and failed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde_json::Value;

use crate::checks::{self, Tally, queries};
use crate::cli::{Part, Test};
use crate::failure::{Failure, Result, While};
use crate::frontend::{self, Profile};
use crate::progress::took;
use crate::stack::postgres::{self, Database};
use crate::stack::user::User;
use crate::stack::{self, Running, ports, server};
use crate::tool::Tool;
use crate::tools::postgres::Postgres;
use crate::tools::{chromium, node};
use crate::workshop::Workshop;

const STACK: &str = "test-stack";

struct Outcome {
    part: Part,
    tally: Tally,
    time: Duration,
}

pub(crate) fn test(workshop: &Workshop, test: &Test) -> Result<ExitCode> {
    let wanted = |part: &Part| test.parts.is_empty() || test.parts.contains(part);
    let parts: Vec<Part> = Part::value_variants().iter().copied().filter(wanted).collect();
    // The renderer's engine comes from there and is compiled in.
    node::set_up(workshop)?;
    let mut outcomes = Vec::new();
    let alone = |part: &Part| matches!(part, Part::Checks | Part::Frontend);
    for part in parts.iter().copied().filter(alone) {
        outcomes.push(timed(part, || match part {
            Part::Checks => checks::run_all(workshop),
            _ => front_end(workshop),
        })?);
    }
    let on_a_stack: Vec<Part> = parts.into_iter().filter(|part| !alone(part)).collect();
    if !on_a_stack.is_empty() {
        outcomes.extend(with_stack(workshop, |running| on_stack(workshop, running, &on_a_stack))?);
    }
    Ok(summary(&outcomes))
}

/// The tests that kill workers at any moment, and no others.
pub(crate) fn chaos(workshop: &Workshop, kills: u32) -> Result<ExitCode> {
    node::set_up(workshop)?;
    let outcomes = with_stack(workshop, |running| {
        let database = running.start_database(workshop)?;
        let engines = running.start_engines(workshop, &database, None)?;
        let status = describe(workshop, running)?;
        Ok(vec![timed(Part::Rust, || {
            let tests = rust_tests(workshop, &database, &status, &engines.kustomize)?;
            count(
                tests.env("WAYMARK_KILLS", kills.to_string()).args([
                    "--package",
                    "server",
                    "--test",
                    "it",
                    "at_any_moment",
                ]),
                workshop,
            )
        })?])
    })?;
    Ok(summary(&outcomes))
}

fn timed(part: Part, run: impl FnOnce() -> Result<Tally>) -> Result<Outcome> {
    let begun = Instant::now();
    let tally = match run() {
        Ok(tally) => tally,
        Err(failure) if failure.is_interruption() => return Err(failure),
        // What could not be run has not passed.
        Err(failure) => {
            eprintln!("  ✗ {}: {failure}", name(part));
            Tally { passed: 0, failed: 1 }
        }
    };
    Ok(Outcome { part, tally, time: begun.elapsed() })
}

fn front_end(workshop: &Workshop) -> Result<Tally> {
    let site = frontend::build(workshop, Profile::Release)?;
    checks::one("size of what a first visit downloads", || checks::size_budget(&site))
}

/// A stack of its own, made for these tests and removed after them.
fn with_stack(workshop: &Workshop, work: impl FnOnce(&mut Running) -> Result<Vec<Outcome>>) -> Result<Vec<Outcome>> {
    let folder = workshop.target(STACK);
    stack::stop(workshop, &folder)?;
    stack::purge(&folder)?;
    let mut running = Running::open(workshop, &folder, Some(ports::unused_web()?))?;
    let outcome = work(&mut running);
    let ended = outcome.as_ref().map(drop).map_err(Failure::again);
    running.close(&ended)?;
    if outcome.as_ref().is_ok_and(|outcomes| outcomes.iter().all(|outcome| outcome.tally.failed == 0)) {
        stack::purge(&folder)?;
    } else {
        eprintln!("  The logs of the stack are kept in {}.", folder.join("logs").display());
    }
    outcome
}

fn on_stack(workshop: &Workshop, running: &mut Running, parts: &[Part]) -> Result<Vec<Outcome>> {
    let database = running.start_database(workshop)?;
    postgres::forget_safety(workshop, &database)?;
    let client = if parts.contains(&Part::Browser) { Some(running.start_sign_in(workshop)?) } else { None };
    let engines = running.start_engines(workshop, &database, client.as_ref())?;
    let mut outcomes = Vec::new();
    for part in parts {
        outcomes.push(timed(*part, || match (part, &client) {
            (Part::Browser, Some(client)) => {
                let waymark = running.start_pages(workshop, Profile::Release, Profile::Dev, &database, client)?;
                running.start_worker(workshop, &database, &waymark, &engines)?;
                browser(workshop, &describe(workshop, running)?)
            }
            _ => rust(workshop, &database, &describe(workshop, running)?, &engines.kustomize),
        })?);
    }
    Ok(outcomes)
}

/// Writes down where the parts of the stack are, for the tests; whoever may read the file may do everything there.
fn describe(workshop: &Workshop, running: &Running) -> Result<PathBuf> {
    let path = workshop.target("test-stack.json");
    let text = serde_json::to_vec_pretty(&running.status()?).world("write the stack's status")?;
    drop(fs::remove_file(&path));
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(&text)).world("write the stack's status")?;
    Ok(path)
}

fn rust(workshop: &Workshop, database: &Database, status: &Path, kustomize: &Path) -> Result<Tally> {
    let mut tally = checks::one("recorded queries", || queries::check(workshop, database))?;
    let waymark = server::build(workshop, Profile::Dev)?;
    postgres::migrate_template(database, |url| server::migrate(workshop, &waymark, url))?;
    let tests = rust_tests(workshop, database, status, kustomize)?.args(["--workspace", "--no-fail-fast"]);
    tally.add(count(tests, workshop)?);
    Ok(tally)
}

/// Cargo's own test command, told where the engines are.
fn rust_tests(workshop: &Workshop, database: &Database, status: &Path, kustomize: &Path) -> Result<Tool> {
    let tests = Tool::cargo(workshop)
        .args(["test", "--features", "server/failpoints"])
        .env("DATABASE_URL", &database.admin_url)
        .env("WAYMARK_STACK", status)
        .env("WAYMARK_KUSTOMIZE", kustomize)
        // One test restarts a server of its own.
        .env("WAYMARK_POSTGRES", Postgres::set_up(workshop)?.folder());
    Ok(match User::for_engines()? {
        Some(user) => tests.env("WAYMARK_POSTGRES_USER", format!("{}:{}", user.uid, user.gid)),
        None => tests,
    })
}

fn count(tests: Tool, workshop: &Workshop) -> Result<Tally> {
    let said = tests.follow(workshop)?;
    let mut tally = count_tests(&said.stdout);
    if !said.status.success() && tally.failed == 0 {
        // It did not compile, or a test program died before it could count.
        tally.add(Tally::of(false));
    }
    Ok(tally)
}

fn browser(workshop: &Workshop, status: &Path) -> Result<Tally> {
    node::set_up(workshop)?;
    let chromium = chromium::set_up(workshop)?;
    let report = workshop.target("playwright.json");
    drop(fs::remove_file(&report));
    let ended_well = Tool::new(node::bin(workshop, "playwright"))
        .args(["test", "--config", "playwright/playwright.config.ts", "--reporter=list,json"])
        .current_dir(workshop.root())
        .env("WAYMARK_STACK", status)
        .env("WAYMARK_CHROMIUM", chromium)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .watch(workshop)?;
    let text = fs::read(&report).world("read the report of the journeys")?;
    let tally = count_journeys(&serde_json::from_slice(&text).world("read the report of the journeys")?);
    Ok(if ended_well || tally.failed > 0 { tally } else { Tally { failed: 1, ..tally } })
}

/// Adds up the lines `test result: ok. 12 passed; 0 failed; …` of all test programs.
fn count_tests(stdout: &str) -> Tally {
    let number = |line: &str, word: &str| -> Option<usize> {
        line.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
    };
    let mut tally = Tally::default();
    for line in stdout.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        tally.add(Tally {
            passed: number(line, "passed").unwrap_or_default(),
            failed: number(line, "failed").unwrap_or_default(),
        });
    }
    tally
}

/// A journey that passed only when it was repeated has not passed.
fn count_journeys(report: &Value) -> Tally {
    let number = |name: &str| report["stats"][name].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    Tally { passed: number("expected"), failed: number("unexpected") + number("flaky") }
}

fn summary(outcomes: &[Outcome]) -> ExitCode {
    let mut total = Tally::default();
    println!();
    for Outcome { part, tally, time } in outcomes {
        println!("{:<10}{:>5} passed, {} failed   {}", name(*part), tally.passed, tally.failed, took(*time));
        total.add(*tally);
    }
    println!("{:<10}{:>5} passed, {} failed", "total", total.passed, total.failed);
    ExitCode::from(u8::from(total.failed > 0))
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Checks => "checks",
        Part::Frontend => "frontend",
        Part::Rust => "rust",
        Part::Browser => "browser",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_add_up() {
        let stdout = "running 2 tests\ntest a ... ok\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; \
                      finished in 0.00s\n\ntest result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured\n";
        assert_eq!(count_tests(stdout), Tally { passed: 12, failed: 3 });
        assert_eq!(count_tests("error: could not compile"), Tally::default());
    }

    #[test]
    fn a_flaky_journey_has_failed() {
        let report = serde_json::json!({ "stats": { "expected": 5, "unexpected": 1, "flaky": 2, "skipped": 4 } });
        assert_eq!(count_journeys(&report), Tally { passed: 5, failed: 3 });
    }

    #[test]
    fn any_failure_is_an_exit_code() {
        let outcome = |failed| Outcome { part: Part::Rust, tally: Tally { passed: 1, failed }, time: Duration::ZERO };
        assert_eq!(summary(&[outcome(0)]), ExitCode::SUCCESS);
        assert_eq!(summary(&[outcome(0), outcome(1)]), ExitCode::from(1));
    }
}
