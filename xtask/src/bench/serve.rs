//! The web process of a release build, without a supervisor.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result, While};
use crate::stack::http;
use crate::stack::launch::inherited;

const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// One `serve`; it is killed with the value.
pub(super) struct Serve(Child);

impl Serve {
    pub(super) fn start(waymark: &Path, env: &[(&'static str, String)]) -> Result<Self> {
        let mut command = Command::new(waymark);
        command.arg("serve").env_clear().envs(inherited()).envs(env.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().world("start `serve`").map(Self)
    }

    pub(super) fn until_ready(&self, address: &str) -> Result<()> {
        let begun = Instant::now();
        while !http::answers(address) {
            if begun.elapsed() > PATIENCE {
                return Err(Failure::world("`serve` did not become ready."));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// `VmRSS` of proc(5), which counts in kibibytes.
    pub(super) fn resident_mebibytes(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).world("read the memory of `serve`")?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
        Ok(kibibytes.ok_or_else(|| Failure::world("The kernel does not tell the memory of `serve`."))? / 1024.0)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
