//! How often one address may ask, and which addresses are our own proxies.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

use super::Vars;

/// Requests a minute from one address; as many may come at once. 0 is no limit.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// `WAYMARK_SIGN_INS_PER_MINUTE`
    pub sign_ins: u32,
    /// `WAYMARK_TOKENS_PER_MINUTE`
    pub tokens: u32,
    /// `WAYMARK_WEBHOOKS_PER_MINUTE`
    pub webhooks: u32,
    /// `WAYMARK_TRUSTED_PROXIES`
    pub trusted_proxies: TrustedProxies,
}

/// Who is believed about where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl LimitsConfig {
    pub(super) fn read(vars: &mut Vars) -> Self {
        let number = "a whole number of requests a minute, such as 120, or 0 for no limit";
        Self {
            sign_ins: vars.parsed("WAYMARK_SIGN_INS_PER_MINUTE", 120, number),
            tokens: vars.parsed("WAYMARK_TOKENS_PER_MINUTE", 30, number),
            webhooks: vars.parsed("WAYMARK_WEBHOOKS_PER_MINUTE", 600, number),
            trusted_proxies: vars.parsed(
                "WAYMARK_TRUSTED_PROXIES",
                TrustedProxies::default(),
                "addresses or networks with commas between them, such as 10.0.0.7,10.1.0.0/16",
            ),
        }
    }
}

impl TrustedProxies {
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let one = |part: &str| {
            let part = part.trim();
            part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)).map_err(drop)
        };
        text.split(',').map(one).collect::<Result<_, ()>>().map(Self)
    }
}
