//! What the form of an entity is drawn from.

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        descriptor::{may_have_owner, must_have_owner},
        edit::{Fields, Form},
    },
    error::FieldError,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    draft,
    target::{Home, Target, target},
};
use crate::{Db, Result};

#[derive(Clone, Debug)]
pub struct EditForm {
    pub title: Option<String>,
    pub form: Form,
    /// What the entity says now: comes back with the form.
    pub seen: Fields,
    pub errors: Vec<FieldError>,
    /// Fields that changed in the entity after the form was opened.
    pub moved: Vec<&'static str>,
    /// When what stands in the form was kept; none where it is as the entity is.
    pub kept_at: Option<OffsetDateTime>,
    pub home: Home,
    pub has_owner: bool,
    /// The format asks for one.
    pub needs_owner: bool,
    pub owners: Vec<OwnerChoice>,
    /// Changes that are under way already, the latest first.
    pub under_way: Vec<Uuid>,
}

/// Somebody who can own it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerChoice {
    /// As it is written in the entity's file: as short as can be.
    pub written: String,
    pub title: String,
}

/// More do not fit into a list that opens.
const MOST_OWNERS: i64 = 1_000;

/// For those who may change the entity.
pub async fn edit_form(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<EditForm> {
    let Target { id, title, document, home, .. } = target(&db.pool, viewer, reference).await?;
    let now = Fields::of(&document);
    let has_owner = may_have_owner(reference.kind());
    let mut drawn = EditForm {
        title,
        form: Form::of(&now),
        errors: Vec::new(),
        moved: Vec::new(),
        kept_at: None,
        home,
        has_owner,
        needs_owner: must_have_owner(reference.kind()),
        owners: if has_owner { owners(viewer, db, reference).await? } else { Vec::new() },
        under_way: under_way(db, id).await?,
        seen: now.clone(),
    };
    if let Some(kept) = draft::find(&db.pool, viewer, id).await? {
        drawn.moved = kept.seen.differing(&now);
        drawn.form = kept.form.on_top_of(&kept.seen, &now);
        drawn.errors = kept.errors;
        drawn.kept_at = Some(kept.updated_at);
    }
    drawn.form = drawn.form.with_spare_rows();
    Ok(drawn)
}

async fn owners(viewer: &Viewer, db: &Db, of: &EntityRef) -> Result<Vec<OwnerChoice>> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", coalesce(title, name) as "title!" from entity
           where kind in ('group', 'user') and orphaned_at is null and readers && $1::text[]
           order by kind, 2, 1 limit $2"#,
        &viewer.catalog_readers(),
        MOST_OWNERS,
    )
    .fetch_all(&db.pool)
    .await?;
    let choice = |reference: String, title| {
        let owner: EntityRef = reference.parse().ok()?;
        Some(OwnerChoice { written: written(&owner, of), title })
    };
    Ok(rows.into_iter().filter_map(|row| choice(row.reference, row.title)).collect())
}

/// How the file of an entity names its owner.
pub(super) fn written(owner: &EntityRef, of: &EntityRef) -> String {
    let name = match owner.namespace() == of.namespace() {
        true => owner.name().to_owned(),
        false => format!("{}/{}", owner.namespace(), owner.name()),
    };
    if owner.kind() == "group" { name } else { format!("{}:{name}", owner.kind()) }
}

async fn under_way(db: &Db, entity: Uuid) -> Result<Vec<Uuid>> {
    let changes = sqlx::query_scalar!(
        "select change_id from catalog_change where entity_id = $1 and is_waiting order by created_at desc limit 5",
        entity
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(changes)
}
