//! Entities from files.

use domain::catalog::EntityRef;
use serde_json::{Value, json};

use super::full_owner;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Counted from 1.
    pub line: u64,
    pub column: u64,
    pub message: String,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// Reads one YAML text with any number of entities. `yes` and `on` stay texts, as Backstage reads them.
pub fn read(text: &str) -> std::result::Result<Vec<(EntityRef, Value)>, Finding> {
    let options = serde_saphyr::options! { strict_booleans: true };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let message = error.without_snippet().to_string().lines().next().unwrap_or_default().to_owned();
        Finding { line, column, message }
    })?;
    documents.into_iter().filter(|document| !document.is_null()).map(entity).collect()
}

/// The reference of an entity by its envelope.
fn entity(document: Value) -> std::result::Result<(EntityRef, Value), Finding> {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let (Some(kind), Some(name)) = (text("/kind"), text("/metadata/name")) else {
        return Err(fault("An entity has a kind and a metadata.name; add what is missing."));
    };
    let namespace = text("/metadata/namespace").unwrap_or("default");
    let reference = EntityRef::new(kind, namespace, name).map_err(|error| fault(&format!("{name}: {error}")))?;
    Ok((reference, document))
}

fn fault(message: &str) -> Finding {
    Finding { line: 1, column: 1, message: message.to_owned() }
}

/// Takes entities over from `origin`, such as `file:organisation.yaml`: all of them or none. What another origin holds
/// is a conflict and stays as it is.
pub async fn import(db: &Db, actor: &Actor, origin: &str, entities: &[(EntityRef, Value)]) -> Result<Imported> {
    let mut tx = db.pool.begin().await?;
    let mut imported = Imported::default();
    for (reference, document) in entities {
        let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
        let before = sqlx::query!(
            "select origin, document from entity where kind = $1 and namespace = $2 and name = $3 for update",
            reference.kind(),
            reference.namespace(),
            reference.name(),
        )
        .fetch_optional(&mut *tx)
        .await?;
        match before {
            Some(row) if row.origin != origin => {
                let detail =
                    format!("{reference} is in the catalog already, from {}. Remove one of the two.", row.origin);
                return Err(Error::Conflict { code: "entity_taken", detail });
            }
            Some(row) if row.document == *document => {
                imported.unchanged += 1;
                continue;
            }
            Some(_) => imported.changed += 1,
            None => imported.added += 1,
        }
        sqlx::query!(
            "insert into entity (kind, namespace, name, title, description, owner, document, origin)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict on constraint entity_reference_unique do update
                 set title = excluded.title, description = excluded.description, owner = excluded.owner,
                     document = excluded.document, updated_at = now()",
            reference.kind(),
            reference.namespace(),
            reference.name(),
            text("/metadata/title"),
            text("/metadata/description"),
            text("/spec/owner").map(|owner| full_owner(owner, reference.namespace())),
            document,
            origin,
        )
        .execute(&mut *tx)
        .await?;
    }
    if imported.added + imported.changed == 0 {
        return Ok(imported);
    }
    let detail = json!({ "added": imported.added, "changed": imported.changed });
    audit::commit(tx, Record { actor, action: "catalog.import", target: origin.to_owned(), detail }).await?;
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    const TWO: &str = "kind: Group\nmetadata: {name: Payments, title: Payments}\n---\nkind: Component\nmetadata:\n  name: ledger\n  annotations: {public: yes}\nspec: {owner: payments}\n";

    #[test]
    fn documents_are_read_one_by_one_and_words_stay_words() {
        let read = read(TWO).unwrap();
        assert_eq!(read[0].0.to_string(), "group:default/payments");
        assert_eq!(read[1].1.pointer("/metadata/annotations/public"), Some(&Value::from("yes")));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        assert_eq!(read("kind: Group\nmetadata: {name: [}\n").unwrap_err().line, 2);
        assert!(read("kind: Group\n").unwrap_err().message.contains("metadata.name"));
        assert!(read("kind: Group\nmetadata: {name: a b}\n").is_err());
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn importing_again_changes_only_what_has_changed(pool: PgPool) {
        let db = Db::of_pool(pool);
        let actor = Actor::System("test");
        let entities = read(TWO).unwrap();
        let first = import(&db, &actor, "file:a", &entities).await.unwrap();
        assert_eq!(first, Imported { added: 2, changed: 0, unchanged: 0 });
        let again = import(&db, &actor, "file:a", &entities).await.unwrap();
        assert_eq!(again, Imported { added: 0, changed: 0, unchanged: 2 });
        let changed = read(&TWO.replace("title: Payments", "title: Pay")).unwrap();
        assert_eq!(import(&db, &actor, "file:a", &changed).await.unwrap().changed, 1);
        let taken = import(&db, &actor, "file:b", &entities).await.unwrap_err();
        assert!(matches!(taken, Error::Conflict { code: "entity_taken", .. }));
    }
}
