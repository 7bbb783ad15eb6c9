//! The objects of an overlay: whether delivery may write them, whether they are valid, and whether their pods would be
//! let in. A Deployment passes where its pods do not, so that a pod of each template is asked about as well.

use std::collections::BTreeMap;

use domain::scaffold::{CheckedIn, ObjectVerdict, Verdict};
use serde_json::{Value, json};

use super::amounts::PodUse;
use crate::{
    cluster::{Failure, FailureClass, Question, Served},
    provisioning::{Preview, Scratch, judged, unverified},
};

const DEPLOYER: &str = "waymark-deployer";

pub(super) async fn judge(
    preview: &Preview<'_>,
    scratch: &Result<Scratch, Failure>,
    home: &str,
    objects: &[Value],
) -> (Vec<ObjectVerdict>, Vec<PodUse>) {
    let scratch = match scratch {
        Ok(scratch) => scratch,
        Err(failure) => {
            let verdicts = objects.iter().map(|object| unverified(object, Some(home), failure)).collect();
            return (verdicts, objects.iter().filter_map(|object| PodUse::of(object, None)).collect());
        }
    };
    let mut asked = Asked { preview, scratch, home, served: BTreeMap::new() };
    let (mut verdicts, mut pods) = (Vec::new(), Vec::new());
    for object in objects {
        verdicts.push(asked.object(object).await);
        if let Some(pod) = pod_of(object) {
            let answer = preview.cluster.try_create("pods", &scratch.adopt(&pod)).await;
            pods.extend(PodUse::of(object, answer.as_ref().ok().map(|answer| &answer.object)));
            let warnings = answer.map(|answer| answer.warnings);
            verdicts.push(judged(&pod, Some(home), CheckedIn::Scratch, warnings));
        }
    }
    (verdicts, pods)
}

struct Asked<'a> {
    preview: &'a Preview<'a>,
    scratch: &'a Scratch,
    home: &'a str,
    served: BTreeMap<String, Served>,
}

impl Asked<'_> {
    async fn object(&mut self, object: &Value) -> ObjectVerdict {
        match self.answer(object).await {
            Ok(warnings) => judged(object, Some(self.home), CheckedIn::Scratch, Ok(warnings)),
            Err(Refusal::Cluster(failure)) => judged(object, Some(self.home), CheckedIn::Scratch, Err(failure)),
            Err(Refusal::Ours(message)) => {
                let unasked = Failure::of_ours(FailureClass::Invalid, message);
                let verdict = judged(object, Some(self.home), CheckedIn::None, Err(unasked));
                ObjectVerdict { verdict: Verdict::Denied, ..verdict }
            }
        }
    }

    async fn answer(&mut self, object: &Value) -> Result<Vec<String>, Refusal> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (api_version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
        if let Some(elsewhere) = object["metadata"]["namespace"].as_str().filter(|name| *name != self.home) {
            return Err(Refusal::Ours(format!(
                "It is written for the namespace {elsewhere}; delivery writes into {} alone.",
                self.home
            )));
        }
        if !self.served.contains_key(&api_version) {
            let served = match self.preview.cluster.served(&api_version).await {
                Err(failure) if failure.class == FailureClass::NotFound => Served::default(),
                other => other?,
            };
            self.served.insert(api_version.clone(), served);
        }
        let served = &self.served[&api_version];
        let Some(plural) = served.plural(&kind) else {
            return Err(Refusal::Ours(format!("This cluster serves no {kind} of {api_version}.")));
        };
        let scratch = &self.scratch.namespace;
        let question = Question {
            user: &format!("system:serviceaccount:{scratch}:{DEPLOYER}"),
            verb: "patch",
            namespace: if served.is_namespaced(&kind) { scratch } else { "" },
            group: api_version.split_once('/').map_or("", |(group, _)| group),
            plural,
        };
        if !self.preview.cluster.may(&question).await? {
            return Err(Refusal::Ours(format!(
                "Delivery works as {DEPLOYER}, which may not write {plural}: the cluster would refuse the whole commit. \
                 Take it out of the repository."
            )));
        }
        Ok(self.preview.cluster.try_apply(plural, &self.scratch.adopt(object)).await?.warnings)
    }
}

enum Refusal {
    /// Found out without asking about the object itself.
    Ours(String),
    Cluster(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Cluster(failure)
    }
}

/// A pod as the workload's controller would make it.
fn pod_of(workload: &Value) -> Option<Value> {
    let template = match workload["kind"].as_str()? {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => &workload["spec"]["template"],
        "CronJob" => &workload["spec"]["jobTemplate"]["spec"]["template"],
        _ => return None,
    };
    let name = workload["metadata"]["name"].as_str()?;
    // What is no map is left out: the server says so of the workload itself.
    let mut metadata = template["metadata"].as_object().cloned().unwrap_or_default();
    metadata.insert("name".to_owned(), format!("{name}-pod").into());
    Some(json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_is_made_from_each_kind_of_template() {
        let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c"}]}});
        for (kind, spec) in [
            ("Deployment", json!({"template": template})),
            ("Job", json!({"template": template})),
            ("CronJob", json!({"jobTemplate": {"spec": {"template": template}}})),
        ] {
            let pod = pod_of(&json!({"kind": kind, "metadata": {"name": "web"}, "spec": spec})).unwrap();
            assert_eq!((pod["kind"].as_str(), pod["metadata"]["name"].as_str()), (Some("Pod"), Some("web-pod")));
            assert_eq!(pod["metadata"]["labels"]["a"], "b");
            assert_eq!(pod["spec"]["containers"][0]["name"], "c");
        }
        let broken = json!({"template": {"metadata": "text", "spec": 1}});
        let pod = pod_of(&json!({"kind": "Job", "metadata": {"name": "web"}, "spec": broken})).unwrap();
        assert_eq!(pod["metadata"], json!({"name": "web-pod"}));
        assert!(pod_of(&json!({"kind": "Service", "metadata": {"name": "web"}})).is_none());
    }
}
