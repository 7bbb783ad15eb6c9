//! Against a database, and against the real Git host of the local stack with workers of the test's own.

mod here;
mod repeated;
mod requests;
mod who;

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        edit::{Fields, Form},
    },
};
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::{
    Db, Error, Result,
    audit::Actor,
    catalog::{self, Collected, FileText},
    testing::{self, rig::eventually},
};

const FILE: &str = "catalog-info.yaml";

fn reference(name: &str) -> EntityRef {
    EntityRef::new("component", "default", name).unwrap()
}

/// A component with a comment that nobody may touch.
fn described(name: &str, owner: &str, description: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component # ours\nmetadata:\n  name: {name}\n  description: {description}\n\
         spec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n  x-unknown: [1,  2]\n"
    )
}

async fn take(db: &Db, origin: &str, text: &str) {
    let collected = Collected::of(vec![FileText::new(FILE, text)]);
    catalog::import(db, &Actor::System("test"), origin, &collected).await.unwrap();
}

/// An entity that lives nowhere but here.
async fn registered(db: &Db, name: &str, owner: &str) {
    let document = serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": name, "description": "Old"},
        "spec": {"type": "service", "lifecycle": "production", "owner": owner, "system": "shop"},
    });
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &reference(name), &document, "run:1").await.unwrap();
    tx.commit().await.unwrap();
}

/// The form as it is drawn, with what somebody types into it.
async fn typed(viewer: &Viewer, db: &Db, name: &str, change: impl FnOnce(&mut Form)) -> Result<(Form, Fields)> {
    let found = edit_form(viewer, db, &reference(name)).await?;
    let mut form = found.form;
    change(&mut form);
    Ok((form, found.seen))
}

async fn ask(viewer: &Viewer, db: &Db, name: &str, change: impl FnOnce(&mut Form)) -> Result<Uuid> {
    let (form, seen) = typed(viewer, db, name, change).await?;
    request_change(viewer, db, &reference(name), &form, &seen).await
}

async fn entity(viewer: &Viewer, db: &Db, name: &str) -> catalog::Entity {
    catalog::find(viewer, db, &reference(name)).await.unwrap()
}
