//! What an import would do, found by doing it and taking it back.

use std::collections::BTreeMap;

use domain::catalog::{
    EntityRef,
    descriptor::{Finding as Judged, changed_fields},
};
use serde::{Deserialize, Serialize};

use super::{Taken, readings, store, taken_over};
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
    /// From 1.
    pub line: u32,
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

/// Nothing of it stays.
pub(in crate::catalog) async fn preview(db: &Db, origin: &str, collected: &Collected) -> Result<Preview> {
    let readings = readings(collected);
    let all = readings.iter().flat_map(|(_, reading)| &reading.descriptors);
    let references: Vec<String> = all.map(|descriptor| descriptor.reference.to_string()).collect();
    let mut tx = db.pool.begin().await?;
    let before = store::documents(&mut tx, &references).await?;
    let Taken { fates, judged, orphaned } = taken_over(&mut tx, origin, collected, &readings).await?;
    tx.rollback().await?;
    let mut documents: Vec<PreviewDocument> = fates
        .into_iter()
        .map(|(given, fate)| PreviewDocument {
            file: given.file.to_owned(),
            line: given.descriptor.place.line,
            reference: given.descriptor.reference.clone(),
            fate: told(&before, &given.descriptor.reference, &given.descriptor.document, fate),
        })
        .collect();
    documents.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
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
