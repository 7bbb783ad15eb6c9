//! How long `cargo xtask run` takes when everything is built and the state folder has data.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::{Budget, Row, largest, median};
use crate::failure::{Failure, Result, While};
use crate::progress;
use crate::stack::{self, ports};
use crate::workshop::Workshop;

const STATE: &str = "bench-run";
const RUNS: usize = 3;
const WARM_SECONDS: f64 = 10.0;

/// Seconds from the start to each of the two lines.
struct Run {
    pages: f64,
    cluster: f64,
}

pub(super) fn measure(workshop: &Workshop) -> Result<Vec<Row>> {
    let state = workshop.target(STATE);
    stack::stop(workshop, &state)?;
    stack::purge(&state)?;
    let outcome = measure_in(workshop, &state);
    stack::stop(workshop, &state)?;
    stack::purge(&state)?;
    outcome
}

fn measure_in(workshop: &Workshop, state: &Path) -> Result<Vec<Row>> {
    let port = ports::unused_web()?;
    progress::step("Starting once, so that everything is built", || start(state, port))?;
    let mut runs = Vec::new();
    for nth in 1..=RUNS {
        stack::stop(workshop, state)?;
        runs.push(progress::step(&format!("Start {nth} of {RUNS}"), || start(state, port))?);
    }
    let pages: Vec<f64> = runs.iter().map(|run| run.pages).collect();
    let cluster: Vec<f64> = runs.iter().map(|run| run.cluster).collect();
    let row = |what: &str, measured| Row {
        what: what.into(),
        unit: "s",
        measured,
        budget: Some(Budget::AtMost(WARM_SECONDS)),
    };
    Ok(vec![
        row("pages ready, median", median(pages)),
        row("cluster ready, slowest", largest(&cluster)),
        row("cluster ready, median", median(cluster)),
    ])
}

fn start(state: &Path, port: u16) -> Result<Run> {
    let begun = Instant::now();
    let mut command = Command::new("/proc/self/exe");
    command.args(["run", "--detach", "--port", &port.to_string(), "--state"]).arg(state);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().world("start a stack")?;
    let (mut pages, mut cluster) = (None, None);
    for line in child.stdout.take().map(|out| BufReader::new(out).lines()).into_iter().flatten() {
        let line = line.world("read what the stack says")?;
        if line == "ready cluster" {
            cluster = Some(begun.elapsed().as_secs_f64());
        } else if line.starts_with("ready ") {
            pages = Some(begun.elapsed().as_secs_f64());
        }
    }
    child.wait().world("wait for the stack's start")?;
    match (pages, cluster) {
        (Some(pages), Some(cluster)) => Ok(Run { pages, cluster }),
        _ => Err(Failure::world("The stack did not become ready; its own words stand above.")),
    }
}
