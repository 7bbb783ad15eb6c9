//! The local identity provider, or the one that the person configured.

use std::time::Duration;

use serde_json::json;

use super::gitea;
use super::http;
use super::launch::Spec;
use super::state::{Folder, Stack};
use super::supervise::Supervisor;
use crate::failure::{Failure, Result, While};
use crate::tools::{node, on_path};
use crate::workshop::Workshop;

const CLIENT: &str = "waymark";
const READY_DEADLINE: Duration = Duration::from_secs(30);
/// The two that a foreign provider cannot do without.
const FOREIGN: [&str; 2] = ["WAYMARK_OIDC_ISSUER", "WAYMARK_OIDC_CLIENT_ID"];

/// What the server must know to let people sign in.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) issuer: String,
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Whether the demo accounts exist there.
    pub(crate) is_local: bool,
}

/// Starts the local provider, or takes the foreign one from `WAYMARK_OIDC_*`.
pub(crate) fn start(
    workshop: &Workshop,
    folder: &Folder,
    stack: &Stack,
    supervisor: &mut Supervisor,
) -> Result<Client> {
    if let Some(client) = foreign(|name| std::env::var(name).ok())? {
        return Ok(client);
    }
    node::set_up(workshop)?;
    let program = on_path("node").ok_or_else(|| Failure::world("`node` is not on `PATH`. Install Node first."))?;
    let issuer = issuer(stack);
    let config = serde_json::to_vec_pretty(&config(stack, &gitea::provider_client(folder, stack.ports.gitea)?))
        .world("write the provider's configuration")?;
    folder.write("oidc.json", &config)?;
    let spec = Spec::new("oidc", program, workshop.root())
        .args([workshop.path("playwright/oidc/provider.mjs").into_os_string(), "--config".into()])
        .args([folder.path().join("oidc.json").into_os_string()])
        .env("NODE_ENV", "production");
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    supervisor.start_until(&spec, READY_DEADLINE, || Ok(http::answers(&discovery)))?;
    Ok(Client { issuer, id: CLIENT.into(), secret: stack.secrets.oidc_client.clone(), is_local: true })
}

/// The address of the local provider.
pub(crate) fn issuer(stack: &Stack) -> String {
    format!("http://localhost:{}", stack.ports.oidc)
}

/// The configured provider: all of it or nothing.
pub(crate) fn foreign(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Client>> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    match FOREIGN.map(given) {
        [None, None] => Ok(None),
        [Some(issuer), Some(id)] => {
            let secret = given("WAYMARK_OIDC_CLIENT_SECRET").unwrap_or_default();
            Ok(Some(Client { issuer, id, secret, is_local: false }))
        }
        _ => Err(Failure::input(format!(
            "A provider of your own needs both {} and {} (and usually WAYMARK_OIDC_CLIENT_SECRET). Set the missing one, \
             or neither for the local provider.",
            FOREIGN[0], FOREIGN[1]
        ))),
    }
}

/// Two clients: the product and the Git host, which people enter with the same account.
fn config(stack: &Stack, git_host: &serde_json::Value) -> serde_json::Value {
    let web = format!("http://localhost:{}", stack.ports.web);
    json!({
        "issuer": issuer(stack),
        "host": "127.0.0.1",
        "port": stack.ports.oidc,
        "cookie_keys": [stack.secrets.oidc_cookies],
        "clients": [{
            "client_id": CLIENT,
            "client_secret": stack.secrets.oidc_client,
            "redirect_uris": [format!("{web}/auth/callback")],
            "post_logout_redirect_uris": [format!("{web}/")],
            "backchannel_logout_uri": format!("{web}/auth/backchannel-logout"),
        }, git_host],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn without_variables_the_provider_is_local() {
        assert!(foreign(from(&[])).unwrap().is_none());
        assert!(foreign(from(&[("WAYMARK_OIDC_ISSUER", "")])).unwrap().is_none());
    }

    #[test]
    fn a_foreign_provider_is_taken_whole() {
        let client =
            foreign(from(&[("WAYMARK_OIDC_ISSUER", "https://id.example.org"), ("WAYMARK_OIDC_CLIENT_ID", "w")]));
        let client = client.unwrap().unwrap();
        assert_eq!(
            (client.issuer.as_str(), client.id.as_str(), client.is_local),
            ("https://id.example.org", "w", false)
        );
    }

    #[test]
    fn half_a_foreign_provider_is_refused() {
        let failure = foreign(from(&[("WAYMARK_OIDC_ISSUER", "https://id.example.org")])).unwrap_err().to_string();
        assert!(failure.contains("WAYMARK_OIDC_CLIENT_ID"), "{failure}");
    }
}
