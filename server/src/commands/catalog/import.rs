//! `waymark catalog import`: shown first where somebody looks, then taken over.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    path::{Component, Path, PathBuf},
};

use backend::{
    Db,
    audit::Actor,
    catalog::{self, Collected, Imported},
};
use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::{Findings, at_host, collected, file, preview};
use crate::commands::{Failure, database};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// YAML files in the catalog's entity format, any number of documents each, or their addresses at the Git host.
    /// Each is a source of its own; one at the Git host is read again whenever it changes.
    #[arg(value_name = "URL-OR-FILE", value_parser = from, required = true)]
    from: Vec<From>,
    /// Say what would appear, change, collide or fail, and take nothing over.
    #[arg(long, alias = "preview", conflicts_with = "yes")]
    dry_run: bool,
    /// Take over without asking. Nothing is asked either where there is no terminal, or with `--json`.
    #[arg(long)]
    yes: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Where entities are handed over from.
#[derive(Clone, Debug)]
enum From {
    File(PathBuf),
    Address(String),
}

/// Something that was read and is not taken over yet.
pub(super) struct Read {
    /// As it was given.
    pub(super) name: String,
    pub(super) what: What,
}

pub(super) enum What {
    File { origin: String, collected: Collected },
    AtHost(at_host::Read),
}

/// Sources that are handled at the same time: one is read while others are written.
pub(super) const AT_ONCE: u8 = 4;

pub(super) async fn import(import: &Import) -> Result<(), Failure> {
    let Import { from, dry_run, yes, json } = import;
    let db = database(AT_ONCE.into())?;
    let all = || stream::iter(from.iter().map(|one| read(&db, one)));
    let asks = !yes && !json && io::stdin().is_terminal() && io::stdout().is_terminal();
    if !dry_run && !asks {
        return take_over(&db, all(), *json).await;
    }
    let all: Vec<Read> = all().buffered(AT_ONCE.into()).try_collect().await?;
    let shown = preview::preview(&db, &all).await?.told(*json);
    if *dry_run {
        return shown;
    }
    match shown {
        Ok(()) => {}
        // What is wrong with one document stops none of the others.
        Err(Failure::Finding(text)) => println!("{text}"),
        Err(other) => return Err(other),
    }
    if !is_agreed(&mut io::stdin().lock(), &mut io::stderr())? {
        println!("Nothing was taken over.");
        return Ok(());
    }
    take_over(&db, stream::iter(all.into_iter().map(|read| async { Ok(read) })), *json).await
}

async fn read(db: &Db, from: &From) -> Result<Read, Failure> {
    Ok(match from {
        From::File(path) => {
            let what = What::File { origin: origin(path), collected: collected(path, None).await? };
            Read { name: path.display().to_string(), what }
        }
        From::Address(address) => Read { name: address.clone(), what: What::AtHost(at_host::read(db, address).await?) },
    })
}

/// Anything but a clear yes is a no.
fn is_agreed(input: &mut impl BufRead, output: &mut impl Write) -> Result<bool, Failure> {
    let world = |error: io::Error| Failure::World(format!("cannot ask at the terminal: {error}"));
    write!(output, "Take it over? [y/N] ").and_then(|()| output.flush()).map_err(world)?;
    let mut answer = String::new();
    input.read_line(&mut answer).map_err(world)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

async fn take_over<F: Future<Output = Result<Read, Failure>>>(
    db: &Db,
    all: impl futures::Stream<Item = F>,
    json: bool,
) -> Result<(), Failure> {
    let (mut sources, mut words, mut findings, mut origins) = (Vec::new(), Vec::new(), Findings::default(), Vec::new());
    let taken = all.map(|read| async { taken_over(db, read.await?).await });
    let mut taken = std::pin::pin!(taken.buffered(AT_ONCE.into()));
    while let Some(taken) = taken.next().await {
        let (name, origin, imported) = taken?;
        let Imported { added, changed, unchanged, orphaned, errors, warnings } = imported;
        match origin {
            Some(origin) => origins.push(origin),
            None => {
                findings.errors.extend(errors);
                findings.warnings.extend(warnings);
            }
        }
        let orphans = if orphaned == 0 { String::new() } else { format!(", {orphaned} no longer described") };
        words.push(format!("{name}: {added} added, {changed} changed, {unchanged} as they were{orphans}"));
        sources.push(json!({
            "file": name, "added": added, "changed": changed, "unchanged": unchanged, "orphaned": orphaned,
        }));
    }
    catalog::add_up_revisions(db).await?;
    // One file may name whom another brings, in whatever order they were taken over.
    let (errors, warnings) = catalog::findings(db, &origins).await?;
    findings.errors.extend(errors);
    findings.warnings.extend(warnings);
    findings.told(json, json!({ "sources": sources }), &words.join("\n"))
}

/// Its name, its origin where it is a file of this machine, and what was done.
async fn taken_over(db: &Db, Read { name, what }: Read) -> Result<(String, Option<String>, Imported), Failure> {
    Ok(match what {
        What::File { origin, collected } => {
            let imported = catalog::import(db, &Actor::System("catalog-import"), &origin, &collected).await?;
            (name, Some(origin), imported)
        }
        What::AtHost(read) => (name, None, at_host::accept(db, &read).await?),
    })
}

/// A file is called by its path as it was given, and by its folder at least: many are called `catalog-info.yaml`.
fn origin(path: &Path) -> String {
    let folder = || std::env::current_dir().ok()?.file_name().map(PathBuf::from);
    let given: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let called = if given.components().count() > 1 { given } else { folder().unwrap_or_default().join(given) };
    format!("file:{}", called.display())
}

fn from(text: &str) -> Result<From, String> {
    if text.contains("://") { Ok(From::Address(text.to_owned())) } else { file(text).map(From::File) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_two_sources() {
        for (path, called) in [
            ("services/a/catalog-info.yaml", "file:services/a/catalog-info.yaml"),
            ("./services/b/catalog-info.yaml", "file:services/b/catalog-info.yaml"),
            ("../c/catalog-info.yaml", "file:../c/catalog-info.yaml"),
            ("/srv/d/catalog-info.yaml", "file:/srv/d/catalog-info.yaml"),
            ("catalog-info.yaml", "file:server/catalog-info.yaml"),
            ("./catalog-info.yaml", "file:server/catalog-info.yaml"),
        ] {
            assert_eq!(origin(Path::new(path)), called, "{path}");
        }
    }

    #[test]
    fn only_a_clear_yes_takes_over() {
        for (answer, agreed) in [("y\n", true), ("YES\n", true), ("\n", false), ("no\n", false), ("", false)] {
            assert_eq!(is_agreed(&mut answer.as_bytes(), &mut Vec::new()).unwrap(), agreed, "{answer:?}");
        }
    }
}
