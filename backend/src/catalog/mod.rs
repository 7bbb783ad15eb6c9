//! Entities in Postgres.

mod import;

pub use import::{Finding, Imported, import, read};

use domain::{access::Viewer, catalog::EntityRef};
use serde_json::Value;
use sqlx::{Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Result};

/// One entry of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub id: Uuid,
    pub reference: EntityRef,
    pub title: Option<String>,
    pub description: Option<String>,
    /// Full reference of the owner; `None` when nobody owns it.
    pub owner: Option<String>,
    pub document: Value,
    pub updated_at: OffsetDateTime,
}

struct EntityRow {
    entity_id: Uuid,
    kind: String,
    namespace: String,
    name: String,
    title: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    document: Value,
    updated_at: OffsetDateTime,
}

impl TryFrom<EntityRow> for Entity {
    type Error = crate::Error;

    fn try_from(row: EntityRow) -> Result<Self> {
        let reference = EntityRef::new(&row.kind, &row.namespace, &row.name)
            .map_err(|e| crate::Error::internal(format!("entity {}: {e}", row.entity_id)))?;
        Ok(Self {
            id: row.entity_id,
            reference,
            title: row.title,
            description: row.description,
            owner: row.owner,
            document: row.document,
            updated_at: row.updated_at,
        })
    }
}

/// One entity. Everybody who belongs to the organisation sees the catalog.
pub async fn find(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Entity> {
    sqlx::query_as!(
        EntityRow,
        "select entity_id, kind, namespace, name, title, description, owner, document, updated_at from entity
         where kind = $1 and namespace = $2 and name = $3 and not $4",
        reference.kind(),
        reference.namespace(),
        reference.name(),
        viewer.is_outsider(),
    )
    .fetch_one(&db.pool)
    .await?
    .try_into()
}

/// Entities by reference, a page at a time; `after` is the last reference of the page before.
pub async fn list(viewer: &Viewer, db: &Db, after: Option<&EntityRef>, limit: i64) -> Result<Vec<Entity>> {
    sqlx::query_as!(
        EntityRow,
        "select entity_id, kind, namespace, name, title, description, owner, document, updated_at from entity
         where not $1 and ($2::text is null or (kind, namespace, name) > ($2, $3, $4))
         order by kind, namespace, name limit $5",
        viewer.is_outsider(),
        after.map(EntityRef::kind),
        after.map(EntityRef::namespace),
        after.map(EntityRef::name),
        limit.clamp(1, 100),
    )
    .fetch_all(&db.pool)
    .await?
    .into_iter()
    .map(Entity::try_from)
    .collect()
}

/// Entities whose name, title, description or owner holds the text, best first.
pub async fn search(viewer: &Viewer, db: &Db, text: &str, limit: i64) -> Result<Vec<Entity>> {
    if text.is_empty() || text.chars().count() > MAX_SEARCH || text.contains('\0') {
        return Ok(Vec::new());
    }
    // The text is looked for as it is: `%` and `_` stand for themselves.
    let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    sqlx::query_as!(
        EntityRow,
        "select entity_id, kind, namespace, name, title, description, owner, document, updated_at from entity
         where not $1 and (name ilike $2 or title ilike $2 or description ilike $2 or owner ilike $2)
         order by name <> lower($3), not name ilike $2, kind, name limit $4",
        viewer.is_outsider(),
        pattern,
        text,
        limit.clamp(1, 100),
    )
    .fetch_all(&db.pool)
    .await?
    .into_iter()
    .map(Entity::try_from)
    .collect()
}

/// Longer texts are not names of anything.
const MAX_SEARCH: usize = 100;

/// Whether a name is free; asked on behalf of anybody, as a taken name is an error whoever holds it.
pub(crate) async fn is_taken(tx: &mut Transaction<'_, Postgres>, reference: &EntityRef) -> Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"select exists (select 1 from entity where kind = $1 and namespace = $2 and name = $3) as "taken!""#,
        reference.kind(),
        reference.namespace(),
        reference.name(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(taken)
}

/// Who put an entity where it was to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registered {
    Now,
    /// The same origin has done it before.
    Before,
    /// Somebody else was first.
    Taken,
}

/// Puts an entity into the catalog, once. `origin` says what did it, such as `run:<id>`.
pub(crate) async fn register(
    tx: &mut Transaction<'_, Postgres>,
    reference: &EntityRef,
    document: &Value,
    origin: &str,
) -> Result<Registered> {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let owner = text("/spec/owner").map(|owner| full_owner(owner, reference.namespace()));
    let made = sqlx::query_scalar!(
        "insert into entity (kind, namespace, name, title, description, owner, document, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint entity_reference_unique do nothing returning entity_id",
        reference.kind(),
        reference.namespace(),
        reference.name(),
        text("/metadata/title"),
        text("/metadata/description"),
        owner,
        document,
        origin,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if made.is_some() {
        return Ok(Registered::Now);
    }
    let holder = sqlx::query_scalar!(
        "select origin from entity where kind = $1 and namespace = $2 and name = $3",
        reference.kind(),
        reference.namespace(),
        reference.name(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(if holder == origin { Registered::Before } else { Registered::Taken })
}

/// Owners are groups unless they say otherwise, and live in the namespace of what they own (Backstage's defaults).
fn full_owner(owner: &str, namespace: &str) -> String {
    let (kind, rest) = owner.split_once(':').unwrap_or(("group", owner));
    let (namespace, name) = rest.split_once('/').unwrap_or((namespace, rest));
    format!("{kind}:{namespace}/{name}").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use domain::access::PersonId;
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;

    fn viewer(teams: &[&str]) -> Viewer {
        Viewer {
            person: PersonId(Uuid::nil()),
            login: "x".into(),
            name: "x".into(),
            groups: vec![],
            roles: vec![],
            teams: teams.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    #[test]
    fn owners_are_groups_by_default() {
        assert_eq!(full_owner("payments", "default"), "group:default/payments");
        assert_eq!(full_owner("Group:Payments", "shop"), "group:shop/payments");
        assert_eq!(full_owner("user:shop/Ann", "default"), "user:shop/ann");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_entity_is_registered_once_and_belongs_to_who_was_first(pool: PgPool) {
        let db = Db::of_pool(pool);
        let reference: EntityRef = "component:default/checkout".parse().unwrap();
        let document = json!({"metadata": {"description": "Takes orders"}, "spec": {"owner": "payments"}});
        let mut tx = db.pool.begin().await.unwrap();
        assert!(!is_taken(&mut tx, &reference).await.unwrap());
        assert_eq!(register(&mut tx, &reference, &document, "run:1").await.unwrap(), Registered::Now);
        assert_eq!(register(&mut tx, &reference, &document, "run:1").await.unwrap(), Registered::Before);
        assert_eq!(register(&mut tx, &reference, &json!({}), "run:2").await.unwrap(), Registered::Taken);
        assert!(is_taken(&mut tx, &reference).await.unwrap());
        tx.commit().await.unwrap();
        let found = find(&viewer(&["search"]), &db, &reference).await.unwrap();
        assert_eq!(found.owner.as_deref(), Some("group:default/payments"));
        assert_eq!(found.description.as_deref(), Some("Takes orders"));
        let hidden = find(&viewer(&[]), &db, &reference).await.unwrap_err();
        assert!(matches!(hidden, crate::Error::NotFound));
    }
}
