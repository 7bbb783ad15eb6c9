//! The simulated nodes: three for ordinary work and four with accelerators, labelled as NVIDIA's feature discovery does.

use serde_json::{Map, Value, json};

const ZONES: [&str; 3] = ["local-a", "local-b", "local-c"];

/// A kind of accelerator as it stands in one node.
struct Accelerator {
    product: &'static str,
    family: &'static str,
    machine: &'static str,
    cards: u32,
    /// MiB of one card.
    memory: u32,
    /// Cut into slices, mixed mode; a card that is cut is not offered whole.
    slices: &'static [Slice],
    can_be_cut: bool,
}

struct Slice {
    profile: &'static str,
    /// In the whole node.
    count: u32,
    memory: u32,
    multiprocessors: u32,
    /// Sevenths of a card's compute.
    sevenths: u32,
}

const H100: Accelerator = Accelerator {
    product: "NVIDIA-H100-80GB-HBM3",
    family: "hopper",
    machine: "DGX-H100",
    cards: 8,
    memory: 81_559,
    slices: &[],
    can_be_cut: true,
};

/// Eight cards under NVIDIA's `all-balanced`: two of the smallest and one of each other slice on every card.
const A100: Accelerator = Accelerator {
    product: "NVIDIA-A100-SXM4-80GB",
    family: "ampere",
    machine: "DGX-A100",
    cards: 8,
    memory: 81_920,
    slices: &[
        Slice { profile: "mig-1g.10gb", count: 16, memory: 9_728, multiprocessors: 14, sevenths: 1 },
        Slice { profile: "mig-2g.20gb", count: 8, memory: 19_968, multiprocessors: 28, sevenths: 2 },
        Slice { profile: "mig-3g.40gb", count: 8, memory: 40_192, multiprocessors: 42, sevenths: 3 },
    ],
    can_be_cut: true,
};

const L40S: Accelerator = Accelerator {
    product: "NVIDIA-L40S",
    family: "ada-lovelace",
    machine: "PowerEdge-R760xa",
    cards: 4,
    memory: 46_068,
    slices: &[],
    can_be_cut: false,
};

/// All nodes, as objects to be applied.
pub(super) fn all() -> Vec<Value> {
    let [a, b, c] = ZONES;
    vec![
        ordinary("cpu-a", a),
        ordinary("cpu-b", b),
        ordinary("cpu-c", c),
        accelerated("h100-a", a, &H100),
        accelerated("h100-b", b, &H100),
        accelerated("a100-c", c, &A100),
        accelerated("l40s-a", a, &L40S),
    ]
}

fn ordinary(name: &str, zone: &str) -> Value {
    node(name, zone, Map::new(), &json!({ "cpu": "32", "memory": "128Gi" }), &json!([]))
}

fn accelerated(name: &str, zone: &str, accelerator: &Accelerator) -> Value {
    let mut resources = json!({ "cpu": "128", "memory": "1Ti" });
    let whole = if accelerator.slices.is_empty() { accelerator.cards } else { 0 };
    resources["nvidia.com/gpu"] = whole.to_string().into();
    for slice in accelerator.slices {
        resources[format!("nvidia.com/{}", slice.profile)] = slice.count.to_string().into();
    }
    let taints = json!([{ "key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule" }]);
    node(name, zone, discovered(accelerator), &resources, &taints)
}

/// What feature discovery writes; label values are texts.
fn discovered(accelerator: &Accelerator) -> Map<String, Value> {
    let mut labels = Map::new();
    let mut label = |name: String, value: String| {
        labels.insert(format!("nvidia.com/{name}"), value.into());
    };
    label("gpu.present".into(), "true".into());
    label("gpu.product".into(), accelerator.product.into());
    label("gpu.family".into(), accelerator.family.into());
    label("gpu.machine".into(), accelerator.machine.into());
    label("gpu.count".into(), accelerator.cards.to_string());
    label("gpu.memory".into(), accelerator.memory.to_string());
    label("gpu.replicas".into(), "1".into());
    label("gpu.sharing-strategy".into(), "none".into());
    label("mig.capable".into(), accelerator.can_be_cut.to_string());
    if accelerator.can_be_cut {
        let cut = !accelerator.slices.is_empty();
        label("mig.strategy".into(), "mixed".into());
        label("mig.config".into(), if cut { "all-balanced" } else { "all-disabled" }.into());
        label("mig.config.state".into(), "success".into());
    }
    for slice in accelerator.slices {
        let sevenths = slice.sevenths.to_string();
        label(
            format!("{}.product", slice.profile),
            format!("{}-{}", accelerator.product, slice.profile.to_uppercase()),
        );
        label(format!("{}.count", slice.profile), slice.count.to_string());
        label(format!("{}.memory", slice.profile), slice.memory.to_string());
        label(format!("{}.multiprocessors", slice.profile), slice.multiprocessors.to_string());
        label(format!("{}.slices.gi", slice.profile), sevenths.clone());
        label(format!("{}.slices.ci", slice.profile), sevenths);
        label(format!("{}.replicas", slice.profile), "1".into());
        label(format!("{}.sharing-strategy", slice.profile), "none".into());
    }
    labels
}

fn node(name: &str, zone: &str, labels: Map<String, Value>, resources: &Value, taints: &Value) -> Value {
    let mut all = resources.clone();
    all["pods"] = "110".into();
    all["ephemeral-storage"] = "1Ti".into();
    let mut labels = labels;
    for (key, value) in [
        ("kubernetes.io/arch", "amd64"),
        ("kubernetes.io/hostname", name),
        ("kubernetes.io/os", "linux"),
        ("topology.kubernetes.io/region", "local"),
        ("topology.kubernetes.io/zone", zone),
    ] {
        labels.insert(key.into(), value.into());
    }
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": { "name": name, "labels": labels, "annotations": { "kwok.x-k8s.io/node": "fake" } },
        "spec": { "taints": taints },
        "status": { "capacity": all, "allocatable": all },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Value {
        all().into_iter().find(|node| node["metadata"]["name"] == name).unwrap()
    }

    #[test]
    fn the_demo_organisation_has_its_nodes() {
        let nodes = all();
        let of = |key: &str| -> Vec<u32> {
            let amounts = nodes.iter().filter_map(|node| node["status"]["capacity"][key].as_str());
            amounts.map(|amount| amount.parse().unwrap()).filter(|amount| *amount > 0).collect()
        };
        assert_eq!(nodes.len(), 7);
        assert_eq!(of("nvidia.com/gpu"), [8, 8, 4]);
        assert_eq!(of("nvidia.com/mig-1g.10gb"), [16]);
        for zone in ZONES {
            let in_zone = |node: &&Value| node["metadata"]["labels"]["topology.kubernetes.io/zone"] == zone;
            assert!(nodes.iter().filter(in_zone).any(|node| node["spec"]["taints"] == json!([])));
        }
        assert!(nodes.iter().all(|node| node["metadata"]["annotations"]["kwok.x-k8s.io/node"] == "fake"));
    }

    #[test]
    fn whole_cards_are_labelled_and_guarded() {
        let node = named("h100-a");
        let labels = &node["metadata"]["labels"];
        assert_eq!(labels["nvidia.com/gpu.product"], "NVIDIA-H100-80GB-HBM3");
        assert_eq!((&labels["nvidia.com/gpu.count"], &labels["nvidia.com/gpu.memory"]), (&json!("8"), &json!("81559")));
        assert_eq!(node["spec"]["taints"][0]["effect"], "NoSchedule");
    }

    #[test]
    fn slices_fit_on_their_cards() {
        let compute: u32 = A100.slices.iter().map(|slice| slice.count * slice.sevenths).sum();
        let memory: u32 = A100.slices.iter().map(|slice| slice.count * slice.memory).sum();
        assert!(compute <= 7 * A100.cards && memory <= A100.cards * A100.memory);
        let node = named("a100-c");
        assert_eq!(node["status"]["allocatable"]["nvidia.com/gpu"], "0");
        assert_eq!(node["metadata"]["labels"]["nvidia.com/mig-3g.40gb.slices.gi"], "3");
        assert_eq!(named("l40s-a")["metadata"]["labels"]["nvidia.com/mig.capable"], "false");
    }
}
