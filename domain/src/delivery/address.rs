//! Where something that runs is reached within its cluster, as its Service says.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One port of a Service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Address {
    /// Name of the Service.
    pub service: String,
    pub port: u16,
    /// `http` or `https`; null where the Service does not say what is spoken there.
    pub scheme: Option<String>,
}

/// Ports below this one need rights that people do not have on their machines.
const FIRST_FREE: u16 = 1024;

/// Of a Service: every port that TCP is spoken at. One that is only another name for a place elsewhere has none.
pub fn addresses(service: &Value) -> Vec<Address> {
    let name = service["metadata"]["name"].as_str().unwrap_or_default();
    if name.is_empty() || service["spec"]["type"] == "ExternalName" {
        return Vec::new();
    }
    let ports = service["spec"]["ports"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tcp = ports.iter().filter(|port| port["protocol"].as_str().is_none_or(|protocol| protocol == "TCP"));
    tcp.filter_map(|port| {
        let number = port["port"].as_u64().and_then(|number| u16::try_from(number).ok())?;
        Some(Address { service: name.to_owned(), port: number, scheme: scheme(port, number).map(str::to_owned) })
    })
    .collect()
}

/// By what the port says of itself, else by its number.
fn scheme(port: &Value, number: u16) -> Option<&'static str> {
    let said = port["appProtocol"].as_str().or_else(|| port["name"].as_str());
    match said.map(|said| said.split('-').next().unwrap_or(said)) {
        Some("https") => Some("https"),
        Some("http" | "http2" | "h2c") => Some("http"),
        _ if number == 443 => Some("https"),
        _ if number == 80 => Some("http"),
        _ => None,
    }
}

impl Address {
    /// As other programs in the cluster ask it.
    pub fn in_cluster(&self, namespace: &str) -> String {
        let Self { service, port, scheme } = self;
        let scheme = scheme.as_ref().map(|scheme| format!("{scheme}://")).unwrap_or_default();
        format!("{scheme}{service}.{namespace}.svc.cluster.local:{port}")
    }

    /// The command that brings it to one's own machine, with the kubeconfig of the namespace.
    pub fn port_forward(&self, namespace: &str) -> String {
        let Self { service, port, .. } = self;
        let here = if *port < FIRST_FREE { 8000 + port } else { *port };
        format!("kubectl --kubeconfig {namespace}.kubeconfig port-forward service/{service} {here}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_says_where_it_is_reached() {
        let service = json!({
            "metadata": { "name": "checkout" },
            "spec": { "ports": [
                { "name": "http", "port": 80, "targetPort": "http", "protocol": "TCP" },
                { "name": "metrics", "port": 9090 },
                { "name": "dns", "port": 53, "protocol": "UDP" },
                { "port": 443 },
            ] },
        });
        let found = addresses(&service);
        let shown: Vec<String> = found.iter().map(|address| address.in_cluster("checkout-dev")).collect();
        let host = "checkout.checkout-dev.svc.cluster.local";
        assert_eq!(shown, [format!("http://{host}:80"), format!("{host}:9090"), format!("https://{host}:443")]);
        let forwards: Vec<String> = found.iter().map(|address| address.port_forward("checkout-dev")).collect();
        assert!(forwards[0].ends_with("port-forward service/checkout 8080:80"), "{forwards:?}");
        assert!(forwards[1].ends_with("9090:9090") && forwards[2].ends_with("8443:443"), "{forwards:?}");
    }

    #[test]
    fn what_is_no_place_in_the_cluster_has_no_address() {
        for service in [
            json!({}),
            json!({ "metadata": { "name": "a" } }),
            json!({ "metadata": { "name": "a" }, "spec": { "type": "ExternalName", "ports": [{ "port": 80 }] } }),
            json!({ "metadata": { "name": "a" }, "spec": { "ports": [{ "port": 70_000 }, { "port": "http" }] } }),
        ] {
            assert_eq!(addresses(&service), [], "{service}");
        }
    }
}
