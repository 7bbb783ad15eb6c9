//! What an import would do, found by doing it and taking it back.

use std::collections::BTreeMap;

use domain::{
    catalog::{
        EntityRef,
        descriptor::{Finding as Judged, changed_fields},
    },
    golden_paths::{Finding, Place},
};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, Transaction};

use super::{Taken, findings, readings, store, taken_over};
use crate::{Db, Result, catalog::reading::Collected};

/// What would become of everything that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// In the order of their places.
    pub documents: Vec<PreviewDocument>,
    /// What is wrong, with the file; an error keeps its document out.
    pub findings: Vec<(String, Judged)>,
    /// The first file, and those that locations lead to.
    pub files: Vec<String>,
    /// Entities that would be marked because they are described no more.
    pub orphaned: usize,
}

/// One document that is in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewDocument {
    pub file: String,
    /// From 1, as is `column`.
    pub line: u32,
    /// Previews that were kept before it was told have none.
    #[serde(default = "first")]
    pub column: u32,
    pub reference: EntityRef,
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Appears,
    /// Paths of fields, such as `spec.owner`.
    Changes(Vec<String>),
    Unchanged,
    /// Somebody else has the name.
    Collides,
}

/// Fields that are named one by one.
const MOST_FIELDS: usize = 20;

fn first() -> u32 {
    1
}

/// Nothing of it stays.
pub(in crate::catalog) async fn preview(db: &Db, origin: &str, collected: &Collected) -> Result<Preview> {
    let mut tx = db.pool.begin().await?;
    let preview = seen(&mut tx, origin, collected).await?;
    tx.rollback().await?;
    Ok(preview)
}

/// The same of several sources one after the other, each by its origin: one may name whom another brings.
pub async fn previews(db: &Db, sources: &[(&str, &Collected)]) -> Result<Vec<Preview>> {
    let mut tx = db.pool.begin().await?;
    let mut previews = Vec::new();
    for (origin, collected) in sources {
        previews.push(seen(&mut tx, origin, collected).await?);
    }
    for ((origin, _), preview) in sources.iter().zip(&mut previews) {
        let (errors, warnings) = findings::of(&mut *tx, &[(*origin).to_owned()]).await?;
        let errors = errors.into_iter().map(|found| judged(found, Judged::error));
        preview.findings = errors.chain(warnings.into_iter().map(|found| judged(found, Judged::warning))).collect();
    }
    tx.rollback().await?;
    Ok(previews)
}

fn judged(found: Finding, of: fn(Place, &str, String) -> Judged) -> (String, Judged) {
    let Finding { file, line, column, rule, message } = found;
    (file, of(Place { line, column }, &rule, message))
}

async fn seen(tx: &mut Transaction<'_, Postgres>, origin: &str, collected: &Collected) -> Result<Preview> {
    let readings = readings(collected);
    let all = readings.iter().flat_map(|(_, reading)| &reading.descriptors);
    let references: Vec<String> = all.map(|descriptor| descriptor.reference.to_string()).collect();
    let before = store::documents(tx, &references).await?;
    let Taken { fates, judged, orphaned } = taken_over(tx, origin, collected, &readings).await?;
    let mut documents: Vec<PreviewDocument> = fates
        .into_iter()
        .map(|(given, fate)| PreviewDocument {
            file: given.file.to_owned(),
            line: given.descriptor.place.line,
            column: given.descriptor.place.column,
            reference: given.descriptor.reference.clone(),
            fate: told(&before, &given.descriptor.reference, &given.descriptor.document, fate),
        })
        .collect();
    documents.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok(Preview {
        documents,
        findings: judged.into_iter().map(|(file, finding)| (file.to_owned(), finding)).collect(),
        files: collected.files.iter().map(|file| file.name.clone()).collect(),
        orphaned,
    })
}

fn told(
    before: &BTreeMap<String, (String, serde_json::Value)>,
    reference: &EntityRef,
    document: &serde_json::Value,
    fate: store::Fate,
) -> Fate {
    match fate {
        store::Fate::Added => Fate::Appears,
        store::Fate::Unchanged => Fate::Unchanged,
        store::Fate::TakenBy(_) => Fate::Collides,
        store::Fate::Changed => {
            let old = before.get(&reference.to_string());
            // Nothing was called so before: it was renamed.
            let mut fields =
                old.map_or_else(|| vec!["metadata.name".to_owned()], |(_, old)| changed_fields(old, document));
            fields.truncate(MOST_FIELDS);
            Fate::Changes(fields)
        }
    }
}
