//! Entities from files. A document that is broken stops none of the others; what is wrong is kept beside the source, for
//! those who can mend it.

mod circles;
mod findings;
mod preview;
mod store;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    catalog::{
        EntityRef,
        descriptor::{Described, Descriptor, Finding as Judged, Reading, together},
    },
    golden_paths::{Finding, Place},
};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::{
    Db, Result,
    audit::{self, Actor, Record},
    catalog::{docs, former, readers, reading::Collected},
};
pub use findings::findings;
pub(super) use preview::preview;
pub use preview::{Fate as PreviewFate, Preview, PreviewDocument, previews};
use store::{Fate, Given};

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Entities that the source described before and does not any more. They stay, and are marked.
    pub orphaned: usize,
    /// What was not taken over, and why.
    pub errors: Vec<Finding>,
    /// What was taken over, and should be looked at.
    pub warnings: Vec<Finding>,
}

impl Imported {
    /// What another source brought at the same time.
    pub(super) fn add(&mut self, other: Self) {
        let Self { added, changed, unchanged, orphaned, errors, warnings } = other;
        self.added += added;
        self.changed += changed;
        self.unchanged += unchanged;
        self.orphaned += orphaned;
        self.errors.extend(errors);
        self.warnings.extend(warnings);
    }
}

/// Takes over what the files of a source describe. What another origin holds stays as it is.
pub async fn import(db: &Db, actor: &Actor, origin: &str, collected: &Collected) -> Result<Imported> {
    let mut tx = db.pool.begin().await?;
    let imported = take_over(&mut tx, origin, collected).await?;
    if imported.added + imported.changed + imported.orphaned == 0 {
        tx.commit().await?;
        return Ok(imported);
    }
    let Imported { added, changed, orphaned, .. } = imported;
    let detail = json!({ "added": added, "changed": changed, "orphaned": orphaned });
    audit::commit(tx, Record { actor, action: "catalog.import", target: origin.to_owned(), detail }).await?;
    Ok(imported)
}

/// The same as a part of a larger change.
pub(super) async fn take_over(
    tx: &mut Transaction<'_, Postgres>,
    origin: &str,
    collected: &Collected,
) -> Result<Imported> {
    let readings = readings(collected);
    let Taken { fates, judged, orphaned } = taken_over(tx, origin, collected, &readings).await?;
    if let Some(docs) = &collected.docs {
        docs::keep(tx, origin, docs).await?;
    }
    let mut imported = Imported { orphaned, ..Imported::default() };
    for (_, fate) in fates {
        match fate {
            Fate::Added => imported.added += 1,
            Fate::Changed => imported.changed += 1,
            Fate::Unchanged => imported.unchanged += 1,
            Fate::TakenBy(_) => {}
        }
    }
    for (file, finding) in judged {
        let list = if finding.is_error() { &mut imported.errors } else { &mut imported.warnings };
        let place = Place { line: finding.line, column: finding.column };
        list.push(Finding::new(file, place, &finding.rule, finding.message));
    }
    Ok(imported)
}

/// A file by its name, and what stands in it.
type FileReading<'a> = (&'a str, Arc<Reading>);

/// What became of each entity, and what is wrong with their files.
struct Taken<'a> {
    fates: Vec<(Given<'a>, Fate)>,
    judged: Vec<(&'a str, Judged)>,
    orphaned: usize,
}

async fn taken_over<'a>(
    tx: &mut Transaction<'_, Postgres>,
    origin: &str,
    collected: &'a Collected,
    readings: &'a [FileReading<'a>],
) -> Result<Taken<'a>> {
    let source = store::open(tx, origin).await?;
    let restricts = described(readings).any(|described| readers::restricts(&described.descriptor.document));
    readers::lock(tx, restricts).await?;
    let mut judged = judge(tx, readings).await?;
    let given = given(readings, &judged);
    former::follow(tx, origin, &in_order(&given, &judged)).await?;
    judged.extend(collected.findings.iter().map(|(file, finding)| (file.as_str(), finding.clone())));
    let mut fates = Vec::new();
    for chunk in given.chunks(store::CHUNK) {
        for (given, fate) in chunk.iter().zip(store::keep(tx, origin, chunk).await?) {
            if let Fate::TakenBy(_) = fate {
                judged.push((given.file, taken(given.descriptor)));
            }
            fates.push((*given, fate));
        }
    }
    readers::settle(tx).await?;
    if fates.iter().any(|(given, fate)| is_new_owner(given, fate)) {
        findings::drop_known_owners(tx).await?;
    }
    let orphaned = if collected.is_whole { orphans(tx, origin, &collected.unread, readings).await? } else { 0 };
    circles::keep(tx, origin).await?;
    judged.sort();
    findings::keep(tx, source, readings, &judged).await?;
    Ok(Taken { fates, judged, orphaned })
}

fn readings(collected: &Collected) -> Vec<FileReading<'_>> {
    collected.files.iter().map(|file| (file.name.as_str(), file.read())).collect()
}

/// What is wrong with each document, and with all of them together and beside what is known.
async fn judge<'a>(
    tx: &mut Transaction<'_, Postgres>,
    readings: &'a [FileReading<'a>],
) -> Result<Vec<(&'a str, Judged)>> {
    let all: Vec<Described<'a>> = described(readings).collect();
    let here: BTreeSet<&EntityRef> = all.iter().map(|described| &described.descriptor.reference).collect();
    let owners =
        all.iter().flat_map(|described| &described.descriptor.mentions).filter(|mention| mention.field == "owner");
    let asked: Vec<String> = owners.map(|owner| owner.target.to_string()).collect();
    let known = store::known(tx, &asked).await?;
    let mut judged: Vec<(&str, Judged)> = readings
        .iter()
        .flat_map(|(file, reading)| reading.findings.iter().map(move |finding| (*file, finding.clone())))
        .collect();
    judged.extend(together(&all, |owner| here.contains(owner) || known.contains(&owner.to_string())));
    Ok(judged)
}

fn described<'a>(readings: &'a [FileReading<'a>]) -> impl Iterator<Item = Described<'a>> {
    let of = |(file, reading): &'a FileReading<'a>| {
        reading.descriptors.iter().map(move |descriptor| Described { file, descriptor })
    };
    readings.iter().flat_map(of)
}

/// Somebody whom others may have named already.
fn is_new_owner(given: &Given<'_>, fate: &Fate) -> bool {
    matches!(given.descriptor.reference.kind(), "group" | "user") && *fate == Fate::Added
}

/// The entities that are in order, each once.
fn given<'a>(readings: &'a [FileReading<'a>], judged: &[(&str, Judged)]) -> Vec<Given<'a>> {
    let refused: BTreeSet<(&str, u32, u32)> = judged
        .iter()
        .filter(|(_, finding)| finding.is_error())
        .map(|(file, finding)| (*file, finding.line, finding.column))
        .collect();
    let mut by_reference: BTreeMap<&EntityRef, Given<'a>> = BTreeMap::new();
    for Described { file, descriptor } in described(readings) {
        if !refused.contains(&(file, descriptor.place.line, descriptor.place.column)) {
            by_reference.entry(&descriptor.reference).or_insert(Given { file, descriptor });
        }
    }
    // In the order of references: two imports at the same time lock rows in the same order.
    by_reference.into_values().collect()
}

/// What stands in files that were read in order.
fn in_order<'a>(given: &[Given<'a>], judged: &[(&str, Judged)]) -> Vec<former::Described<'a>> {
    let broken: BTreeSet<&str> =
        judged.iter().filter(|(_, finding)| finding.is_error()).map(|(file, _)| *file).collect();
    let in_order = given.iter().filter(|given| !broken.contains(given.file));
    in_order.map(|given| former::Described { file: given.file, reference: &given.descriptor.reference }).collect()
}

/// The rule that says that another source has an entity.
const TAKEN: &str = "entity-taken";

/// Who has it is said by its page, to those who may see it.
fn taken(descriptor: &Descriptor) -> Judged {
    let message = format!(
        "{} is in the catalog already, described elsewhere, and stays as it is there. Its page says where. Take one of the \
         two out, or rename it.",
        descriptor.reference
    );
    Judged::error(descriptor.place, TAKEN, message)
}

/// Marks all that a source described.
pub(super) async fn orphan_all(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<usize> {
    store::orphan(tx, origin, &[], None).await
}

/// Marks what the source described before. While a part of it cannot be read, files that it led to may be missing with it,
/// so that only what stood in a file that was read in order is marked.
async fn orphans(
    tx: &mut Transaction<'_, Postgres>,
    origin: &str,
    unread: &[String],
    readings: &[FileReading<'_>],
) -> Result<usize> {
    let is_broken = |reading: &Reading| reading.findings.iter().any(Judged::is_error);
    let is_all_read = unread.is_empty() && !readings.iter().any(|(_, reading)| is_broken(reading));
    let in_order: Vec<String> =
        readings.iter().filter(|(_, reading)| !is_broken(reading)).map(|(file, _)| (*file).to_owned()).collect();
    let seen: Vec<String> = described(readings).map(|described| described.descriptor.reference.to_string()).collect();
    store::orphan(tx, origin, &seen, (!is_all_read).then_some(in_order.as_slice())).await
}
