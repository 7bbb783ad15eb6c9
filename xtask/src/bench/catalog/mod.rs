//! The catalog with many entities: its import, its pages, and the statements behind them beside the bare database.

mod load;
mod organisation;
mod sign_in;

use std::path::{Path, PathBuf};
use std::time::Instant;

use self::load::Stood;
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
const CONNECTIONS: usize = 16;
/// Whose pages are asked for: a member of one team.
const LOGIN: &str = "developer";
/// The list of readers of that account, as the statements take it. What follows a colon is a variable to `pgbench`.
const READERS: &str = "array['everybody', 'group' || chr(58) || 'default/payments']::text[]";

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

struct Measured<'a> {
    workshop: &'a Workshop,
    wrk: &'a Path,
    web: String,
    cookie: String,
    database: &'a Database,
}

fn on_stack(workshop: &Workshop, running: &mut Running, site: &Site, waymark: &Path, wrk: &Path) -> Result<Vec<Row>> {
    let database = running.start_database(workshop)?;
    let client = running.start_sign_in(workshop)?;
    server::migrate(workshop, waymark, &database.url)?;
    server::import_demo(workshop, waymark, &database.url)?;
    let files = workshop.target("bench-organisation");
    let mut rows = vec![import(workshop, waymark, &database, organisation::write(&files, 0, MANY)?)?];
    let ports = running.stack.ports.clone();
    let secret = &running.stack.secrets.webhook;
    let env = server::serve_env(&ports, &database, &client, &site.folder, None, secret, |_| None);
    let serve = Serve::start(waymark, &env)?;
    serve.until_ready(&server::ready_address(ports.serve_ops))?;
    let web = server::public_url(&ports);
    let cookie = sign_in::cookie(&web, LOGIN)?;
    let measured = Measured { workshop, wrk, web, cookie, database: &database };
    rows.extend(measured.many()?);
    rows.push(row("resident memory after it", "MiB", serve.resident_mebibytes()?, None));
    let few = measured.medians()?;
    import(workshop, waymark, &database, organisation::write(&files, MANY, VERY_MANY - MANY)?)?;
    for ((what, before), (_, after)) in few.into_iter().zip(measured.medians()?) {
        rows.push(row(&format!("{what}: {VERY_MANY} beside {MANY}"), "×", after / before, Some(Budget::AtMost(2.0))));
    }
    Ok(rows)
}

fn row(what: &str, unit: &'static str, measured: f64, budget: Option<Budget>) -> Row {
    Row { what: what.into(), unit, measured, budget }
}

fn import(workshop: &Workshop, waymark: &Path, database: &Database, files: Vec<PathBuf>) -> Result<Row> {
    let begun = Instant::now();
    progress::step(&format!("Importing {} files", files.len()), || {
        server::import(workshop, waymark, &database.url, &files)
    })?;
    let what = format!("import of {} files until visible", files.len());
    Ok(row(&what, "s", begun.elapsed().as_secs_f64(), Some(Budget::AtMost(3.0))))
}

impl Measured<'_> {
    fn ask(&self, path: &str, connections: usize) -> Result<Stood> {
        let address = format!("{}{path}", self.web);
        progress::step(&format!("Asking for {path} over {connections} connections"), || {
            load::ask(self.workshop, self.wrk, &address, &self.cookie, connections)
        })
    }

    fn many(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (what, path, least) in [
            ("list of 20", LIST, Some(2_500.0)),
            ("list of 20 as a page", "/catalog", None),
            ("full text", SEARCH, Some(2_000.0)),
            ("full text as a page", "/search?q=payment", None),
        ] {
            let stood = self.ask(path, CONNECTIONS)?;
            rows.push(row(what, "/s", stood.per_second, least.map(Budget::AtLeast)));
            let most = (path == LIST).then_some(Budget::AtMost(20.0));
            rows.push(row(&format!("{what}: slowest hundredth"), "ms", stood.slowest_hundredth, most));
        }
        rows.extend(self.beside_the_database()?);
        for (what, path, most) in
            [("facets", FACETS, 10.0), ("entity's page", &page(), 5.0), ("graph of 2000", GRAPH, 300.0)]
        {
            let stood = self.ask(path, 1)?;
            rows.push(row(&format!("{what}: median"), "ms", stood.median, Some(Budget::AtMost(most))));
        }
        Ok(rows)
    }

    /// The same statements without the server, which adds the session, the rights and the answer itself.
    fn beside_the_database(&self) -> Result<Vec<Row>> {
        let keys = load::recorded(self.workshop, "with placed as", &KEYS)?;
        let ids = format!("array(select entity_id from ({keys}) as keys)");
        let list = load::recorded(self.workshop, "as wanted (id, place)", &[&ids, READERS, "true", "true"])?;
        let bare = progress::step("Asking the database alone for a list of 20", || {
            load::statement(self.workshop, &self.database.url, &list, CONNECTIONS)
        })?;
        let stood = self.ask(LIST, CONNECTIONS)?;
        Ok(vec![
            row("list of 20 by the database alone", "/s", bare, None),
            row("list of 20 beside it", "×", stood.per_second / bare, None),
        ])
    }

    fn medians(&self) -> Result<Vec<(&'static str, f64)>> {
        [("list of 20", LIST.to_owned()), ("full text", SEARCH.to_owned()), ("entity's page", page())]
            .into_iter()
            .map(|(what, path)| Ok((what, self.ask(&path, 1)?.median)))
            .collect()
    }
}

/// What the statement of a list of 20 in the order of references is given.
const KEYS: [&str; 12] =
    [READERS, "'reference'", "''", "null", "''", "null", "null", "null", "null", "true", "21", "0"];
const LIST: &str = "/api/catalog/entities?limit=20";
const SEARCH: &str = "/api/catalog/entities/by-query?limit=20&fullTextFilterTerm=forecast-gateway";
const FACETS: &str = "/api/catalog/entity-facets?facet=kind";
const GRAPH: &str = "/catalog/resource/default/hub/graph";

fn page() -> String {
    format!("/catalog/component/default/{}", organisation::component(4_200))
}
