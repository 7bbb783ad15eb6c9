//! What runs ask for. The cluster is not asked: it follows.

use domain::{
    delivery::needs_approval,
    scaffold::tree::{CommitId, RelPath},
};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::queue::Sources;
use crate::{Error, Result, git_host::RepositoryName, keyed_queue::Keys};

/// A folder that is to be kept running in a namespace.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) cluster: String,
    /// It must be declared already.
    pub(crate) namespace: String,
    pub(crate) repository: RepositoryName,
    pub(crate) branch: String,
    pub(crate) folder: RelPath,
    /// The image that it is started on.
    pub(crate) starter_image: Option<String>,
    /// What production starts on, and stays at until a change of it is approved.
    pub(crate) first_commit: CommitId,
}

/// Declares it unless it is there already; answers whether it is new.
pub(crate) async fn ensure_declared(tx: &mut Transaction<'_, Postgres>, wanted: &Wanted) -> Result<bool> {
    let place = sqlx::query!(
        "select n.namespace_id, n.cluster_id, n.environment from tenant_namespace n join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2",
        wanted.cluster,
        wanted.namespace,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(|| Error::internal(format!("the namespace {}/{} is not declared", wanted.cluster, wanted.namespace)))?;
    let source = source(tx, wanted, place.cluster_id).await?;
    let inserted = sqlx::query_scalar!(
        "with new as (
             insert into delivery (source_id, namespace_id, folder, starter_image) values ($1, $2, $3, $4)
             on conflict on constraint delivery_namespace_unique do nothing returning delivery_id),
         noted as (
             insert into delivery_event (delivery_id, kind, detail)
             select delivery_id, 'declared', $5 from new),
         pinned as (
             insert into delivery_pin (delivery_id, commit_id, kind) select delivery_id, $6, 'created' from new where $7)
         select delivery_id from new",
        source,
        place.namespace_id,
        wanted.folder.as_str(),
        wanted.starter_image,
        format!("The folder {} of {} is kept running here.", wanted.folder, wanted.repository),
        wanted.first_commit.as_str(),
        needs_approval(&place.environment),
    )
    .fetch_optional(&mut **tx)
    .await?;
    if inserted.is_none() && !is_the_same(tx, source, place.namespace_id, wanted).await? {
        return Err(taken(format!(
            "Something else is delivered to {} already. Choose another name for the service.",
            wanted.namespace
        )));
    }
    Sources::wake(tx, source).await?;
    Ok(inserted.is_some())
}

async fn source(tx: &mut Transaction<'_, Postgres>, wanted: &Wanted, cluster_id: Uuid) -> Result<Uuid> {
    let repository = wanted.repository.to_string();
    sqlx::query!(
        "insert into delivery_source (cluster_id, repository, branch) values ($1, $2, $3)
         on conflict on constraint delivery_source_repository_unique do nothing",
        cluster_id,
        repository,
        wanted.branch,
    )
    .execute(&mut **tx)
    .await?;
    let row = sqlx::query!(
        "select source_id, cluster_id, branch from delivery_source where repository = $1 for update",
        repository
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.cluster_id != cluster_id || row.branch != wanted.branch {
        return Err(taken(format!(
            "{repository} is delivered from its branch {} to another place already. Use one branch and one cluster for a \
             repository.",
            row.branch
        )));
    }
    Ok(row.source_id)
}

async fn is_the_same(
    tx: &mut Transaction<'_, Postgres>,
    source: Uuid,
    namespace: Uuid,
    wanted: &Wanted,
) -> Result<bool> {
    let same = sqlx::query_scalar!(
        r#"select exists (select from delivery where namespace_id = $1 and source_id = $2 and folder = $3) as "same!""#,
        namespace,
        source,
        wanted.folder.as_str(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(same)
}

fn taken(detail: String) -> Error {
    Error::Conflict { code: "delivery_taken", detail }
}
