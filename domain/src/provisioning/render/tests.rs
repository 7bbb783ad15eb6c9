use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::super::{Size, unenforced_key};
use super::*;

pub(in crate::provisioning) fn intent() -> NamespaceIntent {
    NamespaceIntent {
        id: Uuid::from_u128(1),
        instance: Uuid::from_u128(2),
        cluster: "local".into(),
        name: "payments-checkout-dev".parse().unwrap(),
        team: "payments".into(),
        service: "checkout".into(),
        environment: "dev".into(),
        size: Size::Small,
        accelerators: BTreeMap::new(),
        editors: vec!["oidc:payments".into()],
        viewers: vec![],
        deletion_protected: true,
        revision: 3,
    }
}

pub(in crate::provisioning) fn capabilities() -> ClusterCapabilities {
    ClusterCapabilities {
        kubernetes: "1.36".into(),
        accelerators: BTreeSet::from(["nvidia.com/mig-1g.10gb".to_owned()]),
        device_classes: BTreeSet::from(["h100".to_owned()]),
        dynamic_resources: true,
        ..Default::default()
    }
}

fn body(objects: &[Desired], name: &str) -> Value {
    objects.iter().find(|d| d.key.to_string() == name).map(|d| d.body.clone()).unwrap()
}

#[test]
fn twelve_objects_with_access_last() {
    let names: Vec<String> = render(&intent(), &capabilities()).iter().map(|d| d.key.to_string()).collect();
    assert_eq!(
        names,
        [
            "Namespace/payments-checkout-dev",
            "LimitRange/waymark-defaults",
            "ResourceQuota/waymark-compute",
            "ResourceQuota/waymark-gpu",
            "NetworkPolicy/waymark-default-deny",
            "NetworkPolicy/waymark-allow-dns",
            "NetworkPolicy/waymark-allow-same-namespace",
            "ServiceAccount/default",
            "ServiceAccount/waymark-deployer",
            "RoleBinding/waymark-deployer",
            "RoleBinding/waymark-editors",
            "RoleBinding/waymark-viewers",
        ]
    );
}

#[test]
fn every_object_says_whose_it_is() {
    for desired in render(&intent(), &capabilities()) {
        let metadata = &desired.body["metadata"];
        let labels = metadata["labels"].as_object().unwrap();
        assert_eq!(labels["app.kubernetes.io/managed-by"], "waymark", "{}", desired.key);
        assert_eq!(labels["waymark.dev/team"], "payments");
        assert!(labels.values().all(|v| v.as_str().is_some_and(|v| v.len() <= 63)), "{}", desired.key);
        assert!(desired.hash().starts_with("sha256:") && desired.hash().len() == 71, "{}", desired.hash());
        let in_namespace = desired.key.kind != ObjectKind::Namespace;
        assert_eq!(metadata["namespace"].as_str(), in_namespace.then_some("payments-checkout-dev"));
    }
}

#[test]
fn without_a_grant_every_accelerator_is_fenced_at_zero() {
    let gpu = body(&render(&intent(), &capabilities()), "ResourceQuota/waymark-gpu");
    let hard = gpu["spec"]["hard"].as_object().unwrap();
    assert!(hard.values().all(|v| v == "0"), "{hard:?}");
    for key in [
        "requests.nvidia.com/gpu",
        "requests.nvidia.com/mig-1g.10gb",
        "requests.gpu.intel.com/xe_monitoring",
        "h100.deviceclass.resource.k8s.io/devices",
        "count/resourceclaims.resource.k8s.io",
    ] {
        assert!(hard.contains_key(key), "{key}");
    }
    let plain = body(&render(&intent(), &ClusterCapabilities::default()), "ResourceQuota/waymark-gpu");
    assert!(plain["spec"]["hard"].as_object().unwrap().keys().all(|k| k.starts_with("requests.")));
}

#[test]
fn a_grant_raises_its_own_key_and_lowers_the_pod_security_level() {
    let granted = NamespaceIntent { accelerators: BTreeMap::from([("nvidia.com/gpu".to_owned(), 2)]), ..intent() };
    let objects = render(&granted, &capabilities());
    let hard = &body(&objects, "ResourceQuota/waymark-gpu")["spec"]["hard"];
    assert_eq!(hard["requests.nvidia.com/gpu"], "2");
    assert_eq!(hard["requests.nvidia.com/mig-1g.10gb"], "0");
    let metadata = |objects: &[Desired]| body(objects, "Namespace/payments-checkout-dev")["metadata"].clone();
    assert_eq!(metadata(&objects)["labels"]["pod-security.kubernetes.io/enforce"], "baseline");
    assert!(metadata(&objects)["annotations"]["waymark.dev/pod-security-reason"].is_string());
    let standing = metadata(&render(&intent(), &capabilities()));
    assert_eq!(standing["labels"]["pod-security.kubernetes.io/enforce"], "restricted");
    assert_eq!(standing["labels"]["pod-security.kubernetes.io/enforce-version"], "v1.36");
}

#[test]
fn no_quota_holds_a_key_that_nobody_enforces() {
    for desired in render(&intent(), &capabilities()) {
        if let Some(hard) = desired.body["spec"]["hard"].as_object() {
            assert_eq!(hard.keys().filter(|key| unenforced_key(key)).count(), 0, "{}", desired.key);
        }
    }
}

#[test]
fn the_limit_range_names_no_accelerator() {
    let defaults = body(&render(&intent(), &capabilities()), "LimitRange/waymark-defaults");
    assert!(!defaults["spec"].to_string().contains('/'), "an extended resource has a slash in its name");
}

#[test]
fn node_local_dns_is_allowed_where_it_is_used() {
    let mut with_cache = capabilities();
    with_cache.dns.node_local = Some("169.254.20.10".into());
    let egress = |c: &ClusterCapabilities| {
        body(&render(&intent(), c), "NetworkPolicy/waymark-allow-dns")["spec"]["egress"].as_array().unwrap().len()
    };
    assert_eq!((egress(&capabilities()), egress(&with_cache)), (1, 2));
}

#[test]
fn a_new_revision_changes_the_namespace_alone_and_group_order_nothing() {
    let hashes = |i: &NamespaceIntent| -> Vec<String> {
        render(i, &capabilities()).iter().map(|d| d.hash().to_owned()).collect()
    };
    let before = hashes(&intent());
    let after = hashes(&NamespaceIntent { revision: 4, ..intent() });
    let changed: Vec<usize> = (0..before.len()).filter(|i| before[*i] != after[*i]).collect();
    assert_eq!(changed, [0]);
    let two = |groups: [&str; 2]| NamespaceIntent { editors: groups.map(str::to_owned).to_vec(), ..intent() };
    assert_eq!(hashes(&two(["a", "b"])), hashes(&two(["b", "a"])));
}
