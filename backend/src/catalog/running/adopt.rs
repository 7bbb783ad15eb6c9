//! Taking something that runs into the catalog, once.

use domain::{
    access::{Role, Viewer},
    catalog::{
        EntityRef,
        running::{Place, document, fitting_name, namespace_document},
    },
    error::FieldError,
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use super::offers::{Offer, OfferKey, offered};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::{
        readers,
        register::{Registered, is_taken, register},
    },
};

/// Makes an entity that stands for what is offered, and answers what it is called; whoever asks again gets the same. For
/// members of the team that is proposed, and for the platform team, which may choose the owner.
pub async fn adopt(viewer: &Viewer, db: &Db, key: &OfferKey, owner: &EntityRef) -> Result<EntityRef> {
    let OfferKey { cluster, namespace, what } = key;
    if [cluster, namespace].into_iter().chain(what).any(|text| text.contains('\0')) {
        return Err(Error::NotFound);
    }
    let origin = match what {
        Some(what) => format!("cluster:{cluster}/{namespace}/{what}"),
        None => format!("cluster:{cluster}/{namespace}"),
    };
    let mut tx = db.pool.begin().await?;
    readers::lock(&mut tx, true).await?;
    if let Some(before) = adopted_before(&mut tx, viewer, &origin).await? {
        return Ok(before);
    }
    let found = offered(&mut tx, viewer).await?.into_iter().find(|offer| offer.key == *key && offer.may_adopt);
    let offer = found.ok_or(Error::NotFound)?;
    may_be_given_to(&mut tx, viewer, &offer, owner).await?;
    let (reference, document) = entity(&mut tx, &offer, owner).await?;
    if register(&mut tx, &reference, &document, &origin).await? != Registered::Now {
        return Err(Error::internal(format!("{reference} was free and is taken under the lock")));
    }
    tell(&mut tx, viewer, &reference).await?;
    let workloads: Vec<String> = offer.members.iter().map(|(kind, name)| format!("{}/{name}", kind.as_str())).collect();
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "catalog.adopt",
        target: reference.to_string(),
        detail: json!({ "cluster": cluster, "namespace": namespace, "workloads": workloads, "owner": owner }),
    };
    audit::commit(tx, record).await?;
    Ok(reference)
}

/// For those whose it is by now. What was taken out since then is put back, not made once more.
async fn adopted_before(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    origin: &str,
) -> Result<Option<EntityRef>> {
    let row = sqlx::query!(
        r#"select reference as "reference!", removed_at is not null as "is_removed!" from entity
           where origin = $1 and ($2 or owner = any ($3))"#,
        origin,
        viewer.has(Role::Platform),
        &viewer.team_references(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    match row {
        None => Ok(None),
        Some(row) if row.is_removed => Err(Error::Conflict {
            code: "entity_removed",
            detail: "It was in the catalog and was taken out. Put it back on the page of what was taken out.".into(),
        }),
        Some(row) => Ok(row.reference.parse().ok()),
    }
}

async fn may_be_given_to(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    offer: &Offer,
    owner: &EntityRef,
) -> Result<()> {
    let proposed = offer.proposal.as_ref().map(|(proposed, _)| proposed);
    if proposed == Some(owner) {
        return Ok(());
    }
    if !viewer.has(Role::Platform) {
        return Err(Error::Conflict {
            code: "proposal_moved",
            detail: "By now somebody else is proposed. Look at the list once more, then decide.".into(),
        });
    }
    let lives = sqlx::query_scalar!(
        r#"select exists (
               select 1 from entity
               where reference = $1 and kind = 'group' and orphaned_at is null and readers && $2::text[]
           ) as "lives!""#,
        owner.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(&mut **tx)
    .await?;
    match lives {
        true => Ok(()),
        false => Err(Error::Invalid(vec![FieldError::new("/owner", "Choose a team that is in the catalog.")])),
    }
}

/// What stands for it, under the first name that is free.
async fn entity(tx: &mut Transaction<'_, Postgres>, offer: &Offer, owner: &EntityRef) -> Result<(EntityRef, Value)> {
    let OfferKey { cluster, namespace, .. } = &offer.key;
    let kind = offer.members.first().map(|(kind, _)| *kind);
    let word = if kind.is_some() { "component" } else { "resource" };
    let narrower = [format!("{}-{namespace}", offer.name), format!("{}-{namespace}-{cluster}", offer.name)];
    let numbered = (2..=MOST_NAMES).map(|number| format!("{}-{number}", offer.name));
    for wanted in [offer.name.clone()].into_iter().chain(narrower).chain(numbered) {
        let name = fitting_name(&wanted).unwrap_or_else(|| namespace.clone());
        let reference =
            EntityRef::new(word, "default", &name).map_err(|e| Error::internal(format!("the name {name}: {e}")))?;
        if is_taken(tx, &reference).await? {
            continue;
        }
        let marks = offer.marks.clone().unwrap_or_default();
        let document = match kind {
            Some(kind) => document(&name, kind, owner, offer.environment.as_deref(), &marks),
            None => namespace_document(&name, Place { cluster, namespace }, owner),
        };
        return Ok((reference, document));
    }
    Err(Error::Conflict {
        code: "names_taken",
        detail: format!("Every name like {} is taken. Describe it in a file, and import that.", offer.name),
    })
}

/// Of one kind; whoever has more entities of one name describes them in files.
const MOST_NAMES: u32 = 20;

/// For the trail of the entity.
async fn tell(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, reference: &EntityRef) -> Result<()> {
    sqlx::query!(
        "insert into catalog_event (entity_id, kind, fields, cause)
         select entity_id, 'adopted', '{}', 'person:' || $2::text from entity where reference = $1",
        reference.to_string(),
        viewer.person.0.to_string(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
