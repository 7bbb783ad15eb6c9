//! What people have typed into the form of a path and not used yet. A draft is its writer's alone.

use domain::access::Viewer;
use domain::error::FieldError;
use domain::golden_paths::form::Typed;
use time::OffsetDateTime;

use crate::{Db, Error, Result};

/// One form as it was left.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub typed: Typed,
    /// What was wrong when it was last looked at.
    pub errors: Vec<FieldError>,
    pub updated_at: OffsetDateTime,
}

/// A draft as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftSummary {
    pub golden_path: String,
    /// Title of the path.
    pub title: String,
    pub typed: Typed,
    pub has_errors: bool,
    pub updated_at: OffsetDateTime,
}

/// Keeps what was typed, in place of what was kept before.
pub async fn save_draft(
    viewer: &Viewer,
    db: &Db,
    golden_path: &str,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<()> {
    let saved = sqlx::query!(
        "insert into draft (person_id, golden_path, typed, errors)
         select $1, name, $3::text::json, $4::text::json from golden_path where name = $2 and not $5
         on conflict (person_id, golden_path) do update
             set typed = excluded.typed, errors = excluded.errors, updated_at = now()",
        viewer.person.0,
        golden_path,
        to_json(typed)?,
        to_json(errors)?,
        viewer.is_outsider(),
    )
    .execute(&db.pool)
    .await?;
    if saved.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The viewer's draft of a path, if there is one.
pub async fn find_draft(viewer: &Viewer, db: &Db, golden_path: &str) -> Result<Option<Draft>> {
    let row = sqlx::query!(
        "select typed, errors, updated_at from draft where person_id = $1 and golden_path = $2",
        viewer.person.0,
        golden_path,
    )
    .fetch_optional(&db.pool)
    .await?;
    row.map(|row| Ok(Draft { typed: of_json(row.typed)?, errors: of_json(row.errors)?, updated_at: row.updated_at }))
        .transpose()
}

/// All drafts of the viewer, the latest first.
pub async fn list_drafts(viewer: &Viewer, db: &Db) -> Result<Vec<DraftSummary>> {
    let rows = sqlx::query!(
        r#"select d.golden_path, v.title, d.typed, json_array_length(d.errors) > 0 as "has_errors!", d.updated_at
           from draft d join golden_path p on p.name = d.golden_path
           join golden_path_version v on v.golden_path = p.name and v.version = p.current_version
           where d.person_id = $1 order by d.updated_at desc"#,
        viewer.person.0,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DraftSummary {
                golden_path: row.golden_path,
                title: row.title,
                typed: of_json(row.typed)?,
                has_errors: row.has_errors,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

/// Forgets a draft; one that is not there is forgotten already.
pub async fn discard_draft(viewer: &Viewer, db: &Db, golden_path: &str) -> Result<()> {
    sqlx::query!("delete from draft where person_id = $1 and golden_path = $2", viewer.person.0, golden_path)
        .execute(&db.pool)
        .await?;
    Ok(())
}

/// As text: the driver would send a value as `jsonb`, which does not hold every character.
fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal(format!("draft: {error}")))
}

fn of_json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::internal(format!("draft: {error}")))
}

#[cfg(test)]
mod tests;
