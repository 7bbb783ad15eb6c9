//! Debian packages: installed when root runs without a terminal, asked for by name with one, printed for everybody else.

use std::fs;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result, While};
use crate::progress;
use crate::tool::Tool;
use crate::workshop::Workshop;

const POLICY: &str = "/usr/sbin/policy-rc.d";
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// Makes sure that the packages are there, or says which command installs them.
pub(crate) fn install(workshop: &Workshop, packages: &[&str], needed_for: &str) -> Result<()> {
    let command = format!("apt-get install --yes --no-install-recommends {}", packages.join(" "));
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err(Failure::world(format!(
            "{needed_for} needs the Debian packages {}. Install what your system calls them, then run this again.",
            packages.join(", ")
        )));
    }
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::world(format!(
            "{needed_for} needs packages that are not installed. Run this, then try again:\n    sudo {command}"
        )));
    }
    if std::io::stdin().is_terminal() && !agreed(packages, needed_for)? {
        return Err(Failure::world(format!("Nothing was installed. Run `{command}` yourself, then try again.")));
    }
    progress::step(&format!("Installing {} for {needed_for}", packages.join(", ")), || {
        apt(workshop, &["update", "--quiet"])?;
        without_services(workshop, packages)
    })
}

/// A Debian package may start a service when it is installed; for the time of the installation that is forbidden.
fn without_services(workshop: &Workshop, packages: &[&str]) -> Result<()> {
    let _policy = Replaced::if_absent(POLICY, "#!/bin/sh\nexit 101\n", 0o755)?;
    let install = |names: &[&str]| {
        let words = ["install", "--yes", "--quiet", "--no-install-recommends"];
        apt(workshop, &[&words, names].concat())
    };
    if !packages.contains(&"postgresql") {
        return install(packages);
    }
    // Its own cluster is never wanted; this is where the package asks whether to make one.
    install(&["postgresql-common"])?;
    let _no_cluster = Replaced::with_line(CREATE_CLUSTER, "create_main_cluster = false")?;
    install(packages)
}

fn apt(workshop: &Workshop, words: &[&str]) -> Result<()> {
    Tool::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").quiet(workshop).map(drop)
}

fn agreed(packages: &[&str], needed_for: &str) -> Result<bool> {
    let mut out = std::io::stderr();
    write!(out, "{needed_for} needs the Debian packages {}. Install them now? [Y/n] ", packages.join(", "))
        .and_then(|()| out.flush())
        .world("ask")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).world("read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// A system file that is different for as long as this value lives.
struct Replaced {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl Replaced {
    fn if_absent(path: &str, content: &str, mode: u32) -> Result<Option<Self>> {
        let path = PathBuf::from(path);
        if path.exists() {
            return Ok(None);
        }
        fs::write(&path, content).world(format_args!("write {}", path.display()))?;
        let replaced = Self { path, before: None };
        fs::set_permissions(&replaced.path, fs::Permissions::from_mode(mode)).world("set the file's mode")?;
        Ok(Some(replaced))
    }

    fn with_line(path: &str, line: &str) -> Result<Self> {
        let path = PathBuf::from(path);
        let before = fs::read(&path).world(format_args!("read {}", path.display()))?;
        let changed = [before.as_slice(), b"\n", line.as_bytes(), b"\n"].concat();
        fs::write(&path, changed).world(format_args!("write {}", path.display()))?;
        Ok(Self { path, before: Some(before) })
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        let restored = match &self.before {
            Some(content) => fs::write(&self.path, content),
            None => fs::remove_file(&self.path),
        };
        if let Err(error) = restored {
            progress::note(&format!("Could not put {} back as it was: {error}", self.path.display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("createcluster.conf");
        fs::write(&path, "#create_main_cluster = true").unwrap();
        let replaced = Replaced::with_line(path.to_str().unwrap(), "create_main_cluster = false").unwrap();
        assert!(fs::read_to_string(&path).unwrap().ends_with("\ncreate_main_cluster = false\n"));
        drop(replaced);
        assert_eq!(fs::read_to_string(&path).unwrap(), "#create_main_cluster = true");
    }

    #[test]
    fn an_absent_file_is_absent_again_and_a_present_one_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy-rc.d");
        let replaced = Replaced::if_absent(path.to_str().unwrap(), "exit 101", 0o755).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
        assert!(Replaced::if_absent(path.to_str().unwrap(), "other", 0o755).unwrap().is_none());
        assert_eq!(fs::read_to_string(&path).unwrap(), "exit 101");
        drop(replaced);
        assert!(!path.exists());
    }
}
