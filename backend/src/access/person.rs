//! People as the identity provider describes them at sign-in.

use domain::access::{PersonId, RoleGroups, Theme, Viewer};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Db, Result,
    audit::{self, Actor, Record},
};

/// What a verified ID token says.
#[derive(Clone, Debug)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub groups: Vec<String>,
}

/// Records a sign-in: the person is found by issuer and subject, everything else is taken over as it is today.
pub async fn sign_in(db: &Db, identity: &Identity) -> Result<PersonId> {
    let mut tx = db.pool.begin().await?;
    let id = sqlx::query_scalar!(
        "insert into person (issuer, subject, login, name, email, groups)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint person_identity_unique do update
             set login = excluded.login, name = excluded.name, email = excluded.email, groups = excluded.groups,
                 signed_in_at = now()
         returning person_id",
        identity.issuer,
        identity.subject,
        identity.login,
        identity.name,
        identity.email,
        &identity.groups,
    )
    .fetch_one(&mut *tx)
    .await?;
    let person = PersonId(id);
    let record = Record {
        actor: &Actor::Person(person),
        action: "access.sign_in",
        target: format!("person:{id}"),
        detail: json!({ "login": identity.login, "groups": identity.groups }),
    };
    audit::commit(tx, record).await?;
    Ok(person)
}

/// What every page needs to know about who asks and what is shown.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub viewer: Viewer,
    pub theme: Theme,
    /// Some of what is shown is invented, and every page says so.
    pub has_demo_data: bool,
}

/// A signed-in person; read on every request, so a changed group counts at once.
pub async fn signed_in(db: &Db, role_groups: &RoleGroups, person: Uuid) -> Result<SignedIn> {
    let row = sqlx::query!(
        r#"select login, name, groups, theme,
                  array(select e.name from entity e
                        where e.kind = 'group' and e.namespace = 'default' and e.name = any(groups)
                        order by e.name) as "teams!",
                  exists (select 1 from entity
                          where document #>> '{metadata,annotations,waymark.dev/demo}' = 'true') as "has_demo_data!"
           from person where person_id = $1"#,
        person
    )
    .fetch_one(&db.pool)
    .await?;
    let viewer = Viewer {
        person: PersonId(person),
        roles: role_groups.roles_of(&row.groups),
        teams: row.teams,
        login: row.login,
        name: row.name,
        groups: row.groups,
    };
    let theme = Theme::parse(&row.theme).unwrap_or_default();
    Ok(SignedIn { viewer, theme, has_demo_data: row.has_demo_data })
}

/// What the identity provider said of somebody at their last sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub email: Option<String>,
    pub signed_in_at: OffsetDateTime,
}

/// The viewer's own account.
pub async fn account(viewer: &Viewer, db: &Db) -> Result<Account> {
    let account =
        sqlx::query_as!(Account, "select email, signed_in_at from person where person_id = $1", viewer.person.0)
            .fetch_one(&db.pool)
            .await?;
    Ok(account)
}

/// Keeps the person's choice of colours.
pub async fn set_theme(viewer: &Viewer, db: &Db, theme: Theme) -> Result<()> {
    sqlx::query!("update person set theme = $2 where person_id = $1", viewer.person.0, theme.value())
        .execute(&db.pool)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn identity(subject: &str, groups: &[&str]) -> Identity {
        Identity {
            issuer: "https://id.example".into(),
            subject: subject.into(),
            login: "developer".into(),
            name: "Dana Velez".into(),
            email: Some("developer@waymark.example".into()),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        }
    }

    fn role_groups() -> RoleGroups {
        RoleGroups { platform: "platform".into(), operator: "operators".into(), leadership: "leadership".into() }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_same_subject_is_the_same_person_with_todays_groups(pool: PgPool) {
        let db = Db::of_pool(pool);
        let first = sign_in(&db, &identity("1", &["platform"])).await.unwrap();
        let again = sign_in(&db, &identity("1", &["payments"])).await.unwrap();
        assert_eq!(first, again);
        let viewer = signed_in(&db, &role_groups(), first.0).await.unwrap().viewer;
        assert_eq!(viewer.groups, ["payments"]);
        assert!(viewer.roles.is_empty());
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_same_address_at_another_subject_or_issuer_is_somebody_else(pool: PgPool) {
        let db = Db::of_pool(pool);
        let one = sign_in(&db, &identity("1", &[])).await.unwrap();
        let two = sign_in(&db, &identity("2", &[])).await.unwrap();
        let three =
            sign_in(&db, &Identity { issuer: "https://other.example".into(), ..identity("1", &[]) }).await.unwrap();
        assert!(one != two && one != three && two != three);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_theme_is_kept(pool: PgPool) {
        let db = Db::of_pool(pool);
        let id = sign_in(&db, &identity("1", &[])).await.unwrap();
        let me = signed_in(&db, &role_groups(), id.0).await.unwrap();
        assert_eq!(me.theme, Theme::System);
        set_theme(&me.viewer, &db, Theme::Dark).await.unwrap();
        assert_eq!(signed_in(&db, &role_groups(), id.0).await.unwrap().theme, Theme::Dark);
    }
}
