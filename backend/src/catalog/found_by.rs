//! What entities are found by, kept beside them.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{
    EntityRef,
    query::{as_told, paths_of},
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use crate::Result;

/// Stands between a path and its value; a second one where the value is not there to be looked for.
const BETWEEN: char = '\u{1f}';
/// Stands between terms on their way to the database.
const AFTER: char = '\u{1e}';

/// An entity that is stored already.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    pub(super) reference: &'a EntityRef,
    pub(super) document: &'a Value,
    pub(super) origin: &'a str,
    pub(super) file: Option<&'a str>,
}

/// Puts what each of the entities is found by in the place of what it was found by before.
pub(super) async fn keep(tx: &mut Transaction<'_, Postgres>, stored: &[Stored<'_>]) -> Result<()> {
    let (mut references, mut terms, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for Stored { reference, document, origin, file } in stored {
        let paths = paths_of(&as_told(document, reference, origin, *file));
        references.push(reference.to_string());
        terms.push(terms_of(&paths));
        fields.push(json!(paths));
    }
    sqlx::query!(
        "insert into entity_search (entity_id, terms, fields)
         select e.entity_id,
                array_to_tsvector(string_to_array(g.terms, chr(30)) || ('metadata.uid' || chr(31) || e.entity_id)),
                g.fields || jsonb_build_object('metadata.uid', jsonb_build_array(e.entity_id))
         from unnest($1::text[], $2::text[], $3::jsonb[]) as g (reference, terms, fields)
         join entity e on e.reference = g.reference
         on conflict (entity_id) do update set terms = excluded.terms, fields = excluded.fields",
        &references,
        &terms,
        &fields,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Entities whose terms are worked out together.
const CHUNK: usize = 500;

/// The same for all that came from an origin, once it is called otherwise.
pub(super) async fn keep_all_of(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<()> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", document, source_file from entity where origin = $1 order by reference"#,
        origin
    )
    .fetch_all(&mut **tx)
    .await?;
    let known = rows.into_iter().filter_map(|row| Some((row.reference.parse().ok()?, row.document, row.source_file)));
    let known: Vec<(EntityRef, Value, Option<String>)> = known.collect();
    for chunk in known.chunks(CHUNK) {
        let stored = chunk.iter().map(|(reference, document, file)| {
            let file = file.as_deref();
            Stored { reference, document, origin, file }
        });
        keep(tx, &stored.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

fn terms_of(paths: &BTreeMap<String, BTreeSet<String>>) -> String {
    let terms = paths.iter().flat_map(|(path, values)| {
        let unknown = values.is_empty().then(|| term(path, &BETWEEN.to_string()));
        values.iter().map(|value| term(path, &value.to_lowercase())).chain(unknown)
    });
    terms.filter(|term| !term.contains(AFTER)).collect::<Vec<_>>().join(&AFTER.to_string())
}

/// Path and value, both in lower case.
pub(super) fn term(path: &str, value: &str) -> String {
    format!("{path}{BETWEEN}{value}")
}
