//! What a run asks about its namespaces.

use domain::provisioning::{ConditionStatus, ConditionType};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    Declaration, condition_row,
    declare::{self, is_name_taken},
};
use crate::{Db, Error, Result};

/// How far a declared namespace has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Quota, limits and network policies stand, and access is bound.
    Ready,
    /// Not yet; the sentence says what is missing.
    UnderWay(String),
}

/// Declares a namespace unless this very service has it already; answers its id and whether it is new.
pub(crate) async fn ensure_declared(tx: &mut Transaction<'_, Postgres>, wanted: &Declaration) -> Result<(Uuid, bool)> {
    match declare::declare_in(tx, wanted).await {
        Ok(declared) => Ok((declared.id, true)),
        Err(error) if is_name_taken(&error) => match of_service(tx, wanted).await? {
            Some(id) => Ok((id, false)),
            None => Err(error),
        },
        Err(error) => Err(error),
    }
}

async fn of_service(tx: &mut Transaction<'_, Postgres>, wanted: &Declaration) -> Result<Option<Uuid>> {
    let id = sqlx::query_scalar!(
        "select namespace_id from tenant_namespace n join cluster c using (cluster_id)
         where c.name = $1 and n.team = $2 and n.service = $3 and n.environment = $4",
        wanted.cluster,
        wanted.team,
        wanted.service,
        wanted.environment,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id)
}

/// Whether a cluster of this name was ever connected.
pub(crate) async fn is_connected(db: &Db, cluster: &str) -> Result<bool> {
    let known = sqlx::query_scalar!(r#"select exists (select 1 from cluster where name = $1) as "known!""#, cluster)
        .fetch_one(&db.pool)
        .await?;
    Ok(known)
}

pub(crate) async fn standing(db: &Db, cluster: &str, name: &str) -> Result<Standing> {
    let row = sqlx::query!(
        "select namespace_id, c.reachable_message from tenant_namespace n join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2",
        cluster,
        name,
    )
    .fetch_optional(&db.pool)
    .await?
    .ok_or_else(|| Error::internal(format!("the namespace {cluster}/{name} was declared and is gone")))?;
    let conditions = condition_row::of_one(db, row.namespace_id).await?;
    let Some(ready) = conditions.iter().find(|condition| condition.kind == ConditionType::Ready) else {
        let away = row.reachable_message;
        return Ok(Standing::UnderWay(away.unwrap_or_else(|| "nobody has looked at it yet.".to_owned())));
    };
    Ok(match ready.status {
        ConditionStatus::True => Standing::Ready,
        ConditionStatus::False | ConditionStatus::Unknown => Standing::UnderWay(ready.message.clone()),
    })
}
