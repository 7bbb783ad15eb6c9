//! A kubeconfig for people: where the cluster is, and which namespace. Who they are is between them and the cluster.

use domain::access::Viewer;
use serde_json::json;
use uuid::Uuid;

use crate::{Db, Error, Result, cluster::Endpoint};

/// How clients get a credential of their reader: a command line that they run, without a shell. In its words `{login}`
/// stands for the name of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubectlLogin {
    command: String,
    args: Vec<String>,
}

impl KubectlLogin {
    /// `None` where there is no command.
    pub fn of(words: Vec<String>) -> Option<Self> {
        let mut words = words.into_iter();
        let command = words.next().filter(|command| !command.is_empty())?;
        Some(Self { command, args: words.collect() })
    }
}

/// What stands where the reader's own token belongs.
const PLACEHOLDER: &str = "put-your-own-token-here";
const LOGIN: &str = "{login}";

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
pub async fn kubeconfig(
    viewer: &Viewer,
    db: &Db,
    sign_in: Option<&KubectlLogin>,
    cluster: &str,
    namespace: &str,
) -> Result<String> {
    let row = sqlx::query!(
        "select c.api_server, c.authority from tenant_namespace n join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2 and ($3 or n.team = any($4))",
        cluster,
        namespace,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_one(&db.pool)
    .await?;
    let server = row.api_server.ok_or_else(|| Error::Conflict {
        code: "cluster_unknown",
        detail: "No worker has been connected to this cluster yet, so its address is not known. Try again in a moment."
            .to_owned(),
    })?;
    let login = &viewer.login;
    let user = user(sign_in, login);
    let document = document(cluster, namespace, login, user, &server, row.authority.as_deref());
    let yaml = serde_saphyr::to_string(&document).map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    // The name comes from elsewhere; a line end in it would end the comment.
    let name: String = login.chars().filter(|c| !c.is_control()).collect();
    let how = match sign_in {
        Some(_) => "# It holds no credential. The command under `exec` brings one of yours each time.".to_owned(),
        None => format!(
            "# It holds no credential. Ask the platform team how your organisation signs in to the cluster, and put\n\
             # that, or a token of your identity provider, in the place of the words `{PLACEHOLDER}`."
        ),
    };
    Ok(format!("# For {name} in {namespace}. Your groups decide what you may do there.\n{how}\n{yaml}"))
}

fn user(sign_in: Option<&KubectlLogin>, login: &str) -> serde_json::Value {
    match sign_in {
        None => json!({ "token": PLACEHOLDER }),
        Some(KubectlLogin { command, args }) => json!({ "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": command,
            "args": args.iter().map(|word| word.replace(LOGIN, login)).collect::<Vec<_>>(),
            "interactiveMode": "IfAvailable",
            "provideClusterInfo": false,
            "installHint": "Ask the platform team how your organisation signs in to the cluster.",
        } }),
    }
}

fn document(
    cluster: &str,
    namespace: &str,
    login: &str,
    user: serde_json::Value,
    server: &str,
    authority: Option<&str>,
) -> serde_json::Value {
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
        "users": [{ "name": login, "user": user }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(user: serde_json::Value) -> (String, kube::config::Kubeconfig) {
        let document =
            document("local", "payments-checkout-dev", "developer", user, "https://127.0.0.1:1", Some("PEM"));
        let yaml = serde_saphyr::to_string(&document).unwrap();
        let read = kube::config::Kubeconfig::from_yaml(&yaml).unwrap();
        (yaml, read)
    }

    #[test]
    fn it_can_be_read_by_a_client_and_holds_no_credential() {
        let (yaml, read) = read(user(None, "developer"));
        assert_eq!(read.current_context.as_deref(), Some("payments-checkout-dev"));
        assert_eq!(read.clusters[0].cluster.as_ref().unwrap().server.as_deref(), Some("https://127.0.0.1:1"));
        assert!(yaml.contains(PLACEHOLDER));
    }

    #[test]
    fn words_stay_words_whatever_the_account_is_called() {
        let words = ["kubectl", "oidc-login", "get-token", "--username={login}"].map(str::to_owned).to_vec();
        let sign_in = KubectlLogin::of(words).unwrap();
        let odd = "a b; rm -rf {login}\n- x: \"'";
        let (yaml, read) = read(user(Some(&sign_in), odd));
        let exec = read.auth_infos[0].auth_info.as_ref().unwrap().exec.clone().unwrap();
        assert_eq!(exec.command.as_deref(), Some("kubectl"));
        assert_eq!(exec.args.unwrap(), ["oidc-login", "get-token", &format!("--username={odd}")]);
        assert!(!yaml.contains(PLACEHOLDER) && exec.install_hint.unwrap().contains("platform team"));
        assert_eq!((KubectlLogin::of(vec![]), KubectlLogin::of(vec![String::new()])), (None, None));
    }
}
