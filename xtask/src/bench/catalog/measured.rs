//! Rates under load, and how long one answer takes.

use std::path::Path;

use super::load::{self, Stood};
use super::questions::{self, FACETS, GRAPH, LIST, LIST_PAGE, SEARCH, SEARCH_PAGE};
use super::row;
use super::sign_in::SignedIn;
use super::statement::{self, recorded};
use crate::bench::{Budget, Row, median};
use crate::failure::Result;
use crate::progress;
use crate::stack::postgres::{self, Database};
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

const CONNECTIONS: usize = 16;
/// So often each answer is worked out for a median.
const TIMES: usize = 25;
/// As after any change of the catalog: nothing that is kept answers any more.
const CHANGED: &str = "insert into catalog_revision default values;";
/// The list of readers of the account, as the statements take it. What follows a colon is a variable to `pgbench`.
const READERS: &str = "array['everybody', 'group' || chr(58) || 'default/payments']::text[]";
const TEAMS: &str = "array['group' || chr(58) || 'default/payments']::text[]";
/// What the statement of a list of 20 in the order of references is given; the last is what is looked for.
const KEYS: [&str; 12] =
    [READERS, "'reference'", "''", "null", "''", "null", "null", "null", "null", "true", "21", "0"];

pub(super) struct Measured<'a> {
    workshop: &'a Workshop,
    wrk: &'a Path,
    person: &'a SignedIn,
    database: &'a Database,
    postgres: Postgres,
}

/// One answer that is worked out, in milliseconds.
pub(super) struct Median {
    pub(super) what: &'static str,
    pub(super) median: f64,
    most: Option<f64>,
    /// Ten times the entities may take no more than twice the time.
    pub(super) is_paged: bool,
}

/// What is asked for under load.
struct Asked {
    what: &'static str,
    /// One address, whose answer is kept.
    kept: String,
    /// Many, each of which is worked out.
    anew: Vec<String>,
    least: Option<f64>,
    /// Of the slowest hundredth.
    most: Option<f64>,
    /// The same statements in one, where it stands for all that is asked of the database.
    statement: Option<String>,
}

impl<'a> Measured<'a> {
    pub(super) fn new(
        workshop: &'a Workshop,
        wrk: &'a Path,
        person: &'a SignedIn,
        database: &'a Database,
    ) -> Result<Self> {
        Ok(Self { workshop, wrk, person, database, postgres: Postgres::set_up(workshop)? })
    }

    pub(super) fn rates(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for asked in self.questions()? {
            rows.extend(self.rate(&asked)?);
        }
        Ok(rows)
    }

    fn rate(&self, asked: &Asked) -> Result<Vec<Row>> {
        let Asked { what, kept, anew, least, most, statement } = asked;
        let mut rows = Vec::new();
        let stood = [("kept", std::slice::from_ref(kept)), ("worked out", anew.as_slice())]
            .map(|(how, paths)| (how, self.load(paths)));
        let mut rate = 0.0;
        for (how, stood) in stood {
            let stood = stood?;
            rate = stood.per_second;
            rows.push(row(&format!("{what}, {how}"), "/s", rate, least.map(Budget::AtLeast)));
            let slow = format!("{what}, {how}: slowest hundredth");
            rows.push(row(&slow, "ms", stood.slowest_hundredth, most.map(Budget::AtMost)));
        }
        if let Some(statement) = statement {
            let bare = self.bare(what, statement, CONNECTIONS)?;
            rows.push(row(&format!("{what}, by the database alone"), "/s", bare, None));
            rows.push(row(&format!("{what}, worked out beside the database alone"), "×", rate / bare, None));
        }
        Ok(rows)
    }

    fn load(&self, paths: &[String]) -> Result<Stood> {
        let first = paths.first().map(String::as_str).unwrap_or_default();
        let more = if paths.len() > 1 { format!(" and {} like it", paths.len() - 1) } else { String::new() };
        progress::step(&format!("Asking for {first}{more} over {CONNECTIONS} connections"), || {
            load::ask(self.workshop, self.wrk, self.person, paths, CONNECTIONS)
        })
    }

    fn bare(&self, what: &str, statement: &str, connections: usize) -> Result<f64> {
        progress::step(&format!("Asking the database alone: {what}"), || {
            statement::rate(self.workshop, &self.postgres, &self.database.url, statement, connections)
        })
    }

    fn questions(&self) -> Result<Vec<Asked>> {
        let asked = |what, kept: &str, anew, least, most, statement| Asked {
            what,
            kept: kept.to_owned(),
            anew,
            least,
            most,
            statement,
        };
        Ok(vec![
            asked("list of 20", LIST, questions::again(LIST), Some(2_500.0), Some(20.0), Some(self.list("null")?)),
            asked("list of 20 as a page", LIST_PAGE, questions::list_pages(), None, None, None),
            asked(
                "full text",
                SEARCH,
                questions::again(SEARCH),
                Some(2_000.0),
                None,
                Some(self.list("'forecast-gateway'")?),
            ),
            asked(
                "search as a page",
                SEARCH_PAGE,
                questions::searches("/search?q=", "+"),
                None,
                None,
                Some(self.search()?),
            ),
            asked("facets", FACETS, questions::again(FACETS), None, None, Some(self.facets()?)),
        ])
    }

    /// The entities of a page of the API, among whose names something is looked for.
    fn list(&self, among: &str) -> Result<String> {
        let keys: Vec<&str> = KEYS.into_iter().chain([among]).collect();
        let ids =
            format!("array(select entity_id from ({}) as keys)", recorded(self.workshop, "with placed as", &keys)?);
        recorded(self.workshop, "as wanted (id, place)", &[&ids, READERS, "true", "true"])
    }

    fn search(&self) -> Result<String> {
        let words = "'forecast' || chr(58) || '* & gateway' || chr(58) || '*'";
        let found = recorded(self.workshop, "with asked as", &[READERS, words, "'forecast gateway'", "20"])?;
        let ids = format!("array({found})");
        recorded(self.workshop, "order by array_position($1, entity_id)", &[&ids, READERS])
    }

    fn facets(&self) -> Result<String> {
        recorded(self.workshop, "jsonb_array_elements_text(s.fields -> path)", &[READERS, "null", "array['kind']"])
    }

    /// All facets that the page of the list shows, with nothing chosen.
    fn all_facets(&self) -> Result<String> {
        let none = "null";
        let kinds = "array['group', 'location', 'user']";
        let values = [READERS, none, none, none, none, none, none, "300", TEAMS, none, kinds, none, "false"];
        recorded(self.workshop, "with domains as", &values)
    }

    /// What each takes while nothing else is asked.
    pub(super) fn medians(&self) -> Result<Vec<Median>> {
        let page = questions::page();
        let asked = [
            ("list of 20", LIST, None, true),
            ("full text", SEARCH, None, true),
            ("facets", FACETS, Some(10.0), false),
            ("list of 20 as a page", LIST_PAGE, None, false),
            ("entity's page", page.as_str(), Some(5.0), true),
            ("graph of 2000", GRAPH, Some(300.0), false),
        ];
        let mut medians = Vec::new();
        for (what, path, most, is_paged) in asked {
            medians.push(Median { what, median: self.median(path)?, most, is_paged });
        }
        let all = 1_000.0 / self.bare("all facets of the page", &self.all_facets()?, 1)?;
        medians.push(Median {
            what: "all facets of the page, by the database alone",
            median: all,
            most: None,
            is_paged: false,
        });
        Ok(medians)
    }

    pub(super) fn budgeted(&self, medians: &[Median]) -> Vec<Row> {
        let told = |one: &Median| {
            row(&format!("{}, worked out: median", one.what), "ms", one.median, one.most.map(Budget::AtMost))
        };
        medians.iter().map(told).collect()
    }

    fn median(&self, path: &str) -> Result<f64> {
        progress::step(&format!("Asking for {path} {TIMES} times, with a change before each"), || {
            let mut times = Vec::new();
            for _ in 0..TIMES {
                postgres::psql(self.workshop, &self.postgres, &self.database.url, CHANGED)?;
                times.push(self.person.ask(path)?.1);
            }
            Ok(median(times))
        })
    }
}
