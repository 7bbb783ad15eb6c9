//! Taking what nobody owns, for the team that is proposed, or that the platform team names.

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        edit::{Change, Edit},
    },
};
use uuid::Uuid;

use super::{
    ask::{ask, commit},
    form::written,
    target::{Home, any_target},
};
use crate::{
    Db, Error, Result,
    catalog::{readers, unowned},
};

/// Makes the proposed owner the owner; answers the id of the change. For members of that team and the platform team, as
/// long as it is what the catalog proposes. Where nobody is proposed the platform team names the owner.
pub async fn adopt(viewer: &Viewer, db: &Db, reference: &EntityRef, owner: &EntityRef) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let mut target = any_target(&mut *tx, viewer, reference).await?;
    if target.home == Home::Here {
        readers::lock(&mut tx, true).await?;
        target = any_target(&mut *tx, viewer, reference).await?;
    }
    let found = unowned::find(&mut *tx, viewer, reference).await?.ok_or(Error::NotFound)?;
    if !found.may_adopt {
        return Err(Error::NotFound);
    }
    match found.proposal.map(|proposal| proposal.owner) {
        Some(proposed) if proposed != *owner => {
            return Err(Error::Conflict {
                code: "proposal_moved",
                detail: format!("By now {proposed} is proposed. Look at the list once more, then decide."),
            });
        }
        None if !unowned::is_living_group(&mut *tx, viewer, owner).await? => return Err(unowned::no_such_team()),
        _ => {}
    }
    if let Some(change) = found.under_way {
        return Ok(change);
    }
    let change = Change { owner: Some(Edit::Set(written(owner, reference))), ..Change::default() };
    let (id, detail) = ask(&mut tx, viewer, reference, &target, &change).await?;
    commit(tx, viewer, reference, detail).await?;
    Ok(id)
}
