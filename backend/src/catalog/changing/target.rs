//! The entity that is to be changed, for those who may: members of the team that owns it, and the platform team.

use domain::{
    access::{Role, Viewer},
    catalog::{EntityRef, descriptor::write},
};
use serde_json::Value;
use sqlx::{PgExecutor, Postgres, Transaction};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// Where an entity lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// In a file at the Git host.
    GitHost {
        /// Owner and name.
        repository: String,
        branch: String,
        path: String,
    },
    /// In a file that was handed over, and that only people can write.
    File {
        name: String,
        /// The entity's own part of it.
        text: String,
    },
    /// In the platform itself.
    Here,
}

pub(super) struct Target {
    pub(super) id: Uuid,
    pub(super) title: Option<String>,
    pub(super) document: Value,
    pub(super) origin: String,
    pub(super) home: Home,
}

/// Missing, hidden, and not the viewer's to change look alike.
pub(super) async fn target(db: impl PgExecutor<'_>, viewer: &Viewer, reference: &EntityRef) -> Result<Target> {
    find(db, viewer, reference, viewer.has(Role::Platform)).await
}

/// What the viewer's team may take although nobody gave it to them yet; see [`super::adopt`].
pub(super) async fn any_target(db: impl PgExecutor<'_>, viewer: &Viewer, reference: &EntityRef) -> Result<Target> {
    find(db, viewer, reference, true).await
}

async fn find(db: impl PgExecutor<'_>, viewer: &Viewer, reference: &EntityRef, is_anybodys: bool) -> Result<Target> {
    let row = sqlx::query!(
        r#"select e.entity_id, e.title, e.document, e.origin, e.source_file, e.source_text, s.kind as "kind?", s.repository,
                  s.branch, s.path
           from entity e left join catalog_source s on s.origin = e.origin
           where e.reference = $1 and e.readers && $2::text[] and ($3 or e.owner = any ($4))"#,
        reference.to_string(),
        &viewer.catalog_readers(),
        is_anybodys,
        &viewer.team_references(),
    )
    .fetch_one(db)
    .await?;
    let home = match (row.kind.as_deref(), row.repository, row.branch) {
        (None, ..) => Home::Here,
        (Some(_), Some(repository), Some(branch)) => {
            // Entities of a run are there before their file was read.
            let path = row.source_file.or(row.path).ok_or_else(|| {
                Error::internal(format!("entity {}: neither its file nor its source has a path", row.entity_id))
            })?;
            Home::GitHost { repository, branch, path }
        }
        (Some(_), ..) => Home::File {
            name: row.source_file.unwrap_or_else(|| row.origin.clone()),
            text: row.source_text.unwrap_or_else(|| write([&row.document])),
        },
    };
    Ok(Target { id: row.entity_id, title: row.title, document: row.document, origin: row.origin, home })
}

/// Whether the entity's page offers to change it.
pub async fn may_change(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<bool> {
    match target(&db.pool, viewer, reference).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What is asked for at once by one person is counted by one transaction at a time.
pub(super) async fn room(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer) -> Result<()> {
    sqlx::query!("select 1 as one from person where person_id = $1 for update", viewer.person.0)
        .fetch_one(&mut **tx)
        .await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from catalog_change where person_id = $1 and state = 'asked'"#,
        viewer.person.0
    )
    .fetch_one(&mut **tx)
    .await?;
    if open < MOST_OPEN {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "too_many_changes",
        detail: format!("{MOST_OPEN} changes of yours wait for the Git host. Wait for one of them, then ask again."),
    })
}

/// Changes of one person that no worker has carried out yet; more are a mistake or an attack.
const MOST_OPEN: i64 = 20;
