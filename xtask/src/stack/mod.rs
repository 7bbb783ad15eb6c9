//! The local stack: real engines and the product itself as plain processes, all of them under one supervisor.

mod accounts;
mod bring_up;
pub(crate) mod control_plane;
mod demo;
mod gitea;
pub(crate) mod http;
mod identity;
pub(crate) mod launch;
mod oidc;
pub(crate) mod ports;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod state;
pub(crate) mod status;
pub(crate) mod supervise;
pub(crate) mod user;

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

pub(crate) use self::bring_up::Started;
use self::identity::Identity;
use self::state::{Folder, Phase, Stack};
use self::status::Status;
use self::supervise::Supervisor;
use crate::failure::{Failure, Result};
use crate::progress;
use crate::workshop::Workshop;

/// What a start has reached when nothing more is to come.
pub(crate) const COMPLETE: Phase = Phase::Ready;
/// The name of the supervisor's own record.
pub(crate) const SUPERVISOR: &str = "supervisor";
/// Longer than a supervisor may need to end its processes one after another.
const STOP_DEADLINE: Duration = Duration::from_secs(120);

/// A stack that this process runs. Dropping it ends every process of it.
pub(crate) struct Running {
    folder: Folder,
    pub(crate) stack: Stack,
    supervisor: Supervisor,
    /// Freed last, when nothing of the stack runs any more.
    _lock: fs::File,
}

impl Running {
    /// Takes the state folder for this process, ends what an earlier one left behind and settles the ports.
    pub(crate) fn open(workshop: &Workshop, path: &Path, port: Option<u16>) -> Result<Self> {
        let folder = Folder::open(path)?;
        let Some(lock) = folder.lock()? else {
            return Err(Failure::input(format!(
                "A stack already runs from {}. Run `cargo xtask stop` first, or choose another folder with `--state`.",
                folder.path().display()
            )));
        };
        let supervisor = Supervisor::new(&folder, &workshop.interrupt)?;
        // In this order: the phase of an earlier start must not count as ours.
        folder.set_phase(Phase::Starting)?;
        Identity::own()?.write(&folder.record(SUPERVISOR))?;
        drop(fs::remove_file(folder.path().join(control_plane::RECORD)));
        let stack = folder.settle(port)?;
        Ok(Self { folder, stack, supervisor, _lock: lock })
    }

    /// What `stack status` says about it.
    pub(crate) fn status(&self) -> Result<Status> {
        status::read(self.folder.path())
    }

    /// Looks after the stack until it is interrupted or a process ends.
    pub(crate) fn watch(&mut self) -> Result<()> {
        self.supervisor.watch()
    }

    /// Ends every process and says how it went.
    pub(crate) fn close(mut self, outcome: &Result<()>) -> Result<()> {
        self.supervisor.stop();
        let phase = match outcome {
            Err(failure) if !failure.is_interruption() => Phase::Failed,
            _ => Phase::Stopped,
        };
        self.folder.set_phase(phase)?;
        drop(fs::remove_file(self.folder.record(SUPERVISOR)));
        Ok(())
    }
}

/// Ends the stack of a folder, whoever runs it, and waits until nothing of it is left.
pub(crate) fn stop(workshop: &Workshop, path: &Path) -> Result<bool> {
    let Some(folder) = Folder::existing(path)? else { return Ok(false) };
    let supervisor = Identity::read(&folder.record(SUPERVISOR)).filter(Identity::is_alive);
    if let Some(supervisor) = &supervisor {
        supervisor.signal(Signal::TERM);
        let ended = workshop.interrupt.poll(STOP_DEADLINE, || Ok((!supervisor.is_alive()).then_some(())))?;
        if ended.is_none() {
            progress::note("The supervisor does not end by itself and is ended by force.");
            supervisor.signal(Signal::KILL);
            workshop.interrupt.poll(STOP_DEADLINE, || Ok((!supervisor.is_alive()).then_some(())))?;
        }
    }
    let Some(_lock) = folder.lock()? else {
        return Err(Failure::world(format!(
            "{} is held by a process that is not on record. Look for it with `ps`.",
            folder.path().display()
        )));
    };
    supervise::end_leftovers(&folder)?;
    if supervisor.is_some() {
        folder.set_phase(Phase::Stopped)?;
    }
    Ok(supervisor.is_some())
}

/// Removes the state folder and what belongs to it elsewhere, if it is one. Nothing of it may run.
pub(crate) fn purge(path: &Path) -> Result<()> {
    let Some(folder) = Folder::existing(path)? else { return Ok(()) };
    progress::note(&format!("Removing {} and what belongs to it elsewhere.", folder.path().display()));
    if let Some(stack) = folder.stack()? {
        postgres::remove_elsewhere(&stack)?;
    }
    folder.remove()
}
