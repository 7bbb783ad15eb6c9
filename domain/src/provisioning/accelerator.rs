//! Which node resources are accelerators, and which quota keys Kubernetes accepts without ever enforcing them.

use std::collections::BTreeMap;

use thiserror::Error;

/// The most cards, slices or shares of one resource that a namespace can hold.
pub const MAX_CARDS: u32 = 10_000;

/// Why a grant of accelerators cannot become a quota.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrantError {
    #[error("Name the resource as the node does, such as `nvidia.com/gpu`, without `requests.` or `limits.`: `{0}`.")]
    Prefixed(String),
    #[error("Name the resource in full, such as `nvidia.com/gpu`: `{0}` has no vendor.")]
    NoVendor(String),
    #[error("`{0}` is not a resource name that Kubernetes knows.")]
    Shape(String),
    #[error("Ask for 1 to {MAX_CARDS} of `{0}`.")]
    Count(String),
}

impl GrantError {
    /// The resource that the error is about.
    pub fn resource(&self) -> &str {
        match self {
            Self::Prefixed(name) | Self::NoVendor(name) | Self::Shape(name) | Self::Count(name) => name,
        }
    }
}

/// Everything that is wrong with a grant of node resources, each with a whole number.
pub fn check_grants(grants: &BTreeMap<String, u32>) -> Vec<GrantError> {
    grants.iter().filter_map(|(name, count)| check_grant(name, *count)).collect()
}

/// Whether a node resource is a card, a slice or a share of one. A name that is not here stays without a limit,
/// so the vendors' whole domains count and unknown vendors are recognised by what they call their devices.
pub fn is_accelerator(name: &str) -> bool {
    const VENDORS: [&str; 6] = ["nvidia.com", "amd.com", "gpu.intel.com", "habana.ai", "aws.amazon.com", "huawei.com"];
    const DEVICES: [&str; 7] = ["gpu", "mig-", "tpu", "npu", "neuron", "gaudi", "xpu"];
    let Some((vendor, device)) = name.split_once('/') else { return false };
    let is_kubernetes = vendor == "kubernetes.io" || vendor.ends_with(".kubernetes.io");
    !is_kubernetes && (VENDORS.contains(&vendor) || DEVICES.iter().any(|d| device.to_ascii_lowercase().contains(d)))
}

/// Whether the API server takes this key into a quota and then never looks at it: only `requests.<name>` of an
/// extended resource is counted for pods.
pub fn unenforced_key(key: &str) -> bool {
    if !key.contains('/') || key.starts_with("requests.") || key.starts_with("count/") {
        return false;
    }
    let domain = key.split('/').next().unwrap_or_default();
    let of_kubernetes =
        domain.ends_with(".storageclass.storage.k8s.io") || domain.ends_with(".deviceclass.resource.k8s.io");
    !of_kubernetes
}

fn check_grant(name: &str, count: u32) -> Option<GrantError> {
    if name.starts_with("requests.") || name.starts_with("limits.") {
        return Some(GrantError::Prefixed(name.to_owned()));
    }
    let Some((vendor, device)) = name.split_once('/') else {
        return Some(GrantError::NoVendor(name.to_owned()));
    };
    if !is_domain(vendor) || !is_device(device) {
        return Some(GrantError::Shape(name.to_owned()));
    }
    (!(1..=MAX_CARDS).contains(&count)).then(|| GrantError::Count(name.to_owned()))
}

fn is_domain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// With `requests.` before it the whole name must still fit the 63 characters behind the slash.
fn is_device(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
        && text.bytes().last().is_some_and(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_slices_and_shares_are_accelerators() {
        for name in
            ["nvidia.com/gpu", "nvidia.com/mig-1g.10gb", "nvidia.com/gpu.shared", "amd.com/gpu", "example.org/gpu"]
        {
            assert!(is_accelerator(name), "{name}");
        }
        for name in ["cpu", "memory", "hugepages-2Mi", "pods", "smarter-devices/fuse", "scheduling.kubernetes.io/gpu"] {
            assert!(!is_accelerator(name), "{name}");
        }
    }

    #[test]
    fn keys_that_are_accepted_and_never_counted_are_known() {
        for key in ["nvidia.com/gpu", "limits.nvidia.com/gpu", "example.org/thing"] {
            assert!(unenforced_key(key), "{key}");
        }
        for key in [
            "requests.nvidia.com/gpu",
            "requests.cpu",
            "limits.memory",
            "count/jobs.batch",
            "count/resourceclaims.resource.k8s.io",
            "h100.deviceclass.resource.k8s.io/devices",
            "fast.storageclass.storage.k8s.io/requests.storage",
            "requests.deviceclass.resource.kubernetes.io/h100",
        ] {
            assert!(!unenforced_key(key), "{key}");
        }
    }

    #[test]
    fn a_grant_names_the_node_resource_and_a_whole_number() {
        let check = |name: &str, count: u32| check_grants(&BTreeMap::from([(name.to_owned(), count)])).pop();
        assert_eq!(check("nvidia.com/gpu", 1), None);
        assert_eq!(check("nvidia.com/mig-1g.10gb", 10_000), None);
        assert_eq!(check("requests.nvidia.com/gpu", 1), Some(GrantError::Prefixed("requests.nvidia.com/gpu".into())));
        assert_eq!(check("limits.nvidia.com/gpu", 1), Some(GrantError::Prefixed("limits.nvidia.com/gpu".into())));
        assert_eq!(check("gpu", 1), Some(GrantError::NoVendor("gpu".into())));
        assert_eq!(check("nvidia.com/gpu", 0), Some(GrantError::Count("nvidia.com/gpu".into())));
        assert_eq!(check("nvidia.com/gpu", 10_001), Some(GrantError::Count("nvidia.com/gpu".into())));
        for bad in ["nvidia com/gpu", "/gpu", "nvidia.com/", "nvidia.com/g/u", "-a.com/gpu", "nvidia.com/gpu-"] {
            assert_eq!(check(bad, 1), Some(GrantError::Shape(bad.into())), "{bad}");
        }
    }
}
