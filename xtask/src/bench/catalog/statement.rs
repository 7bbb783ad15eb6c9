//! The product's own statements, run by `pgbench` on the same database.

use std::fs;

use serde_json::Value;

use crate::failure::{Failure, Result, While};
use crate::tool::Tool;
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

const SECONDS: &str = "6";

/// Runs a statement, given on one line, over so many connections; how often a second.
pub(super) fn rate(
    workshop: &Workshop,
    postgres: &Postgres,
    url: &str,
    script: &str,
    connections: usize,
) -> Result<f64> {
    let file = workshop.target("bench-statement.sql");
    fs::write(&file, format!("{script};\n")).world("write the statement")?;
    let said = Tool::new(postgres.program("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--time", SECONDS, "--client"])
        .arg(connections.to_string())
        .args(["--jobs", &connections.min(2).to_string()])
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
            let filled = filled(query, values);
            let is_whole = !filled.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let unlike = || Failure::world(format!("The statement with \"{words}\" takes other parameters by now."));
            return is_whole.then_some(filled).ok_or_else(unlike);
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
    fn parameters_are_filled_from_the_last() {
        let values: Vec<String> = (1..=10).map(|n| format!("'{n}'")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        assert_eq!(filled("select $1,\n  $10", &values), "select '1', '10'");
    }
}
