//! Load with `wrk`.

use std::fs;
use std::path::{Path, PathBuf};

use super::sign_in::SignedIn;
use crate::failure::{Failure, Result, While};
use crate::packages;
use crate::tool::Tool;
use crate::tools::on_path;
use crate::workshop::Workshop;

const SECONDS: &str = "6";

/// What a server stood. Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stood {
    pub(super) per_second: f64,
    pub(super) median: f64,
    pub(super) slowest_hundredth: f64,
}

/// Answers where `wrk` is, installing it where it is missing.
pub(super) fn wrk(workshop: &Workshop) -> Result<PathBuf> {
    if on_path("wrk").is_none() {
        packages::install(workshop, &["wrk"], "the load of this benchmark")?;
    }
    on_path("wrk").ok_or_else(|| Failure::world("wrk is still not on `PATH` after its installation."))
}

/// Asks for addresses of a server over so many connections, each again as soon as it is answered. Of several addresses each
/// connection takes one at random, in an order of its own.
pub(super) fn ask(
    workshop: &Workshop,
    wrk: &Path,
    person: &SignedIn,
    paths: &[String],
    connections: usize,
) -> Result<Stood> {
    let threads = connections.min(2).to_string();
    let (list, script) = (workshop.target("bench-addresses.txt"), workshop.target("bench-addresses.lua"));
    fs::write(&list, paths.join("\n")).world("write the addresses")?;
    fs::write(&script, SCRIPT.replace("LIST", &list.display().to_string())).world("write wrk's script")?;
    let said = Tool::new(wrk)
        .args(["--latency", "--duration", SECONDS, "--threads", &threads, "--connections", &connections.to_string()])
        .args(["--header", &format!("cookie: {}", person.cookie), "--script"])
        .args([script.as_os_str(), person.web.as_ref()])
        .quiet(workshop)?;
    let first = paths.first().map(String::as_str).unwrap_or_default();
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        return Err(Failure::world(format!("Not every answer of {first} was a page:\n{said}")));
    }
    read_wrk(&said).ok_or_else(|| Failure::world(format!("wrk said something else than expected:\n{said}")))
}

/// Each of wrk's threads has a state of its own.
const SCRIPT: &str = r#"
local threads = 0
function setup(thread) threads = threads + 1; thread:set("seed", threads) end
function init()
  math.randomseed(seed)
  paths = {}
  for line in io.lines("LIST") do paths[#paths + 1] = line end
end
function request() return wrk.format("GET", paths[math.random(#paths)]) end
"#;

fn read_wrk(said: &str) -> Option<Stood> {
    let after = |label: &str| said.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    Some(Stood {
        per_second: after("Requests/sec:")?.parse().ok()?,
        median: milliseconds(after("50%")?)?,
        slowest_hundredth: milliseconds(after("99%")?)?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)];
    let (number, factor) = units.into_iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.parse::<f64>().ok().map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_read() {
        let said = "Running 6s test\n  Latency Distribution\n     50%  812.00us\n     75%    1.50ms\n     99%    1.20s \n\
                    Requests/sec:   2512.25\nTransfer/sec:      1.00MB\n";
        let stood = Stood { per_second: 2512.25, median: 0.812, slowest_hundredth: 1_200.0 };
        assert_eq!(read_wrk(said), Some(stood));
        assert_eq!(read_wrk("unable to connect"), None);
    }
}
