//! Promotions, roll-backs and releases as people make them. Nothing here asks the Git host: a worker follows.

mod decide;
mod view;

pub use decide::{approve, confirm, deny, withdraw};
pub use view::{ChangeView, changes, find_change};

use domain::{
    access::Viewer,
    delivery::{ChangeKind, needs_approval},
    error::FieldError,
    scaffold::tree::CommitId,
};
use serde_json::json;
use uuid::Uuid;

use super::queue::Sources;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    keyed_queue::Keys,
};

/// What somebody asks for. Places are named as pages show them: cluster and namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRequest {
    /// What is synced in `from`, in the namespace `to` of the same service as well.
    Promote { cluster: String, from: String, to: String },
    /// The overlay as it was at a commit that was in force there before; in production everything it was built from.
    RollBack { cluster: String, namespace: String, commit: String },
    /// What the branch holds for production, as it is.
    Release { cluster: String, namespace: String },
}

impl ChangeRequest {
    fn target(&self) -> (&str, &str) {
        match self {
            Self::Promote { cluster, to, .. } => (cluster, to),
            Self::RollBack { cluster, namespace, .. } | Self::Release { cluster, namespace } => (cluster, namespace),
        }
    }
}

/// For members of the team that owns the service, whatever other roles somebody has. A worker works out the
/// difference; nothing is changed yet.
pub async fn request(viewer: &Viewer, db: &Db, wanted: &ChangeRequest) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let (cluster, namespace) = wanted.target();
    let target = sqlx::query!(
        "select d.delivery_id, d.source_id, n.environment from delivery d join tenant_namespace n using (namespace_id)
             join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2 and n.team = any($3)",
        cluster,
        namespace,
        &viewer.teams,
    )
    .fetch_one(&mut *tx)
    .await?;
    let (kind, from, to_commit) = match wanted {
        ChangeRequest::Promote { from, .. } => {
            let from = sqlx::query_scalar!(
                "select d.delivery_id from delivery d join tenant_namespace n using (namespace_id)
                 where d.source_id = $1 and n.name = $2 and d.delivery_id <> $3",
                target.source_id,
                from,
                target.delivery_id,
            )
            .fetch_optional(&mut *tx)
            .await?;
            let from = from.ok_or_else(|| invalid("/from", "Choose another environment of the same service."))?;
            (ChangeKind::Promote, Some(from), None)
        }
        ChangeRequest::RollBack { commit, .. } => {
            let commit: CommitId = commit.parse().map_err(|_| not_in_force())?;
            let known = sqlx::query_scalar!(
                r#"select exists (select from delivery_release where delivery_id = $1 and commit_id = $2) as "known!""#,
                target.delivery_id,
                commit.as_str(),
            )
            .fetch_one(&mut *tx)
            .await?;
            if !known {
                return Err(not_in_force());
            }
            (ChangeKind::RollBack, None, Some(commit))
        }
        ChangeRequest::Release { .. } if needs_approval(&target.environment) => (ChangeKind::Release, None, None),
        ChangeRequest::Release { .. } => {
            let sentence = "Choose production: every other environment follows the branch by itself.";
            return Err(invalid("/namespace", sentence));
        }
    };
    let change = sqlx::query_scalar!(
        "insert into delivery_change (delivery_id, kind, from_delivery, to_commit, person_id, state)
         values ($1, $2, $3, $4, $5, 'preparing') returning change_id",
        target.delivery_id,
        kind.as_str(),
        from,
        to_commit.as_ref().map(CommitId::as_str),
        viewer.person.0,
    )
    .fetch_one(&mut *tx)
    .await?;
    Sources::wake(&mut tx, target.source_id).await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "delivery.request",
        target: format!("delivery_change:{change}"),
        detail: json!({ "kind": kind, "namespace": format!("{cluster}/{namespace}"), "to_commit": to_commit }),
    };
    audit::commit(tx, record).await?;
    Ok(change)
}

fn not_in_force() -> Error {
    invalid("/commit", "Choose a commit from the list of what was in force here before.")
}

fn invalid(pointer: &str, message: &str) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, message)])
}
