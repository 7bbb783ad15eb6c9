//! How soon a release build of `serve` is ready with the database up, and how much memory it takes at rest.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::serve::Serve;
use super::{Budget, Row, largest, median};
use crate::failure::{Failure, Result, While};
use crate::frontend::{self, Profile, Site};
use crate::progress;
use crate::stack::{self, Running, ports, server};
use crate::workshop::Workshop;

const STACK: &str = "bench-stack";
const STARTS: usize = 20;
const READY_SECONDS: f64 = 0.3;
const IDLE_MEBIBYTES: f64 = 60.0;
/// The start is over and nothing was asked for this long.
const REST: Duration = Duration::from_secs(5);

pub(super) fn measure(workshop: &Workshop) -> Result<Vec<Row>> {
    let site = frontend::build(workshop, Profile::Release)?;
    let waymark = server::build(workshop, Profile::Release)?;
    let folder = workshop.target(STACK);
    stack::stop(workshop, &folder)?;
    stack::purge(&folder)?;
    let mut running = Running::open(workshop, &folder, Some(ports::unused_web()?))?;
    let rows = on_stack(workshop, &mut running, &site, &waymark);
    running.close(&rows.as_ref().map(drop).map_err(Failure::again))?;
    stack::purge(&folder)?;
    rows
}

fn on_stack(workshop: &Workshop, running: &mut Running, site: &Site, waymark: &Path) -> Result<Vec<Row>> {
    let database = running.start_database(workshop)?;
    let client = running.start_sign_in(workshop)?;
    server::migrate(workshop, waymark, &database.url)?;
    server::import_demo(workshop, waymark, &database.url)?;
    let ports = running.stack.ports.clone();
    let secret = &running.stack.secrets.webhook;
    let env = server::serve_env(&ports, &database, &client, &site.folder, None, secret, |_| None);
    let ready = server::ready_address(ports.serve_ops);
    let mut seconds = Vec::new();
    let mut memory = Vec::new();
    progress::step(&format!("Starting `serve` {STARTS} times"), || {
        for nth in 1..=STARTS {
            workshop.interrupt.check()?;
            let begun = Instant::now();
            let serve = Serve::start(waymark, &env)?;
            serve.until_ready(&ready)?;
            seconds.push(begun.elapsed().as_secs_f64());
            if nth == STARTS {
                std::thread::sleep(REST);
                memory.push(serve.resident_mebibytes()?);
            }
        }
        Ok(())
    })?;
    let size = fs::metadata(waymark).world("read the program's size")?.len();
    let row = |what: &str, unit, measured, budget| Row { what: what.into(), unit, measured, budget };
    Ok(vec![
        row("ready after its start, slowest", "s", largest(&seconds), Some(Budget::AtMost(READY_SECONDS))),
        row("ready after its start, median", "s", median(seconds), Some(Budget::AtMost(READY_SECONDS))),
        row("resident memory at rest", "MiB", largest(&memory), Some(Budget::AtMost(IDLE_MEBIBYTES))),
        row("size of the program", "MB", megabytes(size), None),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
