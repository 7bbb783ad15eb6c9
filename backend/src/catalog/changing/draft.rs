//! What somebody has typed into the form of an entity and not used yet. A draft is its writer's alone.

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        edit::{Fields, Form},
    },
    error::FieldError,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::{PgExecutor, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::target::target;
use crate::{Db, Error, Result};

pub(super) struct Draft {
    pub(super) form: Form,
    /// What the entity said when the form was opened.
    pub(super) seen: Fields,
    pub(super) errors: Vec<FieldError>,
    pub(super) updated_at: OffsetDateTime,
}

pub(super) async fn keep(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    entity: Uuid,
    (form, seen, errors): (&Form, &Fields, &[FieldError]),
) -> Result<()> {
    sqlx::query!(
        "insert into catalog_draft (person_id, entity_id, typed, seen, errors)
         values ($1, $2, $3::text::json, $4::text::json, $5::text::json)
         on conflict (person_id, entity_id) do update
             set typed = excluded.typed, seen = excluded.seen, errors = excluded.errors, updated_at = now()",
        viewer.person.0,
        entity,
        to_json(form)?,
        to_json(seen)?,
        to_json(errors)?,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn find(db: impl PgExecutor<'_>, viewer: &Viewer, entity: Uuid) -> Result<Option<Draft>> {
    let row = sqlx::query!(
        "select typed, seen, errors, updated_at from catalog_draft where person_id = $1 and entity_id = $2",
        viewer.person.0,
        entity,
    )
    .fetch_optional(db)
    .await?;
    let draft = |typed, seen, errors, updated_at| {
        Ok(Draft { form: of_json(typed)?, seen: of_json(seen)?, errors: of_json(errors)?, updated_at })
    };
    row.map(|row| draft(row.typed, row.seen, row.errors, row.updated_at)).transpose()
}

pub(super) async fn discard(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, entity: Uuid) -> Result<()> {
    sqlx::query!("delete from catalog_draft where person_id = $1 and entity_id = $2", viewer.person.0, entity)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Keeps what the viewer has typed, in place of what was kept before.
pub async fn save_change_draft(
    viewer: &Viewer,
    db: &Db,
    reference: &EntityRef,
    form: &Form,
    seen: &Fields,
) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let entity = target(&mut *tx, viewer, reference).await?.id;
    keep(&mut tx, viewer, entity, (form, seen, &[])).await?;
    Ok(tx.commit().await?)
}

/// Forgets what the viewer has typed; what is not there is forgotten already.
pub async fn discard_change_draft(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<()> {
    sqlx::query!(
        "delete from catalog_draft d using entity e
         where d.person_id = $1 and e.entity_id = d.entity_id and e.reference = $2",
        viewer.person.0,
        reference.to_string(),
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Removes drafts of a month ago; answers how many.
pub async fn purge_change_drafts(db: &Db) -> Result<u64> {
    let removed = sqlx::query!("delete from catalog_draft where updated_at < now() - interval '30 days'")
        .execute(&db.pool)
        .await?;
    Ok(removed.rows_affected())
}

/// As text: the driver would send a value as `jsonb`, which does not hold every character.
fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal(format!("catalog_draft: {error}")))
}

fn of_json<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::internal(format!("catalog_draft: {error}")))
}
