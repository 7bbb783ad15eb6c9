//! The catalog with many entities: its import, its pages, and the statements behind them beside the bare database.

mod load;
mod measured;
mod organisation;
mod questions;
mod sign_in;
mod statement;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::measured::Measured;
use self::sign_in::{SignedIn, sign_in};
use super::serve::Serve;
use super::{Budget, Row};
use crate::failure::{Failure, Result};
use crate::frontend::{self, Profile, Site};
use crate::progress;
use crate::stack::postgres::Database;
use crate::stack::{self, Running, ports, server};
use crate::workshop::Workshop;

const STACK: &str = "bench-catalog";
const MANY: usize = 10_000;
const VERY_MANY: usize = 100_000;
const IMPORT_SECONDS: f64 = 3.0;
const IDLE_MEBIBYTES: f64 = 60.0;
/// Nothing was asked for this long.
const REST: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);
/// Whose pages are asked for: a member of one team.
const LOGIN: &str = "developer";

pub(super) fn measure(workshop: &Workshop) -> Result<Vec<Row>> {
    let wrk = load::wrk(workshop)?;
    let site = frontend::build(workshop, Profile::Release)?;
    let waymark = server::build(workshop, Profile::Release)?;
    let folder = workshop.target(STACK);
    stack::stop(workshop, &folder)?;
    stack::purge(&folder)?;
    let mut running = Running::open(workshop, &folder, Some(ports::unused_web()?))?;
    let rows = on_stack(workshop, &mut running, &site, &waymark, &wrk);
    running.close(&rows.as_ref().map(drop).map_err(Failure::again))?;
    stack::purge(&folder)?;
    rows
}

fn on_stack(workshop: &Workshop, running: &mut Running, site: &Site, waymark: &Path, wrk: &Path) -> Result<Vec<Row>> {
    let database = running.start_database(workshop)?;
    let client = running.start_sign_in(workshop)?;
    server::migrate(workshop, waymark, &database.url)?;
    server::import_demo(workshop, waymark, &database.url)?;
    let ports = running.stack.ports.clone();
    let secret = &running.stack.secrets.webhook;
    let env = server::serve_env(&ports, &database, &client, &site.folder, None, secret, |_| None);
    let serve = Serve::start(waymark, &env)?;
    serve.until_ready(&server::ready_address(ports.serve_ops))?;
    let person = sign_in(server::public_url(&ports), LOGIN)?;
    let import = Import { workshop, waymark, database: &database, person: &person };
    let mut rows = vec![import.until_visible(0, MANY, Some(Budget::AtMost(IMPORT_SECONDS)))?];
    let memory = |when: &str| {
        std::thread::sleep(REST);
        Ok(row(
            &format!("resident memory {when}"),
            "MiB",
            serve.resident_mebibytes()?,
            Some(Budget::AtMost(IDLE_MEBIBYTES)),
        ))
    };
    rows.push(memory("at rest, before any load")?);
    let measured = Measured::new(workshop, wrk, &person, &database)?;
    rows.extend(measured.rates()?);
    rows.push(memory("at rest, after it")?);
    let few = measured.medians()?;
    rows.extend(measured.budgeted(&few));
    rows.push(import.until_visible(MANY, VERY_MANY - MANY, None)?);
    for (before, after) in few.into_iter().zip(measured.medians()?) {
        let what = format!("{}: {VERY_MANY} beside {MANY}", after.what);
        let budget = after.is_paged.then_some(Budget::AtMost(2.0));
        rows.push(row(&format!("{}, with {VERY_MANY}", after.what), "ms", after.median, None));
        rows.push(row(&what, "×", after.median / before.median, budget));
    }
    Ok(rows)
}

fn row(what: &str, unit: &'static str, measured: f64, budget: Option<Budget>) -> Row {
    Row { what: what.into(), unit, measured, budget }
}

struct Import<'a> {
    workshop: &'a Workshop,
    waymark: &'a Path,
    database: &'a Database,
    person: &'a SignedIn,
}

impl Import<'_> {
    /// Until the first answer of the list that holds the last entity.
    fn until_visible(&self, first: usize, count: usize, budget: Option<Budget>) -> Result<Row> {
        let files: Vec<PathBuf> = organisation::write(&self.workshop.target("bench-organisation"), first, count)?;
        let what = format!("import of {count} entities in {} files until visible", files.len());
        let last = organisation::name(first + count - 1);
        let begun = Instant::now();
        progress::step(&format!("Importing {} files", files.len()), || {
            server::import(self.workshop, self.waymark, &self.database.url, &files)?;
            let list = format!("/api/catalog/entities?filter=metadata.name={last}");
            while !self.person.ask(&list)?.0.contains(&last) {
                if begun.elapsed() > PATIENCE.max(Duration::from_millis(10 * count as u64)) {
                    return Err(Failure::world(format!("{last} was imported and is not in the list.")));
                }
            }
            Ok(())
        })?;
        Ok(row(&what, "s", begun.elapsed().as_secs_f64(), budget))
    }
}
