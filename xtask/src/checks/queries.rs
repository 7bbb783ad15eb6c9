//! The recorded queries in `.sqlx/` belong to the schema that the migrations make.
//!
//! The server is compiled against the record, so that nobody needs a database to build it. Here the record is made anew
//! against a database that was migrated from nothing, and compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::Findings;
use crate::failure::{Result, While};
use crate::fingerprint::files_below;
use crate::stack::postgres::{Database, psql};
use crate::tool::Tool;
use crate::tools::postgres::Postgres;
use crate::workshop::Workshop;

const RECORD: &str = ".sqlx";

/// The migrator's own table, as it makes it before the first migration; a query of ours reads it.
const BOOKKEEPING: &str = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
    execution_time BIGINT NOT NULL);\n";

/// What differs between the record and a new one.
pub(crate) fn check(workshop: &Workshop, database: &Database) -> Result<Findings> {
    let fresh = describe(workshop, database)?;
    Ok(judge(&read(&workshop.path(RECORD))?, &read(&fresh)?))
}

/// Replaces the record by a new one and answers how many queries it holds.
pub(crate) fn record(workshop: &Workshop, database: &Database) -> Result<usize> {
    let fresh = read(&describe(workshop, database)?)?;
    let folder = workshop.path(RECORD);
    fs::create_dir_all(&folder).world("make the record's folder")?;
    for name in read(&folder)?.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(name)).world(format_args!("remove {name}"))?;
    }
    for (name, content) in &fresh {
        fs::write(folder.join(name), content).world(format_args!("write {name}"))?;
    }
    Ok(fresh.len())
}

/// Compiles `backend` against a new database and answers the folder with what sqlx wrote down.
fn describe(workshop: &Workshop, database: &Database) -> Result<PathBuf> {
    let postgres = Postgres::set_up(workshop)?;
    let name = format!("waymark_queries_{}", std::process::id());
    let url = database.other(&name)?;
    psql(workshop, &postgres, &database.admin_url, &format!("CREATE DATABASE {name};"))?;
    let described =
        psql(workshop, &postgres, &url, &migrations(workshop)?).and_then(|_| compile_against(workshop, &url, &name));
    psql(workshop, &postgres, &database.admin_url, &format!("DROP DATABASE {name} WITH (FORCE);"))?;
    described
}

fn compile_against(workshop: &Workshop, url: &str, name: &str) -> Result<PathBuf> {
    let fresh = workshop.target("queries");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).world("clear the new record")?;
    }
    fs::create_dir_all(&fresh).world("make the new record's folder")?;
    // The compiler does not know that the macros read the environment; a name it never saw makes it run them again.
    Tool::cargo(workshop)
        .args(["rustc", "--package", "backend", "--lib", "--profile", "check", "--", "--cfg"])
        .arg(format!("recorded_by=\"{name}\""))
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &fresh)
        .show(workshop)?;
    Ok(fresh)
}

/// All migrations as one script, each in its own transaction unless its first line asks for none.
fn migrations(workshop: &Workshop) -> Result<String> {
    let mut script = String::from(BOOKKEEPING);
    for path in files_below(&workshop.path("migrations"))? {
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let text = fs::read_to_string(&path).world(format_args!("read {}", path.display()))?;
        script.push_str(&in_transaction(&text));
    }
    Ok(script)
}

fn in_transaction(sql: &str) -> String {
    if sql.starts_with("-- no-transaction") { format!("{sql}\n") } else { format!("BEGIN;\n{sql}\nCOMMIT;\n") }
}

fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut record = BTreeMap::new();
    for path in files_below(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            record.insert(name, fs::read(&path).world(format_args!("read {}", path.display()))?);
        }
    }
    Ok(record)
}

fn judge(recorded: &BTreeMap<String, Vec<u8>>, fresh: &BTreeMap<String, Vec<u8>>) -> Findings {
    let differs = |name: &&String| recorded.get(*name) != fresh.get(*name);
    let names: std::collections::BTreeSet<&String> = recorded.keys().chain(fresh.keys()).collect();
    let wrong: Vec<&str> = names.into_iter().filter(differs).map(String::as_str).collect();
    if wrong.is_empty() {
        return Findings::new();
    }
    vec![format!(
        "{RECORD} is not what the migrated database says ({}). Run `cargo xtask sqlx-prepare` and commit the folder.",
        wrong.join(", ")
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(queries: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        queries.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn missing_left_over_and_changed_queries_are_named() {
        let recorded = record(&[("query-a.json", "1"), ("query-b.json", "1"), ("query-c.json", "1")]);
        let fresh = record(&[("query-a.json", "1"), ("query-b.json", "2"), ("query-d.json", "1")]);
        assert_eq!(judge(&recorded, &recorded), Findings::new());
        let findings = judge(&recorded, &fresh);
        assert!(findings[0].contains("(query-b.json, query-c.json, query-d.json)"), "{findings:?}");
    }

    #[test]
    fn a_migration_may_refuse_its_transaction() {
        assert_eq!(in_transaction("SELECT 1;"), "BEGIN;\nSELECT 1;\nCOMMIT;\n");
        let concurrent = "-- no-transaction\nCREATE INDEX CONCURRENTLY x ON y (z);";
        assert_eq!(in_transaction(concurrent), format!("{concurrent}\n"));
    }
}
