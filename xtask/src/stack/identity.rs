//! Which process a recorded number means. Numbers are used again, so the time of the start and the boot belong to it.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result, While};

/// One process, never confused with a later one of the same number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pid: i32,
    /// Clock ticks since boot, field 22 of `/proc/PID/stat`.
    started: u64,
    boot: String,
}

/// What `/proc/PID/stat` says, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    zombie: bool,
    group: i32,
    started: u64,
}

impl Identity {
    /// The process that asks.
    pub(crate) fn own() -> Result<Self> {
        Self::of(std::process::id())
    }

    /// A child that was not yet waited for, whose number therefore means it, ended or not.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let pid = i32::try_from(pid).world("read a process's number")?;
        let stat = stat_of(pid).ok_or_else(|| Failure::world(format!("Process {pid} cannot be seen in /proc.")))?;
        Ok(Self { pid, started: stat.started, boot: boot() })
    }

    /// Reads a recorded identity; an absent or broken record is no process.
    pub(crate) fn read(record: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(record).ok()?).ok()
    }

    pub(crate) fn write(&self, record: &Path) -> Result<()> {
        let text = serde_json::to_string(self).world("write a process record")?;
        let beside = record.with_extension("new");
        fs::write(&beside, text)
            .and_then(|()| fs::rename(&beside, record))
            .world(format_args!("write {}", record.display()))
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    /// Whether that very process still runs; one that ended and waits for its parent does not.
    pub(crate) fn is_alive(&self) -> bool {
        self.boot == boot() && stat_of(self.pid).is_some_and(|stat| stat.started == self.started && !stat.zombie)
    }

    /// Whether anything of the group that this process led still runs, itself included.
    ///
    /// A leader that is gone leaves its number reserved for as long as the group has members.
    pub(crate) fn group_is_alive(&self) -> bool {
        if self.boot != boot() || stat_of(self.pid).is_some_and(|stat| stat.started != self.started) {
            return false;
        }
        group_has_members(self.pid)
    }

    /// Sends a signal to the group that this process leads.
    pub(crate) fn signal_group(&self, signal: Signal) {
        if let Some(group) = Pid::from_raw(self.pid).filter(|_| self.group_is_alive()) {
            // It may have ended in between, which is what a signal wants.
            let _ = kill_process_group(group, signal);
        }
    }

    /// Sends a signal to this process alone.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.pid).filter(|_| self.is_alive()) {
            let _ = rustix::process::kill_process(pid, signal);
        }
    }
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

fn stat_of(pid: i32) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn group_has_members(group: i32) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else { return false };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(stat_of).any(|stat| stat.group == group && !stat.zombie)
}

/// The program's name stands in brackets and may itself hold brackets and spaces: what counts starts after the last.
fn parse(stat: &str) -> Option<Stat> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Stat {
        zombie: matches!(*fields.first()?, "Z" | "X"),
        group: fields.get(2)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn the_state_is_read_behind_a_name_with_brackets() {
        let line = "42 (a) b (c)) S 1 77 77 0 -1 4 1 1 0 0 1 2 0 0 20 0 1 0 987654 1 1";
        assert_eq!(parse(line), Some(Stat { zombie: false, group: 77, started: 987_654 }));
        assert!(parse(&line.replace(") S ", ") Z ")).unwrap().zombie);
        assert_eq!(parse("42 (cut off) S 1"), None);
    }

    #[test]
    fn a_process_is_alive_until_it_ends_even_before_it_is_waited_for() {
        let mut child = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let identity = Identity::of(child.id()).unwrap();
        assert!(identity.is_alive() && identity.group_is_alive());
        child.kill().unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while identity.is_alive() {
            assert!(std::time::Instant::now() < deadline, "a killed process counts as alive");
            std::thread::yield_now();
        }
        assert!(!identity.group_is_alive());
        child.wait().unwrap();
    }

    #[test]
    fn another_start_or_boot_is_another_process() {
        let own = Identity::own().unwrap();
        assert!(own.is_alive());
        assert!(!Identity { started: own.started + 1, ..own.clone() }.is_alive());
        assert!(!Identity { started: own.started + 1, ..own.clone() }.group_is_alive());
        assert!(!Identity { boot: "another".into(), ..own }.is_alive());
    }

    #[test]
    fn a_group_lives_on_without_its_leader() {
        let script = "sleep 60 & exit 0";
        let mut leader = Command::new("sh").args(["-c", script]).process_group(0).spawn().unwrap();
        let identity = Identity::of(leader.id()).unwrap();
        leader.wait().unwrap();
        assert!(!identity.is_alive());
        assert!(identity.group_is_alive());
        identity.signal_group(Signal::KILL);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while identity.group_is_alive() {
            assert!(std::time::Instant::now() < deadline, "the group outlived its end");
            std::thread::yield_now();
        }
    }

    #[test]
    fn records_survive_being_written_and_broken_ones_are_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("postgres.json");
        let own = Identity::own().unwrap();
        own.write(&record).unwrap();
        assert_eq!(Identity::read(&record), Some(own));
        fs::write(&record, "{").unwrap();
        assert_eq!(Identity::read(&record), None);
    }
}
