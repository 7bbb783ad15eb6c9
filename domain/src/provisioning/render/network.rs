//! Three network policies: nothing in or out, but names are resolved and the namespace talks to itself.

use serde_json::{Value, json};

use super::object;
use crate::provisioning::{ClusterCapabilities, Desired, DnsEndpoint, NamespaceIntent, ObjectKind};

pub(super) fn objects(intent: &NamespaceIntent, capabilities: &ClusterCapabilities) -> [Desired; 3] {
    let policy = |name: &str, role: &str, spec: Value| {
        object(intent, ObjectKind::NetworkPolicy, name, role, json!({ "spec": spec }))
    };
    [
        policy(
            "waymark-default-deny",
            "network-default-deny",
            json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"] }),
        ),
        policy("waymark-allow-dns", "network-allow-dns", allow_dns(&capabilities.dns)),
        policy(
            "waymark-allow-same-namespace",
            "network-allow-same-namespace",
            json!({
                "podSelector": {},
                "policyTypes": ["Ingress", "Egress"],
                "ingress": [{ "from": [{ "podSelector": {} }] }],
                "egress": [{ "to": [{ "podSelector": {} }] }],
            }),
        ),
    ]
}

fn allow_dns(dns: &DnsEndpoint) -> Value {
    let ports = |port: u16| json!([{ "protocol": "UDP", "port": port }, { "protocol": "TCP", "port": port }]);
    let mut egress = vec![json!({
        "to": [{
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": dns.namespace } },
            "podSelector": { "matchLabels": dns.pod_labels },
        }],
        "ports": ports(dns.port),
    })];
    if let Some(address) = &dns.node_local {
        egress.push(json!({ "to": [{ "ipBlock": { "cidr": format!("{address}/32") } }], "ports": ports(53) }));
    }
    json!({ "podSelector": {}, "policyTypes": ["Egress"], "egress": egress })
}
