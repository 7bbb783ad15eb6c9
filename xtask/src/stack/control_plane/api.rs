//! What this stack asks the API server for, over HTTPS with the cluster's own authority.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::failure::{Failure, Result, While};

/// The owner of the fields that this stack writes.
const FIELD_MANAGER: &str = "waymark-stack";
const DEADLINE: Duration = Duration::from_secs(10);

/// The API server as its administrator sees it.
pub(super) struct Api {
    agent: ureq::Agent,
    address: String,
    authorization: String,
}

impl Api {
    pub(super) fn new(address: &str, authority: &str, token: String) -> Result<Self> {
        let root = Certificate::from_pem(authority.as_bytes()).world("read the cluster's authority")?;
        let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(vec![root]))).build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(DEADLINE))
            .http_status_as_error(false)
            // Straight to this machine, whatever proxy is configured for the world.
            .proxy(None);
        let agent = ureq::Agent::new_with_config(config.build());
        Ok(Self { agent, address: address.to_owned(), authorization: format!("Bearer {token}") })
    }

    /// Whether an address of this or another server of the cluster answers with success.
    pub(super) fn answers(&self, address: &str) -> bool {
        let asked = self.agent.get(address).header("authorization", &self.authorization).call();
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Writes an object whatever its kind; what others wrote into its other fields stays.
    pub(super) fn apply(&self, object: &Value) -> Result<()> {
        let path = self.path_of(object)?;
        let url = format!("{}{path}?fieldManager={FIELD_MANAGER}&force=true", self.address);
        let request = self.agent.patch(&url).header("authorization", &self.authorization);
        // JSON is YAML.
        let sent = request.header("content-type", "application/apply-patch+yaml").send(object.to_string());
        self.read(sent, &format!("apply {path}")).map(drop)
    }

    pub(super) fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.address));
        self.read(request.header("authorization", &self.authorization).call(), &format!("read {path}"))
    }

    pub(super) fn delete(&self, path: &str) -> Result<()> {
        let request = self.agent.delete(format!("{}{path}", self.address));
        self.read(request.header("authorization", &self.authorization).call(), &format!("delete {path}")).map(drop)
    }

    /// Where the object lives: the server itself says how its kind is written in addresses.
    fn path_of(&self, object: &Value) -> Result<String> {
        let version = text(object, "/apiVersion")?;
        let base = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
        place(object, &base, &self.get(&base)?)
    }

    fn read(&self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>, what: &str) -> Result<Value> {
        let mut answer = answer.world(what)?;
        let status = answer.status();
        let body = answer.body_mut().read_to_string().world(what)?;
        let value: Value = serde_json::from_str(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let reason = value["message"].as_str().unwrap_or(&body);
        Err(Failure::world(format!("Could not {what}: the API server answered {status}: {reason}")))
    }
}

/// The object's address below `base`, by the server's list of resources.
fn place(object: &Value, base: &str, resources: &Value) -> Result<String> {
    let (kind, name) = (text(object, "/kind")?, text(object, "/metadata/name")?);
    let listed = resources["resources"].as_array().into_iter().flatten();
    let own = |resource: &&Value| {
        resource["kind"] == kind && resource["name"].as_str().is_some_and(|name| !name.contains('/'))
    };
    let resource = listed.clone().find(own);
    let resource = resource.ok_or_else(|| Failure::world(format!("The API server knows no {kind} in {base}.")))?;
    let plural = text(resource, "/name")?;
    if resource["namespaced"] == true {
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default");
        return Ok(format!("{base}/namespaces/{namespace}/{plural}/{name}"));
    }
    Ok(format!("{base}/{plural}/{name}"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| Failure::input(format!("An object without a text at `{pointer}` cannot be applied: {value}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_follows_what_the_server_says_of_the_kind() {
        let resources = json!({ "resources": [
            { "name": "roles/status", "kind": "Role", "namespaced": true },
            { "name": "roles", "kind": "Role", "namespaced": true },
            { "name": "clusterroles", "kind": "ClusterRole", "namespaced": false },
        ] });
        let base = "/apis/rbac.authorization.k8s.io/v1";
        let at = |object: Value| place(&object, base, &resources);
        let role = json!({ "kind": "Role", "metadata": { "name": "a", "namespace": "b" } });
        assert_eq!(at(role).unwrap(), format!("{base}/namespaces/b/roles/a"));
        let role = json!({ "kind": "ClusterRole", "metadata": { "name": "a" } });
        assert_eq!(at(role).unwrap(), format!("{base}/clusterroles/a"));
        let failure = at(json!({ "kind": "Rule", "metadata": { "name": "a" } })).unwrap_err().to_string();
        assert!(failure.contains("knows no Rule"), "{failure}");
        assert!(at(json!({ "kind": "Role", "metadata": {} })).is_err());
    }
}
