//! People and their teams.

use domain::{
    access::{PersonId, Role, RoleGroups, Viewer},
    catalog::EntityRef,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    access::{self, Identity},
    catalog,
};

/// Somebody whom no table knows: enough where only teams and roles count.
pub fn viewer(teams: &[&str], roles: &[Role]) -> Viewer {
    Viewer {
        person: PersonId(Uuid::nil()),
        login: "somebody".into(),
        name: "Some Body".into(),
        groups: owned(teams),
        roles: roles.to_vec(),
        teams: owned(teams),
    }
}

/// Somebody who has signed in before.
pub async fn person(db: &Db, login: &str, groups: &[&str]) -> Result<PersonId> {
    let identity = Identity {
        issuer: "https://id.example".into(),
        subject: login.into(),
        login: login.into(),
        name: login.into(),
        email: None,
        groups: owned(groups),
    };
    access::sign_in(db, &identity).await
}

/// The same, as a request finds them: the groups `platform`, `platform-operators` and `leadership` give roles, those that
/// the catalog knows are teams.
pub async fn signed_in(db: &Db, login: &str, groups: &[&str]) -> Result<Viewer> {
    let roles = RoleGroups {
        platform: "platform".into(),
        operator: "platform-operators".into(),
        leadership: "leadership".into(),
    };
    let person = person(db, login, groups).await?;
    Ok(access::signed_in(db, &roles, person.0).await?.viewer)
}

/// The same of a team, which the catalog knows from now on.
pub async fn member(db: &Db, login: &str, team_name: &str) -> Result<Viewer> {
    team(db, team_name).await?;
    signed_in(db, login, &[team_name]).await
}

/// A team that the catalog knows.
pub async fn team(db: &Db, name: &str) -> Result<()> {
    let reference = EntityRef::new("group", "default", name).map_err(|e| Error::internal(e.to_string()))?;
    let mut tx = db.pool.begin().await?;
    catalog::register(&mut tx, &reference, &json!({"kind": "Group"}), "test").await?;
    Ok(tx.commit().await?)
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
