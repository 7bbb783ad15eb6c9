//! A kubeconfig for people: where the cluster is, and which namespace. Who they are is between them and the cluster.

use domain::access::{Role, Viewer};
use serde_json::json;
use uuid::Uuid;

use crate::{Db, Error, Result, cluster::Endpoint};

/// What stands where the reader's own token belongs.
const PLACEHOLDER: &str = "put-your-own-token-here";

/// Keeps where the API server is, so that the web process can tell people without ever asking a cluster.
pub(super) async fn record(db: &Db, cluster_id: Uuid, endpoint: &Endpoint) -> Result<()> {
    sqlx::query!(
        "update cluster set api_server = $2, authority = $3, updated_at = now()
         where cluster_id = $1 and (api_server, authority) is distinct from ($2, $3)",
        cluster_id,
        endpoint.server,
        endpoint.authority,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// For members of the namespace's team and the platform team. It holds no credential: what the API server lets its
/// reader do follows from their groups.
pub async fn kubeconfig(viewer: &Viewer, db: &Db, cluster: &str, namespace: &str) -> Result<String> {
    let row = sqlx::query!(
        "select c.api_server, c.authority from tenant_namespace n join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2 and ($3 or n.team = any($4))",
        cluster,
        namespace,
        viewer.has(Role::Platform) || viewer.has(Role::Operator),
        &viewer.teams,
    )
    .fetch_one(&db.pool)
    .await?;
    let server = row.api_server.ok_or_else(|| Error::Conflict {
        code: "cluster_unknown",
        detail: "No worker has been connected to this cluster yet, so its address is not known. Try again in a moment."
            .to_owned(),
    })?;
    let document = document(cluster, namespace, &viewer.login, &server, row.authority.as_deref());
    let yaml = serde_saphyr::to_string(&document).map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    Ok(format!(
        "# For {login} in {namespace}. Your groups decide what you may do there.\n\
         # It holds no credential. Put a token of your identity provider in the place of the words\n\
         # `{PLACEHOLDER}`, or replace the user by the sign-in plugin that your organisation uses.\n{yaml}",
        login = viewer.login,
    ))
}

fn document(cluster: &str, namespace: &str, login: &str, server: &str, authority: Option<&str>) -> serde_json::Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut place = json!({ "server": server });
    if let Some(pem) = authority {
        place["certificate-authority-data"] = STANDARD.encode(pem).into();
    }
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": namespace,
        "clusters": [{ "name": cluster, "cluster": place }],
        "contexts": [{ "name": namespace, "context": { "cluster": cluster, "namespace": namespace, "user": login } }],
        "users": [{ "name": login, "user": { "token": PLACEHOLDER } }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_read_by_a_client_and_holds_no_credential() {
        let document = document("local", "payments-checkout-dev", "developer", "https://127.0.0.1:1", Some("PEM"));
        let yaml = serde_saphyr::to_string(&document).unwrap();
        let read = kube::config::Kubeconfig::from_yaml(&yaml).unwrap();
        assert_eq!(read.current_context.as_deref(), Some("payments-checkout-dev"));
        assert_eq!(read.clusters[0].cluster.as_ref().unwrap().server.as_deref(), Some("https://127.0.0.1:1"));
        assert!(yaml.contains(PLACEHOLDER));
    }
}
