//! Whether the names of a plan are free, everywhere they will stand.

use domain::{error::FieldError, scaffold::Plan};

use crate::{
    Db, Error, Result, catalog,
    git_host::{GitHost, RepositoryName},
    provisioning::Preview,
};

/// What was found; a place that could not be asked is a warning, because the run looks again before it makes anything.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) errors: Vec<FieldError>,
    pub(super) warnings: Vec<String>,
}

pub(super) async fn look(db: &Db, git_host: &dyn GitHost, preview: Option<&Preview<'_>>, plan: &Plan) -> Result<Found> {
    let mut found = Found::default();
    in_database(db, plan, &mut found).await?;
    at_git_host(git_host, plan, &mut found).await?;
    match preview {
        Some(preview) => on_cluster(preview, plan, &own_already(db, plan).await?, &mut found).await,
        None => found
            .warnings
            .push("No cluster is connected, so nobody could look whether the namespaces are free.".to_owned()),
    }
    Ok(found)
}

async fn in_database(db: &Db, plan: &Plan, found: &mut Found) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    if catalog::is_taken(&mut tx, &plan.entity.reference).await? {
        let message = format!("{} exists in the catalog. Choose another name.", plan.entity.reference);
        found.errors.push(FieldError::new("/name", message));
    }
    tx.rollback().await?;
    let names: Vec<String> = plan.namespaces.iter().map(|namespace| namespace.name.clone()).collect();
    let taken = sqlx::query_scalar!(
        "select n.name from tenant_namespace n where n.name = any($1) and not (n.team = $2 and n.service = $3) order by 1",
        &names,
        plan.team(),
        plan.service.as_str(),
    )
    .fetch_all(&db.pool)
    .await?;
    for name in taken {
        found
            .errors
            .push(FieldError::new("/name", format!("The namespace {name} is another service's. Choose another name.")));
    }
    Ok(())
}

/// Namespaces that this very service has already; a run takes them as they are.
async fn own_already(db: &Db, plan: &Plan) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        "select name from tenant_namespace where team = $1 and service = $2",
        plan.team(),
        plan.service.as_str(),
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(names)
}

async fn at_git_host(git_host: &dyn GitHost, plan: &Plan, found: &mut Found) -> Result<()> {
    let full = format!("{}/{}", plan.repository.owner, plan.repository.name);
    let name: RepositoryName = full.parse().map_err(|e| Error::internal(format!("the plan's repository: {e}")))?;
    match git_host.find_repository(&name).await {
        Ok(None) => {}
        Ok(Some(_)) => {
            let message = format!("The repository {full} exists at the Git host. Choose another name.");
            found.errors.push(FieldError::new("/name", message));
        }
        Err(Error::Unavailable { .. }) => found.warnings.push(format!(
            "The Git host does not answer, so nobody could look whether {full} is free. The run looks before it makes it."
        )),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn on_cluster(preview: &Preview<'_>, plan: &Plan, own: &[String], found: &mut Found) {
    for namespace in plan.namespaces.iter().filter(|namespace| !own.contains(&namespace.name)) {
        match preview.exists(&namespace.name).await {
            Ok(false) => {}
            Ok(true) => {
                let message = format!("A namespace {} stands on the cluster. Choose another name.", namespace.name);
                found.errors.push(FieldError::new("/name", message));
            }
            Err(failure) => {
                let message = format!("Nobody could look whether {} is free: {failure}.", namespace.name);
                found.warnings.push(message);
            }
        }
    }
}
