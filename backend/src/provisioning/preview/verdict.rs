//! An answer of the API server in the form of a plan.

use domain::scaffold::{CheckedIn, ObjectVerdict, Verdict};
use serde_json::Value;

use crate::cluster::Failure;

/// `home` is the namespace that the object is meant for. An answer that did not come is no verdict.
pub(crate) fn judged(
    body: &Value,
    home: Option<&str>,
    checked_in: CheckedIn,
    answer: Result<Vec<String>, Failure>,
) -> ObjectVerdict {
    match answer {
        Ok(warnings) => verdict(body, home, Verdict::Accepted, checked_in, None, warnings),
        Err(failure) if failure.class.is_refusal() => {
            verdict(body, home, Verdict::Denied, checked_in, Some(failure.message), vec![])
        }
        Err(failure) => unverified(body, home, &failure),
    }
}

pub(crate) fn unverified(body: &Value, home: Option<&str>, failure: &Failure) -> ObjectVerdict {
    let message = format!("Nobody could ask the cluster: {failure}");
    verdict(body, home, Verdict::Unverified, CheckedIn::None, Some(message), vec![])
}

fn verdict(
    body: &Value,
    home: Option<&str>,
    verdict: Verdict,
    checked_in: CheckedIn,
    message: Option<String>,
    warnings: Vec<String>,
) -> ObjectVerdict {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ObjectVerdict {
        api_version: text(&body["apiVersion"]),
        kind: text(&body["kind"]),
        namespace: home.map(str::to_owned),
        name: text(&body["metadata"]["name"]),
        verdict,
        checked_in,
        message,
        warnings,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cluster::FailureClass;

    #[test]
    fn only_a_refusal_is_a_denial() {
        let body = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}});
        let of = |class| judged(&body, Some("n"), CheckedIn::Scratch, Err(Failure::of_ours(class, "no"))).verdict;
        for class in [
            FailureClass::Forbidden,
            FailureClass::ExceededQuota,
            FailureClass::Invalid,
            FailureClass::WrongSchema,
            FailureClass::AdmissionDenied,
        ] {
            assert_eq!(of(class), Verdict::Denied, "{class:?}");
        }
        for class in [
            FailureClass::Unreachable,
            FailureClass::Unauthorized,
            FailureClass::Overloaded,
            FailureClass::WebhookDown,
            FailureClass::NotFound,
        ] {
            assert_eq!(of(class), Verdict::Unverified, "{class:?}");
        }
        let accepted = judged(&body, Some("n"), CheckedIn::Target, Ok(vec!["careful".into()]));
        assert_eq!((accepted.verdict, accepted.warnings.len()), (Verdict::Accepted, 1));
    }
}
