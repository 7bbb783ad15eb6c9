//! Postgres's own programs, for a private cluster. The machine's own clusters are never touched.

use std::fs;
use std::path::{Path, PathBuf};

use super::on_path;
use crate::failure::{Failure, Result};
use crate::packages;
use crate::tool::Tool;
use crate::workshop::Workshop;

const OLDEST: u32 = 15;

/// A folder with `initdb`, `postgres`, `psql` and `pg_isready` of one version.
#[derive(Clone, Debug)]
pub(crate) struct Postgres {
    bin: PathBuf,
    major: u32,
}

impl Postgres {
    /// Finds Postgres 15 or newer, installing Debian's where there is none.
    pub(crate) fn set_up(workshop: &Workshop) -> Result<Self> {
        if let Some(found) = Self::find(workshop)? {
            return Ok(found);
        }
        packages::install(workshop, &["postgresql"], "the local database")?;
        Self::find(workshop)?.ok_or_else(|| {
            Failure::world(format!(
                "No Postgres {OLDEST} or newer was found. Install one, or set `DATABASE_URL` to a database that exists."
            ))
        })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// The folder of its programs.
    pub(crate) fn folder(&self) -> &Path {
        &self.bin
    }

    pub(crate) fn major(&self) -> u32 {
        self.major
    }

    /// The newest of Debian's versioned folders and the one on `PATH`.
    fn find(workshop: &Workshop) -> Result<Option<Self>> {
        let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
            .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
            .unwrap_or_default();
        folders.extend(on_path("postgres").and_then(|program| program.parent().map(Path::to_owned)));
        let mut found = Vec::new();
        for bin in folders {
            if !["initdb", "postgres", "psql", "pg_isready"].iter().all(|program| bin.join(program).is_file()) {
                continue;
            }
            let said = Tool::new(bin.join("postgres")).arg("--version").quiet(workshop)?;
            found.extend(parse_major(&said).map(|major| Self { bin, major }));
        }
        Ok(found.into_iter().filter(|postgres| postgres.major >= OLDEST).max_by_key(|postgres| postgres.major))
    }
}

fn parse_major(said: &str) -> Option<u32> {
    let version = said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_form() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_major("postgres"), None);
    }
}
