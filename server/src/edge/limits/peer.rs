//! Who asks, as far as counting goes: the other end of the connection, or whom a proxy of ours names.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::extract::ConnectInfo;
use http::{HeaderMap, Request};
use tower_governor::{GovernorError, key_extractor::KeyExtractor};

use crate::config::TrustedProxies;

#[derive(Clone, Debug)]
pub(crate) struct Peer {
    proxies: Arc<TrustedProxies>,
}

const FORWARDED_FOR: &str = "x-forwarded-for";

impl Peer {
    pub(super) fn behind(proxies: &TrustedProxies) -> Self {
        Self { proxies: Arc::new(proxies.clone()) }
    }

    /// From right to left each hop was written by the one before it, and is believed as long as that is a proxy of ours.
    fn address(&self, connection: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut last = connection.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for hop in hops.into_iter().rev() {
            if !self.proxies.contains(last) {
                break;
            }
            let Some(address) = read(hop.trim()) else { break };
            last = address.to_canonical();
        }
        network(last)
    }
}

impl KeyExtractor for Peer {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
        // Requests that came over no connection count together.
        let connection = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(self.address(connection, request.headers()))
    }
}

/// Some proxies write a port as well.
fn read(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// One household has at least 2^64 addresses of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(proxies: &str, connection: &str, forwarded: &[&str]) -> String {
        let proxies = if proxies.is_empty() { TrustedProxies::default() } else { proxies.parse().unwrap() };
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        Peer::behind(&proxies).address(connection.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ours = "10.0.0.0/24,2001:db8::/32";
        for (proxies, connection, forwarded, expected) in [
            ("", "203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("", "::ffff:203.0.113.9", &[], "203.0.113.9"),
            (ours, "203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            (ours, "10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            (ours, "::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            (ours, "10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            (ours, "10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (ours, "10.0.0.1", &["1.1.1.1, 198.51.100.1,10.0.0.2"], "198.51.100.1"),
            (ours, "10.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            (ours, "10.0.0.1", &["1.1.1.1, unknown"], "10.0.0.1"),
            (ours, "10.0.0.1", &["198.51.100.1, "], "10.0.0.1"),
            (ours, "10.0.0.1", &[], "10.0.0.1"),
            (ours, "10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (ours, "2001:db8::1", &["2a00:1:2:3:4:5:6:7"], "2a00:1:2:3::"),
            (ours, "10.0.0.1", &["[2a00:1:2:3:4:5:6:7]:80"], "2a00:1:2:3::"),
        ] {
            assert_eq!(seen(proxies, connection, forwarded), expected, "{connection} {forwarded:?}");
        }
    }
}
