//! What people ask for. The cluster is not asked: it follows.

use std::collections::BTreeMap;

use domain::{
    access::{Role, Viewer},
    error::{FieldError, pointer},
    provisioning::{GrantError, NamespaceName, Size, check_grants},
};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::queue::Namespaces;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    keyed_queue::Keys,
};

/// A namespace that is wanted. Team and service are the names of their catalog entities.
#[derive(Clone, Debug)]
pub struct Declaration {
    pub cluster: String,
    pub team: String,
    pub service: String,
    pub environment: String,
    pub size: Size,
    /// Groups exactly as the API server sees them, such as `oidc:payments`.
    pub editors: Vec<String>,
    pub viewers: Vec<String>,
}

/// A namespace that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub id: Uuid,
    pub cluster: String,
    pub name: NamespaceName,
    pub revision: i64,
}

/// For members of the team and the platform team. A name that is taken, or too long, is an error at `/name`.
pub async fn declare(viewer: &Viewer, db: &Db, declaration: &Declaration) -> Result<Declared> {
    let may = viewer.is_member(&declaration.team) || viewer.has(Role::Platform);
    if !may {
        return Err(Error::Forbidden("Only members of the team and the platform team make namespaces for it."));
    }
    let mut tx = db.pool.begin().await?;
    refuse_foreign_service(&mut tx, declaration).await?;
    let declared = declare_in(&mut tx, declaration).await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "provisioning.declare",
        target: format!("namespace:{}/{}", declared.cluster, declared.name),
        detail: json!({
            "team": declaration.team,
            "service": declaration.service,
            "environment": declaration.environment,
            "size": declaration.size,
        }),
    };
    audit::commit(tx, record).await?;
    Ok(declared)
}

/// A service that is another team's and one that is not there look the same.
async fn refuse_foreign_service(tx: &mut Transaction<'_, Postgres>, wanted: &Declaration) -> Result<()> {
    let is_theirs = sqlx::query_scalar!(
        r#"select exists (select 1 from entity
                          where kind = 'component' and namespace = 'default' and name = $1 and owner = $2) as "theirs!""#,
        wanted.service,
        format!("group:default/{}", wanted.team),
    )
    .fetch_one(&mut **tx)
    .await?;
    if is_theirs {
        return Ok(());
    }
    Err(invalid("/service", "Choose a service of this team that is in the catalog."))
}

/// As a part of a larger change, which checks the right to it and records it.
pub(crate) async fn declare_in(tx: &mut Transaction<'_, Postgres>, wanted: &Declaration) -> Result<Declared> {
    let name = NamespaceName::of(&wanted.team, &wanted.service, &wanted.environment)
        .map_err(|error| Error::Invalid(vec![error.at_name()]))?;
    let cluster_id = sqlx::query_scalar!("select cluster_id from cluster where name = $1", wanted.cluster)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or_else(|| invalid("/cluster", "No cluster of this name is connected. Choose one from the list."))?;
    let row = sqlx::query!(
        "insert into tenant_namespace (cluster_id, name, team, service, environment, size, editors, viewers)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint tenant_namespace_name_unique do nothing
         returning namespace_id, revision",
        cluster_id,
        name.as_str(),
        wanted.team,
        wanted.service,
        wanted.environment,
        wanted.size.value(),
        &wanted.editors,
        &wanted.viewers,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(|| invalid(NAME, TAKEN))?;
    Namespaces::wake(tx, row.namespace_id).await?;
    Ok(Declared { id: row.namespace_id, cluster: wanted.cluster.clone(), name, revision: row.revision })
}

/// Sets how many cards, slices and shares a namespace holds from now on, by the names that nodes give them.
pub async fn grant_accelerators(
    db: &Db,
    actor: &Actor,
    namespace: Uuid,
    grants: &BTreeMap<String, u32>,
) -> Result<i64> {
    let mut tx = db.pool.begin().await?;
    let revision = grant_accelerators_in(&mut tx, namespace, grants).await?;
    let record = Record {
        actor,
        action: "provisioning.grant_accelerators",
        target: format!("namespace:{namespace}"),
        detail: json!({ "accelerators": grants, "revision": revision }),
    };
    audit::commit(tx, record).await?;
    Ok(revision)
}

/// As a part of a larger change; answers the new revision.
pub(crate) async fn grant_accelerators_in(
    tx: &mut Transaction<'_, Postgres>,
    namespace: Uuid,
    grants: &BTreeMap<String, u32>,
) -> Result<i64> {
    let errors = check_grants(grants);
    if !errors.is_empty() {
        let at_resource =
            |error: &GrantError| FieldError::new(pointer(["resources", error.resource()]), error.to_string());
        return Err(Error::Invalid(errors.iter().map(at_resource).collect()));
    }
    let revision = sqlx::query_scalar!(
        "update tenant_namespace
         set revision = revision + 1, failures = 0, updated_at = now()
         where namespace_id = $1 returning revision",
        namespace
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    sqlx::query!("delete from namespace_accelerator where namespace_id = $1", namespace).execute(&mut **tx).await?;
    let resources: Vec<String> = grants.keys().cloned().collect();
    let counts: Vec<i32> = grants.values().map(|count| i32::try_from(*count).unwrap_or(i32::MAX)).collect();
    sqlx::query!(
        "insert into namespace_accelerator (namespace_id, resource, count)
         select $1, resource, count from unnest($2::text[], $3::integer[]) as granted (resource, count)",
        namespace,
        &resources,
        &counts,
    )
    .execute(&mut **tx)
    .await?;
    Namespaces::wake(tx, namespace).await?;
    Ok(revision)
}

const NAME: &str = "/name";
const TAKEN: &str = "A namespace of this name exists on the cluster. Choose another name.";

/// Whether declaring failed because somebody has the name.
pub(super) fn is_name_taken(error: &Error) -> bool {
    matches!(error, Error::Invalid(fields) if fields.iter().any(|field| field.pointer == NAME && field.message == TAKEN))
}

fn invalid(pointer: &str, message: &str) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, message)])
}
