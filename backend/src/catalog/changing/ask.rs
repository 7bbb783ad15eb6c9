//! Asking for a change. Whatever can be said at once is said at once, and what was typed is kept until it is used.

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        edit::{self, Change, EditError, Fields, Form},
    },
    error::FieldError,
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    draft, here,
    prepared::difference,
    queue::Changes,
    target::{Home, Target, room, target},
};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::readers,
    keyed_queue::Keys,
};

/// Answers the id of the change. `seen` is what the entity said when the form was drawn; where it says something else by
/// now, or something is wrong, what was typed waits in the form.
pub async fn request_change(
    viewer: &Viewer,
    db: &Db,
    reference: &EntityRef,
    form: &Form,
    seen: &Fields,
) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let target = locked(&mut tx, viewer, reference).await?;
    let now = Fields::of(&target.document);
    if *seen != now {
        draft::keep(&mut tx, viewer, target.id, (form, seen, &[])).await?;
        tx.commit().await?;
        return Err(Error::Conflict {
            code: "entity_moved",
            detail: "The entry has changed since you opened the form. What you typed is kept: look at it once more."
                .into(),
        });
    }
    let change = match Change::between(reference, seen, &form.fields(seen)) {
        Ok(change) if change.is_empty() => Err(vec![whole("Nothing is different yet. Change a field, or go back.")]),
        other => other,
    };
    let asked = match change {
        Ok(change) => ask(&mut tx, viewer, reference, &target, &change).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match asked {
        Ok((change, detail)) => {
            draft::discard(&mut tx, viewer, target.id).await?;
            commit(tx, viewer, reference, detail).await?;
            Ok(change)
        }
        Err(Error::Invalid(errors)) => {
            // What was tried in this transaction must not stay.
            tx.rollback().await?;
            let mut tx = db.pool.begin().await?;
            draft::keep(&mut tx, viewer, target.id, (form, seen, &errors)).await?;
            tx.commit().await?;
            Err(Error::Invalid(errors))
        }
        Err(other) => Err(other),
    }
}

/// What lives here stays as it is until the transaction is over.
async fn locked(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, reference: &EntityRef) -> Result<Target> {
    let found = target(&mut **tx, viewer, reference).await?;
    if found.home != Home::Here {
        return Ok(found);
    }
    readers::lock(tx, true).await?;
    target(&mut **tx, viewer, reference).await
}

/// Writes the change down, and carries it out where that can be done here. Answers its id, and what is recorded.
pub(super) async fn ask(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    reference: &EntityRef,
    target: &Target,
    change: &Change,
) -> Result<(Uuid, Value)> {
    room(tx, viewer).await?;
    let row = match &target.home {
        Home::GitHost { repository, branch, path } => {
            Row { place: Some((repository, branch, path)), ..Row::new("asked") }
        }
        Home::File { text, .. } => {
            let after = edit::write(text, reference, change).map_err(refused)?;
            Row { diff: Some(difference("a file", text, &after)), text: Some(after), ..Row::new("by_hand") }
        }
        Home::Here => Row { diff: Some(here::difference_of(&target.document, change)?), ..Row::new("done") },
    };
    let id = insert(tx, viewer, target, change, &row).await?;
    match target.home {
        Home::GitHost { .. } => Changes::wake(tx, id).await?,
        Home::File { .. } => {}
        Home::Here => here::carry_out(tx, reference, target, change, id).await?,
    }
    Ok((id, json!({ "change": id, "fields": change.fields(), "state": row.state })))
}

struct Row<'a> {
    state: &'static str,
    place: Option<(&'a str, &'a str, &'a str)>,
    diff: Option<String>,
    text: Option<String>,
}

impl Row<'_> {
    fn new(state: &'static str) -> Self {
        Self { state, place: None, diff: None, text: None }
    }
}

async fn insert(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    target: &Target,
    change: &Change,
    row: &Row<'_>,
) -> Result<Uuid> {
    let json = |error: serde_json::Error| Error::internal(format!("catalog_change: {error}"));
    let [repository, branch, path] = match row.place {
        Some((repository, branch, path)) => [Some(repository), Some(branch), Some(path)],
        None => [None; 3],
    };
    let id = sqlx::query_scalar!(
        "insert into catalog_change (entity_id, person_id, change, seen, state, repository, branch, path, diff, text, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $5 = 'done' then now() end) returning change_id",
        target.id,
        viewer.person.0,
        serde_json::to_value(change).map_err(json)?,
        serde_json::to_value(Fields::of(&target.document)).map_err(json)?,
        row.state,
        repository,
        branch,
        path,
        row.diff.as_deref(),
        row.text.as_deref(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

pub(super) async fn commit(
    tx: Transaction<'_, Postgres>,
    viewer: &Viewer,
    reference: &EntityRef,
    detail: Value,
) -> Result<()> {
    let actor = Actor::Person(viewer.person);
    audit::commit(tx, Record { actor: &actor, action: "catalog.change", target: reference.to_string(), detail }).await
}

/// Of the whole form.
pub(super) fn whole(message: impl Into<String>) -> FieldError {
    FieldError::new("", message)
}

pub(super) fn refused(error: EditError) -> Error {
    Error::Invalid(vec![whole(error.to_string())])
}
