//! Taking a repository into the catalog that has no file yet, once.

use domain::{
    access::{Role, Viewer},
    catalog::EntityRef,
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use super::undescribed::{self, Undescribed};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::{
        readers,
        register::{Registered, is_taken, register},
        unowned,
    },
};

/// Makes a component that stands for the repository until a file there describes it, and answers what it is called; whoever
/// asks again gets the same. For members of the team that is proposed, and for the platform team, which names the owner
/// where nobody is proposed.
pub async fn adopt_repository(viewer: &Viewer, db: &Db, repository: &str, owner: &EntityRef) -> Result<EntityRef> {
    if repository.contains('\0') {
        return Err(Error::NotFound);
    }
    let origin = format!("repository:{repository}");
    let mut tx = db.pool.begin().await?;
    readers::lock(&mut tx, true).await?;
    if let Some(before) = adopted_before(&mut tx, viewer, &origin).await? {
        return Ok(before);
    }
    let mut all = undescribed::found(&mut tx, viewer).await?.into_iter();
    let found = all.find(|found| found.repository == repository && found.may_adopt).ok_or(Error::NotFound)?;
    match &found.proposal {
        Some(proposal) if proposal.owner != *owner => {
            return Err(Error::Conflict {
                code: "proposal_moved",
                detail: "By now somebody else is proposed. Look at the list once more, then decide.".into(),
            });
        }
        None if !unowned::is_living_group(&mut *tx, viewer, owner).await? => return Err(unowned::no_such_team()),
        _ => {}
    }
    let reference = match put_back(&mut tx, &origin, owner).await? {
        Some(before) => before,
        None => {
            let reference = free_name(&mut tx, repository).await?;
            let document = document(&reference, &found, owner);
            if register(&mut tx, &reference, &document, &origin).await? != Registered::Now {
                return Err(Error::internal(format!("{reference} was free and is taken under the lock")));
            }
            reference
        }
    };
    let detail = json!({ "repository": repository, "owner": owner });
    let actor = Actor::Person(viewer.person);
    let record = Record { actor: &actor, action: "catalog.adopt", target: reference.to_string(), detail };
    audit::commit(tx, record).await?;
    Ok(reference)
}

async fn adopted_before(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    origin: &str,
) -> Result<Option<EntityRef>> {
    let before = sqlx::query_scalar!(
        r#"select reference as "reference!" from entity
           where origin = $1 and removed_at is null and ($2 or owner = any ($3))"#,
        origin,
        viewer.has(Role::Platform),
        &viewer.team_references(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(before.and_then(|reference| reference.parse().ok()))
}

/// What stood for the repository and was taken out, if it was the same owner's.
async fn put_back(tx: &mut Transaction<'_, Postgres>, origin: &str, owner: &EntityRef) -> Result<Option<EntityRef>> {
    let back = sqlx::query_scalar!(
        r#"update entity set removed_at = null, removed_by = null
           where origin = $1 and removed_at is not null and owner = $2 returning reference as "reference!""#,
        origin,
        owner.to_string(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    if back.is_some() {
        readers::settle(tx).await?;
    }
    Ok(back.and_then(|reference| reference.parse().ok()))
}

/// The name of the repository, or with its owner's where that is taken.
async fn free_name(tx: &mut Transaction<'_, Postgres>, repository: &str) -> Result<EntityRef> {
    let (owner, name) = repository.split_once('/').ok_or(Error::NotFound)?;
    for wanted in [name.to_owned(), format!("{owner}-{name}")] {
        let Ok(reference) = EntityRef::new("component", "default", &wanted) else { continue };
        if !is_taken(tx, &reference).await? {
            return Ok(reference);
        }
    }
    Err(Error::Conflict {
        code: "names_taken",
        detail: format!("There is an entry called {name} already. Describe the repository in a file, and import that."),
    })
}

fn document(reference: &EntityRef, found: &Undescribed, owner: &EntityRef) -> Value {
    let mut document = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": reference.name(),
            "annotations": { "backstage.io/source-location": format!("url:{}/", found.address) },
        },
        "spec": { "type": "service", "lifecycle": "unknown", "owner": owner },
    });
    if !found.description.trim().is_empty() {
        document["metadata"]["description"] = json!(found.description.trim());
    }
    document
}
