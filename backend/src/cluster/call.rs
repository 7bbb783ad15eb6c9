//! One call: built, sent, read and classified within one deadline.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use domain::provisioning::FIELD_MANAGER;
use kube::{
    Client,
    api::{DeleteParams, GetParams, ListParams, Patch, PatchParams, PostParams, Preconditions},
    client::Body,
    core::Request,
};
use serde_json::Value;

use super::{Cluster, Failure, FailureClass};

/// Longer than any healthy call and shorter than the server's own minute.
const DEADLINE: Duration = Duration::from_secs(10);

/// An answer with what the server warns of.
type Heard = Result<(Value, Vec<String>), Failure>;

/// What to do below a path.
#[derive(Clone)]
pub(super) enum Op<'a> {
    Get(&'a str),
    List {
        continued: Option<String>,
    },
    Create(&'a Value),
    /// A question that is put as an object and stored nowhere.
    Ask(&'a Value),
    /// Forced, with our field manager.
    Apply(&'a str, &'a Value),
    Merge(&'a str, &'a Value),
    /// As [`Op::Create`] and [`Op::Apply`], judged by all of admission and stored nowhere.
    TryCreate(&'a Value),
    TryApply(&'a str, &'a Value),
    Delete {
        name: &'a str,
        uid: &'a str,
    },
}

impl Op<'_> {
    fn verb(&self) -> &'static str {
        match self {
            Self::Get(_) => "get",
            Self::List { .. } => "list",
            Self::Create(_) | Self::Ask(_) | Self::TryCreate(_) => "create",
            Self::Apply(..) | Self::Merge(..) | Self::TryApply(..) => "patch",
            Self::Delete { .. } => "delete",
        }
    }

    fn is_write(&self) -> bool {
        !matches!(self, Self::Get(_) | Self::List { .. } | Self::Ask(_))
    }
}

impl Cluster {
    pub(super) async fn call(&self, path: &str, op: Op<'_>) -> Result<Value, Failure> {
        let (body, warnings) = self.call_heard(path, op).await?;
        for warning in warnings {
            tracing::warn!(cluster = self.name, path, warning, "the cluster warns");
        }
        Ok(body)
    }

    /// The same with what the server warns of.
    pub(super) async fn call_heard(&self, path: &str, op: Op<'_>) -> Heard {
        if op.is_write() {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
        let (verb, started, credential) = (op.verb(), Instant::now(), self.credential.current());
        let mut answer = self.send_in_time(&credential.client, path, op.clone()).await;
        if is(&answer, FailureClass::Unauthorized) && self.credential.renew(credential.number).await {
            answer = self.send_in_time(&self.credential.current().client, path, op).await;
        }
        if is(&answer, FailureClass::Overloaded) {
            self.pressure.rise(Instant::now());
        }
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let class = answer.as_ref().err().map(|f| f.class.as_str());
        tracing::debug!(cluster = self.name, verb, path, duration_ms, class, "cluster call");
        answer
    }

    async fn send_in_time(&self, client: &Client, path: &str, op: Op<'_>) -> Heard {
        tokio::time::timeout(DEADLINE, self.send(client, path, op)).await.unwrap_or_else(|_| {
            Err(Failure::new(FailureClass::Unreachable, format!("no answer within {} s", DEADLINE.as_secs())))
        })
    }

    async fn send(&self, client: &Client, path: &str, op: Op<'_>) -> Heard {
        let request = Request::new(path);
        let patch = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        let post = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        let request = match op {
            Op::Get(name) => request.get(name, &GetParams::default()),
            Op::List { continued } => {
                request.list(&ListParams { limit: Some(500), continue_token: continued, ..ListParams::default() })
            }
            Op::Create(body) | Op::Ask(body) => request.create(&post, body.to_string().into_bytes()),
            Op::TryCreate(body) => request.create(&PostParams { dry_run: true, ..post }, body.to_string().into_bytes()),
            Op::TryApply(name, body) => {
                request.patch(name, &PatchParams { dry_run: true, ..patch.force() }, &Patch::Apply(body))
            }
            Op::Apply(name, body) => request.patch(name, &patch.force(), &Patch::Apply(body)),
            Op::Merge(name, body) => request.patch(name, &patch, &Patch::Merge(body)),
            Op::Delete { name, uid } => {
                let uid = Some(uid.to_owned());
                let preconditions = Some(Preconditions { uid, resource_version: None });
                request.delete(name, &DeleteParams { preconditions, ..DeleteParams::default() })
            }
        };
        let request = request
            .map_err(|e| Failure::new(FailureClass::WrongSchema, format!("the request cannot be built: {e}")))?;
        let response = client.send(request.map(Body::from)).await.map_err(|e| unsent(&e))?;
        let code = response.status().as_u16();
        let [warnings, mut retry_after] = ["warning", "retry-after"].map(|name| -> Vec<String> {
            response.headers().get_all(name).iter().filter_map(|v| v.to_str().ok()).map(str::to_owned).collect()
        });
        let bytes = response.into_body().collect_bytes().await.map_err(|e| unsent(&e))?;
        let body =
            serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
        if code < 400 {
            Ok((body, warnings))
        } else {
            Err(Failure::of_answer(code, &body, retry_after.pop().as_deref()))
        }
    }
}

fn is(answer: &Heard, class: FailureClass) -> bool {
    answer.as_ref().is_err_and(|failure| failure.class == class)
}

/// Nothing came back, or not all of it. A credential that cannot be had is told apart: retrying at once does not help.
fn unsent(error: &kube::Error) -> Failure {
    let class =
        if matches!(error, kube::Error::Auth(_)) { FailureClass::Unauthorized } else { FailureClass::Unreachable };
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    Failure::new(class, message)
}
