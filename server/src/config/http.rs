//! Where the processes listen and how the world reaches them.

use std::{net::SocketAddr, path::PathBuf};

use super::{PUBLIC_URL, PublicUrl, Vars};

/// The web side of `waymark serve`.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// `WAYMARK_LISTEN`
    pub listen: SocketAddr,
    /// `WAYMARK_PUBLIC_URL`
    pub public_url: PublicUrl,
    /// `WAYMARK_SITE_DIR`: the folder that holds `pkg/`.
    pub site_dir: PathBuf,
}

/// The port for probes and metrics.
#[derive(Clone, Debug)]
pub struct OperationsConfig {
    /// `WAYMARK_OPS_LISTEN`
    pub listen: SocketAddr,
}

impl HttpConfig {
    pub(super) fn read(vars: &mut Vars) -> Self {
        Self {
            listen: listen(vars, "WAYMARK_LISTEN", 3000),
            public_url: vars.parsed("WAYMARK_PUBLIC_URL", PublicUrl::default(), PUBLIC_URL),
            site_dir: PathBuf::from(vars.text("WAYMARK_SITE_DIR", "target/site")),
        }
    }
}

impl OperationsConfig {
    pub(super) fn read(vars: &mut Vars, port: u16) -> Self {
        Self { listen: listen(vars, "WAYMARK_OPS_LISTEN", port) }
    }
}

/// Loopback unless configuration says otherwise.
fn listen(vars: &mut Vars, variable: &'static str, port: u16) -> SocketAddr {
    vars.parsed(variable, SocketAddr::from(([127, 0, 0, 1], port)), "an address and port, such as 127.0.0.1:3000")
}
