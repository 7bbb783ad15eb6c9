//! What expressions may read beside the parameters.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::EntityRef;

/// The object `waymark` in expressions: what the platform decides for a new service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathContext {
    pub team: String,
    pub service: String,
    /// The team's organisation at the Git host.
    pub organisation: String,
    pub repository: String,
    /// Without a slash at its end.
    pub git_url: String,
    pub namespaces: Namespaces,
    /// The image that runs until the first build replaces it, without tag or digest.
    pub starter_image: String,
    /// `sha256:` and 64 hex digits.
    pub starter_digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Namespaces {
    pub dev: String,
    pub staging: String,
    pub prod: String,
}

/// Where repositories are made and what runs in them at first: the platform's configuration.
const EXAMPLE_GIT_URL: &str = "https://git.example.com";
const EXAMPLE_IMAGE: &str = "registry.example.com/waymark/starter";

impl PathContext {
    /// Of the service `name` owned by `owner`, at a Git host and with a starter image.
    pub fn new(name: &str, owner: &EntityRef, git_url: &str, starter_image: &str, starter_digest: &str) -> Self {
        let team = owner.name().to_owned();
        let namespace = |environment: &str| format!("{team}-{name}-{environment}");
        Self {
            service: name.into(),
            organisation: team.clone(),
            repository: name.into(),
            git_url: git_url.trim_end_matches('/').into(),
            namespaces: Namespaces { dev: namespace("dev"), staging: namespace("staging"), prod: namespace("prod") },
            starter_image: starter_image.into(),
            starter_digest: starter_digest.into(),
            team,
        }
    }

    /// The same where no platform is configured: addresses under the reserved domain `example.com` (RFC 2606).
    pub fn unconfigured(name: &str, owner: &EntityRef) -> Self {
        Self::new(name, owner, EXAMPLE_GIT_URL, EXAMPLE_IMAGE, &format!("sha256:{}", "0".repeat(64)))
    }

    /// All that a step's expressions can read before any step is looked at.
    pub fn expressions(&self, parameters: &Value) -> Value {
        json!({
            "parameters": parameters,
            "steps": {},
            "waymark": self,
            "user": {"entity": null, "ref": null},
            "context": {"task": {"id": null}},
            "secrets": {},
            "environment": {"parameters": {}, "secrets": {}},
        })
    }
}

/// Of a step's `if`: false for false, null, nothing, the empty text, zero and the empty list.
pub fn is_truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(_)) => true,
    }
}
