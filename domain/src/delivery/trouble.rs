//! What stands in the way, in the words of who says so, and what to do about it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::observed::{Observed, Pod, Report, Workload};
use crate::provisioning::is_accelerator;

/// One thing that keeps a commit from running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trouble {
    pub cause: Cause,
    /// Who says it, such as `API server`.
    pub by: String,
    /// Which object, such as `Deployment/checkout`.
    pub object: String,
    /// The exact words.
    pub said: String,
    /// A sentence: what helps.
    pub remedy: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Git does not answer the engine, or refuses it.
    Source,
    /// The commit holds what a repository may not change.
    NotAllowed,
    /// A policy of the cluster refused.
    Policy,
    /// The files cannot be read or built.
    Build,
    Quota,
    Scheduling,
    Image,
    Crash,
    Other,
}

impl Cause {
    /// A few words, as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Source => "The repository cannot be read",
            Self::NotAllowed => "The commit holds what a repository may not change",
            Self::Policy => "A policy of the cluster refused it",
            Self::Build => "The files cannot be built",
            Self::Quota => "The quota of the namespace is used up",
            Self::Scheduling => "No node has room",
            Self::Image => "The image cannot be had",
            Self::Crash => "The container stops again and again",
            Self::Other => "It does not come up",
        }
    }
}

impl Trouble {
    /// The node resource that a quota has too little of, if it is an accelerator: those can be asked for.
    pub fn accelerator(&self) -> Option<&str> {
        if self.cause == Cause::Quota { accelerator(&self.said) } else { None }
    }
}

/// The most fundamental first: what was never applied cannot run.
pub fn troubles(observed: &Observed) -> Vec<Trouble> {
    let source = observed.source.as_ref().and_then(|s| s.ready.as_ref()).filter(|r| r.is_false()).map(source);
    let sync = observed.sync.as_ref().and_then(|s| s.ready.as_ref()).filter(|r| r.is_false()).and_then(sync);
    let refused = observed.workloads.iter().filter_map(refused);
    let mut found: Vec<Trouble> = source.into_iter().chain(sync).chain(refused).collect();
    for pod in observed.pods.iter().filter_map(stuck) {
        // Many pods of one workload say the same.
        if !found.iter().any(|known| known.cause == pod.cause && known.said == pod.said) {
            found.push(pod);
        }
    }
    found
}

fn source(report: &Report) -> Trouble {
    let remedy = "The platform renews the credential by itself; when this stays, ask the platform team.";
    trouble(Cause::Source, "Flux", "GitRepository/waymark-source", report, remedy)
}

/// While the engine only waits for its source, the source says why.
fn sync(report: &Report) -> Option<Trouble> {
    let said = report.message.as_str();
    if matches!(report.reason.as_str(), "ArtifactFailed" | "DependencyNotReady")
        || said.contains("Source artifact not found")
    {
        return None;
    }
    let (cause, remedy) = if said.contains("ValidatingAdmissionPolicy") || said.contains("admission webhook") {
        (Cause::Policy, "Change the file that it names and push again. Until then the former commit keeps running.")
    } else if said.contains("(Forbidden)") || said.contains(" is forbidden: ") {
        (
            Cause::NotAllowed,
            "Nothing of this commit was applied and the former one keeps running. Take the object out and push again; \
             access, network policies and quotas are changed in Waymark.",
        )
    } else if report.reason == "BuildFailed" {
        (Cause::Build, "Build the folder on your machine with `kubectl kustomize`, mend it, and push again.")
    } else {
        (Cause::Other, "Mend what it names and push again. The engine tries again by itself.")
    };
    Some(trouble(cause, "Flux", "Kustomization/waymark-delivery", report, remedy))
}

fn refused(workload: &Workload) -> Option<Trouble> {
    let report = workload.failure.as_ref()?;
    let (cause, remedy) = match report.message.as_str() {
        said if said.contains("exceeded quota") && accelerator(said).is_some() => (
            Cause::Quota,
            "Ask for more for this namespace, or lower the replicas or what each of them asks for, and push.",
        ),
        said if said.contains("exceeded quota") => (
            Cause::Quota,
            "Lower the replicas or what each of them asks for, and push; the platform team can make the namespace larger.",
        ),
        said if said.contains("violates PodSecurity") || said.contains("ValidatingAdmissionPolicy") => {
            (Cause::Policy, "Change the pod as the sentence says and push again.")
        }
        _ => (Cause::Other, "Mend what the sentence names and push again."),
    };
    let object = format!("{}/{}", workload.kind, workload.name);
    Some(trouble(cause, "API server", &object, report, remedy))
}

/// The first accelerator that a quota's sentence names, such as `requested: requests.nvidia.com/gpu=1`.
fn accelerator(said: &str) -> Option<&str> {
    let keys = said.split([' ', ',', '=']).filter_map(|word| word.strip_prefix("requests."));
    keys.into_iter().find(|name| is_accelerator(name))
}

fn stuck(pod: &Pod) -> Option<Trouble> {
    let found = pod.trouble.as_ref()?;
    let (cause, by, remedy) = match found.reason.as_str() {
        "Unschedulable" => (
            Cause::Scheduling,
            "Scheduler",
            "Wait until something frees up, or ask for less. What is free stands where more is asked for.",
        ),
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
            (Cause::Image, "Node", "Push the image under this name, or roll back to a version that has one.")
        }
        "CrashLoopBackOff" | "Error" | "OOMKilled" => {
            (Cause::Crash, "Node", "Read the log of the container, or roll back to the version before.")
        }
        _ => (Cause::Other, "Node", "Mend what it names and push again."),
    };
    let said = if found.message.is_empty() { found.reason.clone() } else { found.message.clone() };
    let object = format!("Pod/{}", pod.name);
    Some(Trouble { cause, by: by.to_owned(), object, said, remedy: remedy.to_owned(), since: None })
}

fn trouble(cause: Cause, by: &str, object: &str, report: &Report, remedy: &str) -> Trouble {
    Trouble {
        cause,
        by: by.to_owned(),
        object: object.to_owned(),
        said: report.message.clone(),
        remedy: remedy.to_owned(),
        since: report.since,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::observed::{PodTrouble, SourceState, SyncState};
    use super::*;
    use crate::provisioning::ConditionStatus;

    fn report(status: ConditionStatus, reason: &str, message: &str) -> Report {
        Report { status, reason: reason.into(), message: message.into(), since: None }
    }

    pub(in super::super) fn observed() -> Observed {
        let commit = "0123456789abcdef0123456789abcdef01234567".parse().ok();
        let fine = Some(report(ConditionStatus::True, "Succeeded", "fine"));
        Observed {
            source: Some(SourceState { commit: commit.clone(), ready: fine.clone() }),
            sync: Some(SyncState { applied: commit.clone(), attempted: commit, ready: fine }),
            workloads: vec![Workload {
                kind: "Deployment".into(),
                name: "checkout".into(),
                images: vec!["a:1".into()],
                desired: 2,
                updated: 2,
                ready: 2,
                is_available: true,
                failure: None,
            }],
            pods: vec![],
            addresses: vec![],
        }
    }

    pub(in super::super) fn refused(said: &str) -> Observed {
        let mut observed = observed();
        observed.workloads[0].failure = Some(report(ConditionStatus::True, "FailedCreate", said));
        observed.workloads[0].is_available = false;
        observed
    }

    fn sync_fails(reason: &str, said: &str) -> Option<Cause> {
        let mut observed = observed();
        observed.sync.as_mut().unwrap().ready = Some(report(ConditionStatus::False, reason, said));
        troubles(&observed).first().map(|t| t.cause)
    }

    #[test]
    fn what_the_engine_says_is_understood() {
        let forbidden = "RoleBinding/a/evil dry-run failed (Forbidden): rolebindings \"evil\" is forbidden: User \
                         \"system:serviceaccount:a:waymark-deployer\" cannot patch resource \"rolebindings\"";
        assert_eq!(sync_fails("ReconciliationFailed", forbidden), Some(Cause::NotAllowed));
        let policy = "Deployment/a/x dry-run failed (Forbidden): ValidatingAdmissionPolicy 'p' with binding 'b' denied";
        assert_eq!(sync_fails("ReconciliationFailed", policy), Some(Cause::Policy));
        assert_eq!(sync_fails("BuildFailed", "accumulating resources: no such file"), Some(Cause::Build));
        assert_eq!(sync_fails("ArtifactFailed", "Source is not ready, artifact not found"), None);
        assert_eq!(sync_fails("ReconciliationFailed", "timeout"), Some(Cause::Other));
        assert_eq!(troubles(&observed()), []);
    }

    #[test]
    fn refused_pods_say_what_helps() {
        let found = troubles(&refused("pods \"x\" is forbidden: exceeded quota: waymark-gpu, requested: …"));
        assert_eq!((found[0].cause, found[0].by.as_str()), (Cause::Quota, "API server"));
        assert!(found[0].remedy.starts_with("Lower the replicas"));
        assert_eq!(found[0].accelerator(), None);
        assert_eq!(troubles(&refused("violates PodSecurity \"restricted:latest\""))[0].cause, Cause::Policy);
    }

    #[test]
    fn accelerators_beyond_the_quota_can_be_asked_for() {
        let said = "pods \"x\" is forbidden: exceeded quota: waymark-gpu, requested: requests.nvidia.com/gpu=1, used: \
                    requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1";
        let found = troubles(&refused(said));
        assert!(found[0].remedy.starts_with("Ask for more"));
        assert_eq!(found[0].accelerator(), Some("nvidia.com/gpu"));
        let cpu =
            "exceeded quota: waymark-compute, requested: requests.cpu=4, used: requests.cpu=3, limited: requests.cpu=4";
        assert_eq!(troubles(&refused(cpu))[0].accelerator(), None);
    }

    #[test]
    fn many_pods_with_one_reason_are_one_trouble() {
        let mut observed = observed();
        let pod = |name: &str, reason: &str, message: &str| Pod {
            name: name.into(),
            workload: "checkout".into(),
            phase: "Pending".into(),
            is_ready: false,
            node: None,
            images: vec![],
            accelerators: Default::default(),
            trouble: Some(PodTrouble { reason: reason.into(), message: message.into() }),
        };
        observed.pods = vec![
            pod("a", "Unschedulable", "0/5 nodes"),
            pod("b", "Unschedulable", "0/5 nodes"),
            pod("c", "ImagePullBackOff", ""),
        ];
        let causes: Vec<_> = troubles(&observed).iter().map(|t| (t.cause, t.said.clone())).collect();
        assert_eq!(causes, [(Cause::Scheduling, "0/5 nodes".into()), (Cause::Image, "ImagePullBackOff".into())]);
    }
}
