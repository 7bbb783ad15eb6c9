//! Changing what lives in the platform itself, at once.

use domain::catalog::{
    EntityRef,
    descriptor::{self, Finding},
    edit::{self, Change},
};
use serde_json::Value;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    ask::{refused, whole},
    prepared::difference,
    target::Target,
};
use crate::{
    Error, Result,
    catalog::{cause, register},
};

pub(super) fn difference_of(document: &Value, change: &Change) -> Result<String> {
    let after = edit::apply(document, change).map_err(refused)?;
    Ok(difference("entity", &descriptor::write([document]), &descriptor::write([&after])))
}

/// The transaction holds the lock of all who write entities.
pub(super) async fn carry_out(
    tx: &mut Transaction<'_, Postgres>,
    reference: &EntityRef,
    target: &Target,
    change: &Change,
    id: Uuid,
) -> Result<()> {
    let after = edit::apply(&target.document, change).map_err(refused)?;
    judge(&target.document, &after)?;
    cause::is_change(tx, id).await?;
    register::rewrite(tx, reference, &after, &target.origin).await
}

/// What the catalog did not mind before it must not mind now.
fn judge(before: &Value, after: &Value) -> Result<()> {
    let findings = |document: &Value| descriptor::read(&descriptor::write([document])).findings;
    let known = findings(before);
    let is_known = |error: &Finding| known.iter().any(|old| old.rule == error.rule && old.message == error.message);
    match findings(after).into_iter().find(|found| found.is_error() && !is_known(found)) {
        Some(error) => Err(Error::Invalid(vec![whole(error.message)])),
        None => Ok(()),
    }
}
