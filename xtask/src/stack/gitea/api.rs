//! Gitea's HTTP interface, as far as a start needs it.

use std::time::Duration;

use serde_json::Value;

use crate::failure::{Failure, Result, While};

const DEADLINE: Duration = Duration::from_secs(20);

/// Speaks as the owner of one token.
pub(super) struct Api {
    agent: ureq::Agent,
    base: String,
    authorization: String,
}

/// Status and body of an answer; the body is null where it is no JSON.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Api {
    pub(super) fn new(url: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(DEADLINE)).http_status_as_error(false).build();
        Self {
            agent: ureq::Agent::new_with_config(config),
            base: format!("{url}/api/v1"),
            authorization: format!("token {token}"),
        }
    }

    /// Whether the token is (still) one of this Gitea.
    pub(super) fn knows_me(&self) -> Result<bool> {
        let answer = self.get("/user")?;
        match answer.status {
            200 => Ok(true),
            401 | 403 => Ok(false),
            _ => Err(answer.unexpected("/user")),
        }
    }

    pub(super) fn get(&self, path: &str) -> Result<Answer> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Authorization", &self.authorization);
        Answer::read(request.call(), path)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let request = self.agent.post(format!("{}{path}", self.base)).header("Authorization", &self.authorization);
        Answer::read(request.content_type("application/json").send(body.to_string()), path)
    }
}

impl Answer {
    fn read(answer: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>, path: &str) -> Result<Self> {
        let mut answer = answer.world(format_args!("ask the Git host for {path}"))?;
        let text = answer.body_mut().read_to_string().world(format_args!("read the Git host's answer for {path}"))?;
        Ok(Self { status: answer.status().as_u16(), body: serde_json::from_str(&text).unwrap_or_default() })
    }

    /// For statuses that nobody counts on.
    pub(super) fn unexpected(&self, path: &str) -> Failure {
        let said = self.body["message"].as_str().unwrap_or("nothing more");
        Failure::world(format!(
            "The Git host answered {} for {path} and said: {said}. Its log may tell the cause (`logs/gitea.log`).",
            self.status
        ))
    }
}
