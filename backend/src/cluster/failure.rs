//! What an answer of the API server means for what is to be done next.

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

/// What kind of failure it is. The words are the reasons of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// Nobody answered, or not in time.
    Unreachable,
    Unauthorized,
    /// A rule is missing in our role.
    Forbidden,
    /// We may not give what we do not hold.
    Escalation,
    /// The namespace is being deleted.
    Terminating,
    /// A quota of the namespace is too low for our own objects.
    ExceededQuota,
    NotFound,
    /// Changed, made or deleted under us: look again.
    Stale,
    Invalid,
    /// What we sent does not fit this cluster's schema; the server calls it an internal error.
    WrongSchema,
    /// A webhook or policy refused.
    AdmissionDenied,
    WebhookDown,
    Overloaded,
    Other,
}

/// A call that did not do what it should.
#[derive(Clone, Debug, Error)]
#[error("{message}")]
pub struct Failure {
    pub class: FailureClass,
    /// As the API server put it.
    pub message: String,
    pub retry_after: Option<Duration>,
}

impl FailureClass {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "ConnectionFailed",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::Escalation => "Escalation",
            Self::Terminating => "Terminating",
            Self::ExceededQuota => "ExceededQuota",
            Self::NotFound => "NotFound",
            Self::Stale => "Stale",
            Self::Invalid => "Invalid",
            Self::WrongSchema => "WrongSchema",
            Self::AdmissionDenied => "AdmissionDenied",
            Self::WebhookDown => "WebhookDown",
            Self::Overloaded => "Overloaded",
            Self::Other => "Failed",
        }
    }

    /// Whether the cluster as a whole is at fault rather than one object.
    pub fn is_outage(self) -> bool {
        matches!(self, Self::Unreachable | Self::Unauthorized)
    }

    /// Whether the server judged what was sent and said no, rather than being unable to judge: only people can help,
    /// and asking again soon is no use.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Forbidden
                | Self::Escalation
                | Self::ExceededQuota
                | Self::Invalid
                | Self::WrongSchema
                | Self::AdmissionDenied
        )
    }
}

impl Failure {
    /// Found out on this side, before or after the server was asked.
    pub(crate) fn of_ours(class: FailureClass, message: impl Into<String>) -> Self {
        Self::new(class, message)
    }

    pub(super) fn new(class: FailureClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), retry_after: None }
    }

    /// From a status code and a `Status` object, or whatever text stands in its place.
    pub(super) fn of_answer(code: u16, body: &Value, retry_after: Option<&str>) -> Self {
        let text = body["message"].as_str().or_else(|| body.as_str()).unwrap_or("no reason was given");
        Self {
            class: classify(code, text, body),
            message: text.to_owned(),
            retry_after: retry_after.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
        }
    }
}

fn classify(code: u16, text: &str, body: &Value) -> FailureClass {
    use FailureClass as C;
    let has = |part: &str| text.contains(part);
    let cause =
        |reason: &str| body["details"]["causes"].as_array().into_iter().flatten().any(|c| c["reason"] == reason);
    match code {
        400..=499 if has("admission webhook") && has("denied the request") => C::AdmissionDenied,
        400..=499 if has("ValidatingAdmissionPolicy") && has("denied request") => C::AdmissionDenied,
        401 => C::Unauthorized,
        403 if cause("NamespaceTerminating") => C::Terminating,
        403 if has("attempting to grant RBAC permissions not currently held") => C::Escalation,
        403 if has("exceeded quota") => C::ExceededQuota,
        403 => C::Forbidden,
        404 => C::NotFound,
        409 | 410 => C::Stale,
        422 if has("metadata.uid") || has("the server rejected our request") => C::Stale,
        400 | 405 | 413 | 415 | 422 => C::Invalid,
        500 if has("failed to create typed patch object") => C::WrongSchema,
        500 if has("failed calling webhook") => C::WebhookDown,
        429 | 503 | 504 => C::Overloaded,
        _ => C::Other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_servers_own_words_are_understood() {
        use FailureClass as C;
        let class = |code, text: &str| Failure::of_answer(code, &json!({ "message": text }), None).class;
        for (code, text, expected) in [
            (401, "Unauthorized", C::Unauthorized),
            (
                403,
                "networkpolicies \"x\" is forbidden: User \"waymark\" cannot patch resource \"networkpolicies\" in API group",
                C::Forbidden,
            ),
            (403, "user \"w\" is attempting to grant RBAC permissions not currently held", C::Escalation),
            (403, "exceeded quota: waymark-compute, requested: count/configmaps=1", C::ExceededQuota),
            (
                403,
                "namespaces \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: no",
                C::AdmissionDenied,
            ),
            (404, "namespaces \"x\" not found", C::NotFound),
            (409, "uid mismatch: the provided object specified uid x, and no existing object was found", C::Stale),
            (422, "Namespace \"x\" is invalid: metadata.uid: Invalid value: field is immutable", C::Stale),
            (422, "RoleBinding is invalid: roleRef: cannot change roleRef", C::Invalid),
            (400, "admission webhook \"w\" denied the request: no", C::AdmissionDenied),
            (500, "failed to create typed patch object (x): field not declared in schema", C::WrongSchema),
            (500, "failed calling webhook \"w\": connection refused", C::WebhookDown),
            (503, "etcdserver: leader changed", C::Overloaded),
            (500, "something else", C::Other),
        ] {
            assert_eq!(class(code, text), expected, "{code} {text}");
        }
    }

    #[test]
    fn a_dying_namespace_is_told_by_its_cause() {
        let body = json!({ "message": "forbidden", "details": { "causes": [{ "reason": "NamespaceTerminating" }] } });
        assert_eq!(Failure::of_answer(403, &body, None).class, FailureClass::Terminating);
    }

    #[test]
    fn retry_after_is_kept_and_plain_text_is_a_message() {
        let failure = Failure::of_answer(429, &json!("slow down"), Some("7"));
        assert_eq!((failure.class, failure.retry_after), (FailureClass::Overloaded, Some(Duration::from_secs(7))));
        assert_eq!(failure.message, "slow down");
    }
}
