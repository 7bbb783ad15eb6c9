//! Which locations brought an entity into the catalog.

use std::collections::BTreeSet;

use domain::{access::Viewer, catalog::EntityRef};
use serde_json::Value;

use crate::{Db, Error, Result, catalog::reading::leads_to};

/// An entity, and the locations whose targets its file is among.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    pub reference: EntityRef,
    pub parents: Vec<EntityRef>,
}

struct Placed {
    reference: EntityRef,
    file: String,
    document: Value,
}

/// The entity first, then what it came through, each once; of what the viewer sees.
pub async fn ancestry(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Vec<Ancestor>> {
    let rows = sqlx::query!(
        r#"select e.reference as "reference!", coalesce(e.source_file, '') as "file!", e.document
           from entity of join entity e on e.origin = of.origin
           where of.reference = $1 and of.readers && $2::text[] and e.readers && $2::text[]
             and (e.entity_id = of.entity_id or e.kind = 'location' and e.orphaned_at is null and e.source_file is not null)
           order by e.entity_id <> of.entity_id, e.reference"#,
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?;
    let placed = rows.into_iter().filter_map(|row| {
        Some(Placed { reference: row.reference.parse().ok()?, file: row.file, document: row.document })
    });
    let placed: Vec<Placed> = placed.collect();
    let mut next = vec![placed.first().ok_or(Error::NotFound)?];
    let (mut found, mut seen) = (Vec::new(), BTreeSet::from([&next[0].reference]));
    while let Some(at) = next.pop() {
        let is_parent = |of: &&Placed| {
            of.reference.kind() == "location"
                && of.reference != at.reference
                && leads_to(&of.document, &of.file, &at.file)
        };
        let parents: Vec<&Placed> = placed.iter().filter(is_parent).collect();
        let names = parents.iter().map(|parent| parent.reference.clone()).collect();
        found.push(Ancestor { reference: at.reference.clone(), parents: names });
        next.extend(parents.into_iter().filter(|parent| seen.insert(&parent.reference)));
    }
    Ok(found)
}
