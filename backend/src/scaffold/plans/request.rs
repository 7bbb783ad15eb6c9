//! Asking for a plan. What can be said at once is said at once; the rest is a worker's to find out.

use domain::{
    access::{Role, Viewer},
    catalog::{EntityRef, Name},
    error::FieldError,
    golden_paths::Parameters,
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog, golden_paths,
};

/// Unanswered plans of one person; more are a mistake or an attack.
const MOST_OPEN: i64 = 20;

/// Asks for the plan of a path with these parameters and answers its id. Everything that is wrong with the parameters
/// is told at once.
pub async fn request_plan(viewer: &Viewer, db: &Db, golden_path: &str, parameters: &Value) -> Result<Uuid> {
    if viewer.is_outsider() {
        return Err(Error::NotFound);
    }
    let path = golden_paths::load(db, golden_path, None).await?;
    let schema = Parameters::of(&path.template)
        .map_err(|fault| Error::internal(format!("golden path {golden_path}: {}", fault.message)))?;
    let parameters = schema.complete(parameters).map_err(Error::Invalid)?;
    let mut tx = db.pool.begin().await?;
    let asked = Asked::of(&parameters)?;
    let errors = asked.check(&mut tx, viewer).await?;
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    refuse_floods(&mut tx, viewer).await?;
    let version = path.template.version.unwrap_or_default();
    let plan = sqlx::query_scalar!(
        "insert into plan (person_id, team, golden_path, version, state, parameters, service)
         values ($1, $2, $3, $4, 'planning', $5, $6) returning plan_id",
        viewer.person.0,
        asked.owner.name(),
        golden_path,
        version,
        parameters,
        asked.service.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    // A hint for workers that listen; those that do not will find the plan when they next look.
    sqlx::query!("select pg_notify('plan_asked', $1::text)", plan.to_string()).execute(&mut *tx).await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "plan.request",
        target: format!("plan:{plan}"),
        detail: json!({ "golden_path": golden_path, "version": version, "owner": asked.owner, "name": asked.service }),
    };
    audit::commit(tx, record).await?;
    Ok(plan)
}

/// The two parameters that every path must have, by their names.
struct Asked {
    service: Name,
    owner: EntityRef,
}

impl Asked {
    fn of(parameters: &Value) -> Result<Self> {
        let text = |key: &str| parameters.get(key).and_then(Value::as_str).unwrap_or_default();
        let service = text("name").parse::<Name>().map_err(|e| FieldError::new("/name", e.to_string()));
        let owner = text("owner").parse::<EntityRef>().map_err(|e| FieldError::new("/owner", e.to_string()));
        match (service, owner) {
            (Ok(service), Ok(owner)) => Ok(Self { service, owner }),
            (service, owner) => Err(Error::Invalid([service.err(), owner.err()].into_iter().flatten().collect())),
        }
    }

    async fn check(&self, tx: &mut Transaction<'_, Postgres>, viewer: &Viewer) -> Result<Vec<FieldError>> {
        let mut errors = Vec::new();
        let team = self.owner.name();
        let is_team = self.owner.kind() == "group" && self.owner.namespace() == "default";
        let may = viewer.is_member(team) || viewer.has(Role::Platform);
        // A team that is not theirs and one that is not there look the same.
        if !may || !is_team || !catalog::is_taken(tx, &self.owner).await? {
            let message = "Choose a team that you belong to. Ask the platform team when yours is missing.";
            errors.push(FieldError::new("/owner", message));
        }
        let reference = EntityRef::new("component", "default", self.service.as_str())
            .map_err(|error| Error::Invalid(vec![FieldError::new("/name", error.to_string())]))?;
        if catalog::is_taken(tx, &reference).await? {
            let message = format!("{reference} exists in the catalog. Choose another name.");
            errors.push(FieldError::new("/name", message));
        }
        Ok(errors)
    }
}

async fn refuse_floods(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer) -> Result<()> {
    let open = sqlx::query_scalar!(
        r#"select count(*) as "open!" from plan where person_id = $1 and state = 'planning'"#,
        viewer.person.0
    )
    .fetch_one(&mut **tx)
    .await?;
    if open < MOST_OPEN {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "too_many_plans",
        detail: format!("{MOST_OPEN} plans of yours wait for an answer. Wait for one of them, then ask again."),
    })
}
