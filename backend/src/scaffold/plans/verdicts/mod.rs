//! What the cluster would say to everything that a plan makes there. Nothing is changed by asking.

mod amounts;
mod workloads;

use std::collections::BTreeMap;

use domain::{
    provisioning::Size,
    scaffold::{CheckedIn, ObjectVerdict, Plan, PlannedNamespace, QuotaChange, Verdict, tree::FileTree},
};

use self::amounts::PodUse;
use crate::{
    Result,
    cluster::Failure,
    kustomize::{BuildFault, Kustomize},
    provisioning::{Preview, Scratch},
    scaffold::platform::declaration,
};

#[derive(Debug, Default)]
pub(super) struct Verdicts {
    pub(super) objects: Vec<ObjectVerdict>,
    pub(super) quota: Vec<QuotaChange>,
    pub(super) warnings: Vec<String>,
}

/// Stand-ins by what makes them differ.
type Scratches = Vec<((Size, BTreeMap<String, u32>), std::result::Result<Scratch, Failure>)>;

pub(super) async fn ask(
    preview: &Preview<'_>,
    kustomize: &Kustomize,
    plan: &Plan,
    tree: &FileTree,
) -> Result<Verdicts> {
    let mut verdicts = Verdicts::default();
    let mut scratches = Scratches::new();
    for namespace in &plan.namespaces {
        let accelerators = accelerators(plan, &namespace.name);
        let key = (namespace.size, accelerators.clone());
        if !scratches.iter().any(|(known, _)| *known == key) {
            let scratch = preview.scratch(namespace.size, &accelerators).await;
            scratches.push((key.clone(), scratch));
        }
        let Some((_, scratch)) = scratches.iter().find(|(known, _)| *known == key) else { continue };
        let wanted = declaration(plan, namespace);
        verdicts.objects.extend(preview.namespace(&wanted, &accelerators, scratch).await?);
        let pods = overlay(preview, kustomize, plan, tree, namespace, scratch, &mut verdicts).await;
        let (quota, warning) = amounts::against_quota(namespace, &accelerators, &pods);
        verdicts.quota.extend(quota);
        verdicts.warnings.extend(warning);
    }
    Ok(verdicts)
}

/// What a namespace will hold of each accelerator, as far as this plan asks.
pub(super) fn accelerators(plan: &Plan, namespace: &str) -> BTreeMap<String, u32> {
    let mut sums = BTreeMap::new();
    for lease in plan.leases.iter().filter(|lease| lease.namespace == namespace) {
        *sums.entry(lease.resource.clone()).or_default() += u32::from(lease.count);
    }
    sums
}

async fn overlay(
    preview: &Preview<'_>,
    kustomize: &Kustomize,
    plan: &Plan,
    tree: &FileTree,
    namespace: &PlannedNamespace,
    scratch: &std::result::Result<Scratch, Failure>,
    verdicts: &mut Verdicts,
) -> Vec<PodUse> {
    let mut pods = Vec::new();
    for delivery in plan.delivery.iter().filter(|delivery| delivery.namespace == namespace.name) {
        match kustomize.build(tree, &delivery.folder).await {
            Ok(objects) => {
                let (judged, uses) = workloads::judge(preview, scratch, &namespace.name, &objects).await;
                verdicts.objects.extend(judged);
                pods.extend(uses);
            }
            Err(fault) => verdicts.objects.push(not_built(&namespace.name, delivery.folder.as_str(), &fault)),
        }
    }
    pods
}

fn not_built(namespace: &str, folder: &str, fault: &BuildFault) -> ObjectVerdict {
    let verdict = match fault {
        BuildFault::Files(_) => Verdict::Denied,
        BuildFault::World(_) => Verdict::Unverified,
    };
    ObjectVerdict {
        api_version: "kustomize.config.k8s.io/v1beta1".to_owned(),
        kind: "Kustomization".to_owned(),
        namespace: Some(namespace.to_owned()),
        name: folder.to_owned(),
        verdict,
        checked_in: CheckedIn::None,
        message: Some(fault.to_string()),
        warnings: vec![],
    }
}
