//! What the API server would say: dry runs through all of its admission, and questions about rights.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cluster, Failure, call::Op};

/// The types that one API version serves, by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served(BTreeMap<String, Resource>);

#[derive(Clone, Debug)]
struct Resource {
    plural: String,
    is_namespaced: bool,
}

/// The object as it would be stored, with defaults, and what the server warns of.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) object: Value,
    pub(crate) warnings: Vec<String>,
}

/// Whether somebody may do something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// As the API server knows them, such as `system:serviceaccount:a:b`.
    pub(crate) user: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) group: &'a str,
    pub(crate) plural: &'a str,
}

impl Served {
    /// As in addresses; `None` for a kind that is not served.
    pub(crate) fn plural(&self, kind: &str) -> Option<&str> {
        self.0.get(kind).map(|resource| resource.plural.as_str())
    }

    pub(crate) fn is_namespaced(&self, kind: &str) -> bool {
        self.0.get(kind).is_some_and(|resource| resource.is_namespaced)
    }
}

impl Cluster {
    pub(crate) async fn served(&self, api_version: &str) -> Result<Served, Failure> {
        let list = self.call(&root(api_version), Op::List { continued: None }).await?;
        let resources = list["resources"].as_array().into_iter().flatten().filter_map(|resource| {
            let plural = resource["name"].as_str().filter(|name| !name.contains('/'))?.to_owned();
            let is_namespaced = resource["namespaced"].as_bool().unwrap_or_default();
            Some((resource["kind"].as_str()?.to_owned(), Resource { plural, is_namespaced }))
        });
        Ok(Served(resources.collect()))
    }

    /// Server-side apply of an object that need not be there yet.
    pub(crate) async fn try_apply(&self, plural: &str, body: &Value) -> Result<Answer, Failure> {
        let name = body["metadata"]["name"].as_str().unwrap_or_default();
        self.answered(&collection(plural, body), Op::TryApply(name, body)).await
    }

    /// Creation, for what is judged at creation alone, such as pods.
    pub(crate) async fn try_create(&self, plural: &str, body: &Value) -> Result<Answer, Failure> {
        self.answered(&collection(plural, body), Op::TryCreate(body)).await
    }

    pub(crate) async fn may(&self, question: &Question<'_>) -> Result<bool, Failure> {
        let namespace = question.user.split(':').nth(2).unwrap_or_default();
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": question.user,
                "groups": ["system:serviceaccounts", format!("system:serviceaccounts:{namespace}"), "system:authenticated"],
                "resourceAttributes": {
                    "verb": question.verb,
                    "namespace": question.namespace,
                    "group": question.group,
                    "resource": question.plural,
                },
            },
        });
        let answer = self.call("/apis/authorization.k8s.io/v1/subjectaccessreviews", Op::Ask(&review)).await?;
        Ok(answer["status"]["allowed"].as_bool().unwrap_or_default())
    }

    async fn answered(&self, path: &str, op: Op<'_>) -> Result<Answer, Failure> {
        let (object, warnings) = self.call_heard(path, op).await?;
        Ok(Answer { object, warnings: warnings.iter().map(|warning| words(warning)).collect() })
    }
}

fn collection(plural: &str, body: &Value) -> String {
    let root = root(body["apiVersion"].as_str().unwrap_or_default());
    match body["metadata"]["namespace"].as_str() {
        Some(namespace) => format!("{root}/namespaces/{namespace}/{plural}"),
        None => format!("{root}/{plural}"),
    }
}

fn root(api_version: &str) -> String {
    if api_version.contains('/') { format!("/apis/{api_version}") } else { format!("/api/{api_version}") }
}

/// The text of a `Warning` header, `299 - "text"` (RFC 7234 5.5).
fn words(warning: &str) -> String {
    let quoted = warning.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(text, _)| text);
    quoted.unwrap_or(warning).replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_shown_without_its_header() {
        assert_eq!(words(r#"299 - "would violate \"restricted\"""#), r#"would violate "restricted""#);
        assert_eq!(words("plain"), "plain");
    }

    #[test]
    fn addresses_follow_group_and_namespace() {
        let pod = json!({"apiVersion": "v1", "metadata": {"namespace": "a"}});
        assert_eq!(collection("pods", &pod), "/api/v1/namespaces/a/pods");
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {}});
        assert_eq!(collection("clusterroles", &role), "/apis/rbac.authorization.k8s.io/v1/clusterroles");
    }
}
