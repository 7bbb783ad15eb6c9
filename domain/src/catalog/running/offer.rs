//! What runs and stands in no catalog, as entities that could stand for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{CLUSTER, Claim, ID, Labels, NAMESPACE, Place, SELECTOR, Selector, WorkloadKind, rank};
use crate::catalog::EntityRef;

const NAME: &str = "app.kubernetes.io/name";
const INSTANCE: &str = "app.kubernetes.io/instance";
const PART_OF: &str = "app.kubernetes.io/part-of";
const COMPONENT: &str = "app.kubernetes.io/component";

/// Type of a resource that stands for a namespace.
pub const NAMESPACE_TYPE: &str = "kubernetes-namespace";

/// A workload, as far as it is asked what it belongs together with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    pub kind: WorkloadKind,
    pub name: String,
    pub labels: Labels,
}

/// Workloads of one namespace that one entity can stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What keeps them together, such as `instance/shop` or `Deployment/web`; the same as long as they are.
    pub key: String,
    pub members: Vec<Grouped>,
}

/// Of the same instance, or of the same part of the same whole, else each by itself; by their keys.
pub fn grouped(workloads: impl IntoIterator<Item = Grouped>) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<Grouped>> = BTreeMap::new();
    for workload in workloads {
        let label = |key: &str| workload.labels.get(key).filter(|value| !value.is_empty());
        let key = match (label(INSTANCE), label(PART_OF).zip(label(NAME))) {
            (Some(instance), _) => format!("instance/{instance}"),
            (None, Some((whole, name))) => format!("part/{whole}/{name}"),
            (None, None) => format!("{}/{}", workload.kind.as_str(), workload.name),
        };
        groups.entry(key).or_default().push(workload);
    }
    groups.into_iter().map(|(key, members)| Group { key, members }).collect()
}

impl Group {
    /// What an entity that stands for them is called, as far as their labels say; not yet made to fit.
    pub fn name(&self) -> &str {
        let name = common(&self.members, NAME).or_else(|| common(&self.members, INSTANCE)).map(String::as_str);
        name.or(self.members.first().map(|first| first.name.as_str())).unwrap_or(&self.key)
    }
}

fn common<'a>(members: &'a [Grouped], key: &str) -> Option<&'a String> {
    let first = members.first()?.labels.get(key).filter(|value| !value.is_empty())?;
    members.iter().all(|member| member.labels.get(key) == Some(first)).then_some(first)
}

/// Annotations by which an entity claims exactly these workloads of a namespace and none of its others; `None` where no
/// label tells them apart.
pub fn marks(at: Place<'_>, group: &[Grouped], others: &[&Labels]) -> Option<Labels> {
    let of = |keys: &[&str]| -> Option<Labels> {
        keys.iter().map(|key| Some(((*key).to_owned(), common(group, key)?.clone()))).collect()
    };
    let keys: [&[&str]; 7] =
        [&[ID], &[INSTANCE], &[NAME], &[NAME, COMPONENT], &["app"], &["k8s-app"], &[NAME, INSTANCE, COMPONENT]];
    let everything = common_labels(group);
    let candidates = keys.into_iter().filter_map(of).chain((!everything.is_empty()).then_some(everything));
    candidates.map(|labels| annotations(at, &labels)).find(|marks| is_exact(at, marks, group, others))
}

/// All that they have in common and that does not change with every release.
fn common_labels(group: &[Grouped]) -> Labels {
    const CHANGING: [&str; 3] = ["app.kubernetes.io/version", "helm.sh/chart", "pod-template-hash"];
    let keys: BTreeSet<&String> = group.iter().flat_map(|member| member.labels.keys()).collect();
    let lasting = keys.into_iter().filter(|key| !CHANGING.contains(&key.as_str()));
    lasting.filter_map(|key| Some((key.clone(), common(group, key)?.clone()))).collect()
}

fn annotations(at: Place<'_>, labels: &Labels) -> Labels {
    let by = match labels.get(ID) {
        Some(id) if labels.len() == 1 => (ID, id.clone()),
        _ => (SELECTOR, Selector::equal_to(labels).to_string()),
    };
    [by, (NAMESPACE, at.namespace.to_owned()), (CLUSTER, at.cluster.to_owned())]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
}

fn is_exact(at: Place<'_>, marks: &Labels, group: &[Grouped], others: &[&Labels]) -> bool {
    let Ok(Some(claim)) = Claim::of(&json!({ "metadata": { "annotations": marks } })) else { return false };
    group.iter().all(|member| claim.holds(at, &member.labels)) && !others.iter().any(|labels| claim.holds(at, labels))
}

/// The text as the name of an entity; `None` where nothing of it is left.
pub fn fitting_name(text: &str) -> Option<String> {
    const LONGEST: usize = 63;
    let fits =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(fits).take(LONGEST).collect();
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (!name.is_empty()).then(|| name.to_owned())
}

/// An entity that stands for workloads. Its lifecycle follows from the environment that they are in.
pub fn document(name: &str, kind: WorkloadKind, owner: &EntityRef, environment: Option<&str>, marks: &Labels) -> Value {
    let lifecycle = match rank(environment) {
        0 | 1 => "experimental",
        3 => "production",
        _ => "unknown",
    };
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": { "name": name, "annotations": marks },
        "spec": { "type": kind.spec_type(), "lifecycle": lifecycle, "owner": owner.to_string() },
    })
}

/// An entity that stands for a namespace.
pub fn namespace_document(name: &str, at: Place<'_>, owner: &EntityRef) -> Value {
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Resource",
        "metadata": { "name": name, "annotations": { NAMESPACE: at.namespace, CLUSTER: at.cluster } },
        "spec": { "type": NAMESPACE_TYPE, "owner": owner.to_string() },
    })
}

/// Namespaces of the cluster itself, of the engine that delivers, and of the platform: nobody adopts what runs there.
pub fn is_systems(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease" | "flux-system" | "waymark-system")
}
