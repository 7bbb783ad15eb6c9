//! Load on a page with `wrk`, and on the statement behind it with `pgbench`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result, While};
use crate::packages;
use crate::tool::Tool;
use crate::tools::on_path;
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

const SECONDS: &str = "6";

/// What a server stood. Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stood {
    pub(super) per_second: f64,
    pub(super) median: f64,
    pub(super) slowest_hundredth: f64,
}

/// Answers where `wrk` is, installing it where it is missing.
pub(super) fn wrk(workshop: &Workshop) -> Result<PathBuf> {
    if on_path("wrk").is_none() {
        packages::install(workshop, &["wrk"], "the load of this benchmark")?;
    }
    on_path("wrk").ok_or_else(|| Failure::world("wrk is still not on `PATH` after its installation."))
}

/// Asks for a page over so many connections, each again as soon as it is answered.
pub(super) fn ask(workshop: &Workshop, wrk: &Path, address: &str, cookie: &str, connections: usize) -> Result<Stood> {
    let threads = connections.min(2).to_string();
    let said = Tool::new(wrk)
        .args(["--latency", "--duration", SECONDS, "--threads", &threads, "--connections", &connections.to_string()])
        .args(["--header", &format!("cookie: {cookie}"), address])
        .quiet(workshop)?;
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        return Err(Failure::world(format!("Not every answer of {address} was a page:\n{said}")));
    }
    read_wrk(&said).ok_or_else(|| Failure::world(format!("wrk said something else than expected:\n{said}")))
}

fn read_wrk(said: &str) -> Option<Stood> {
    let after = |label: &str| said.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    Some(Stood {
        per_second: after("Requests/sec:")?.parse().ok()?,
        median: milliseconds(after("50%")?)?,
        slowest_hundredth: milliseconds(after("99%")?)?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)];
    let (number, factor) = units.into_iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.parse::<f64>().ok().map(|number| number * factor)
}

/// Runs a statement, given on one line, over so many connections; how often a second.
pub(super) fn statement(workshop: &Workshop, url: &str, script: &str, connections: usize) -> Result<f64> {
    let postgres = Postgres::set_up(workshop)?;
    let file = workshop.target("bench-statement.sql");
    fs::write(&file, format!("{script};\n")).world("write the statement")?;
    let said = Tool::new(postgres.program("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--time", SECONDS, "--client"])
        .arg(connections.to_string())
        .arg("--file")
        .arg(&file)
        .arg(url)
        .quiet(workshop)?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.ok_or_else(|| Failure::world(format!("pgbench said something else than expected:\n{said}")))
}

/// The recorded statement that has these words, with values in the place of its parameters.
pub(super) fn recorded(workshop: &Workshop, words: &str, values: &[&str]) -> Result<String> {
    for entry in fs::read_dir(workshop.path(".sqlx")).world("read the recorded statements")? {
        let text = fs::read_to_string(entry.world("read a recorded statement")?.path()).world("read a statement")?;
        let record: Value = serde_json::from_str(&text).world("understand a recorded statement")?;
        if let Some(query) = record.get("query").and_then(Value::as_str).filter(|query| query.contains(words)) {
            return Ok(filled(query, values));
        }
    }
    Err(Failure::world(format!("No recorded statement has the words \"{words}\".")))
}

/// From the last, so that the first does not take the beginning of the tenth.
fn filled(query: &str, values: &[&str]) -> String {
    let numbered = values.iter().enumerate().rev();
    let filled = numbered.fold(query.to_owned(), |query, (n, value)| query.replace(&format!("${}", n + 1), value));
    filled.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_read() {
        let said = "Running 6s test\n  Latency Distribution\n     50%  812.00us\n     75%    1.50ms\n     99%    1.20s \n\
                    Requests/sec:   2512.25\nTransfer/sec:      1.00MB\n";
        let stood = Stood { per_second: 2512.25, median: 0.812, slowest_hundredth: 1_200.0 };
        assert_eq!(read_wrk(said), Some(stood));
        assert_eq!(read_wrk("unable to connect"), None);
    }

    #[test]
    fn parameters_are_filled_from_the_last() {
        let values: Vec<String> = (1..=10).map(|n| format!("'{n}'")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        assert_eq!(filled("select $1,\n  $10", &values), "select '1', '10'");
    }
}
