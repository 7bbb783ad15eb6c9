//! Keeps the processes of one stack: starts them in order, notices the end of each, ends all in reverse order.

use std::fs;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::SUPERVISOR;
use super::identity::Identity;
use super::launch::Spec;
use super::state::Folder;
use crate::failure::{Failure, Result, While};
use crate::interrupt::Interrupt;
use crate::progress;
use crate::tool::{ended, tail};

/// Well beyond the longest orderly end of any of them: `serve` and `work` finish answers under way for up to twenty seconds
/// (`DRAIN` in `server/src/listen`).
const STOP_DEADLINE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(20);
const TAIL_LINES: usize = 25;
/// A process that ends this often within a minute will not get better by itself.
const MOST_RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(60);

/// The processes that this xtask started, in the order of their start. Dropping it ends them.
pub(crate) struct Supervisor {
    folder: Folder,
    interrupt: Interrupt,
    running: Vec<Running>,
}

struct Running {
    spec: Spec,
    child: Child,
    identity: Identity,
    restarts: Vec<Instant>,
}

impl Supervisor {
    /// Ends what a killed xtask left behind, then keeps what is started from now on.
    pub(crate) fn new(folder: &Folder, interrupt: &Interrupt) -> Result<Self> {
        end_leftovers(folder)?;
        Ok(Self { folder: folder.clone(), interrupt: interrupt.clone(), running: Vec::new() })
    }

    /// Starts a process; it counts as part of the stack from now on, ready or not.
    pub(crate) fn start(&mut self, spec: &Spec) -> Result<()> {
        let child = spec.start(&self.folder)?;
        let identity = Identity::of(child.id())?;
        self.running.push(Running { spec: spec.clone(), child, identity, restarts: Vec::new() });
        Ok(())
    }

    /// Starts a process and waits until `ready` says yes. It fails when any process of the stack ends meanwhile.
    pub(crate) fn start_until(
        &mut self,
        spec: &Spec,
        deadline: Duration,
        ready: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        self.start(spec)?;
        self.wait_until(spec.name, deadline, ready)
    }

    /// Waits until `ready` says yes of a process that was started. It fails when any process of the stack ends meanwhile.
    pub(crate) fn wait_until(
        &mut self,
        name: &str,
        deadline: Duration,
        mut ready: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        let interrupt = self.interrupt.clone();
        let waited = interrupt.poll(deadline, || {
            self.check()?;
            Ok(ready()?.then_some(()))
        })?;
        waited.ok_or_else(|| {
            Failure::world(format!(
                "{} is not ready after {}. The end of its log ({}):\n{}",
                name,
                progress::took(deadline),
                self.folder.log(name).display(),
                self.tail(name)
            ))
        })
    }

    /// Fails when a process ended that nobody asked to end.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.ended()? {
            Some((index, status)) => Err(Failure::world(self.death(index, status))),
            None => Ok(()),
        }
    }

    /// Looks after the stack until `done` answers. A process that ended is started again, as a cluster would do it, and
    /// never without saying so; one that keeps ending is a failure.
    pub(crate) fn watch_until<T>(&mut self, mut done: impl FnMut() -> Option<T>) -> Result<Option<T>> {
        let interrupt = self.interrupt.clone();
        interrupt.poll(Duration::MAX, || {
            if let Some((index, status)) = self.ended()? {
                self.restart(index, status)?;
            }
            Ok(done())
        })
    }

    /// Looks after the stack until the person interrupts, which is fine.
    pub(crate) fn watch(&mut self) -> Result<()> {
        match self.watch_until(|| None::<()>) {
            Err(failure) if failure.is_interruption() => Ok(()),
            other => other.map(drop),
        }
    }

    /// Ends everything, the last started first: politely, then after a deadline or a second Ctrl-C by force.
    pub(crate) fn stop(&mut self) {
        while let Some(mut running) = self.running.pop() {
            end(&running.identity, running.spec.stop, || {
                // Reaping is what makes an ended child disappear.
                drop(running.child.try_wait());
                self.interrupt.insisted()
            });
            // Its last threads may still be ending, and not every machine's first process reaps what is left.
            if !running.identity.group_is_alive() {
                drop(running.child.wait());
            }
            drop(fs::remove_file(self.folder.record(running.spec.name)));
        }
    }

    /// The first process that ended and that nobody asked to end.
    fn ended(&mut self) -> Result<Option<(usize, ExitStatus)>> {
        for (index, running) in self.running.iter_mut().enumerate() {
            let ended = running.child.try_wait().world(format_args!("look after {}", running.spec.name))?;
            if let Some(status) = ended {
                return Ok(Some((index, status)));
            }
        }
        Ok(None)
    }

    fn restart(&mut self, index: usize, status: ExitStatus) -> Result<()> {
        let death = self.death(index, status);
        let Some(running) = self.running.get_mut(index) else { return Ok(()) };
        if !may_restart(&mut running.restarts, Instant::now()) {
            return Err(Failure::world(death));
        }
        eprintln!("{death}");
        // What it had started itself must not meet its successor.
        end(&running.identity, Signal::TERM, || self.interrupt.requested());
        running.child = running.spec.start(&self.folder)?;
        running.identity = Identity::of(running.child.id())?;
        progress::note(&format!("{} was started again.", running.spec.name));
        Ok(())
    }

    fn death(&self, index: usize, status: ExitStatus) -> String {
        let name = self.running.get(index).map_or("", |running| running.spec.name);
        let log = self.folder.log(name);
        format!(
            "{name} ended by itself ({}). The end of its log ({}):\n{}",
            ended(status),
            log.display(),
            self.tail(name)
        )
    }

    fn tail(&self, name: &str) -> String {
        tail(&fs::read_to_string(self.folder.log(name)).unwrap_or_default(), TAIL_LINES)
    }
}

/// Notes one more restart, unless there were too many of late.
fn may_restart(restarts: &mut Vec<Instant>, now: Instant) -> bool {
    restarts.retain(|restart| now.duration_since(*restart) < RESTART_WINDOW);
    let may = restarts.len() < MOST_RESTARTS;
    if may {
        restarts.push(now);
    }
    may
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends processes that are on record but whose supervisor is gone, the youngest record first. Call it under the lock.
pub(crate) fn end_leftovers(folder: &Folder) -> Result<()> {
    let mut records = Vec::new();
    for entry in fs::read_dir(folder.records()).world("list the process records")? {
        let path = entry.world("list the process records")?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let written = fs::metadata(&path).and_then(|file| file.modified()).world("read a process record")?;
            records.push((written, path));
        }
    }
    records.sort();
    for (_, path) in records.into_iter().rev() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let left = Identity::read(&path).filter(Identity::group_is_alive);
        // The supervisor shares its group with whatever shell pipeline started it; under the lock it is gone anyway.
        if let Some(identity) = left.filter(|_| name != SUPERVISOR) {
            progress::note(&format!("Ending {name} ({}), left behind by an earlier start.", identity.pid()));
            end(&identity, Signal::TERM, || false);
        }
        fs::remove_file(&path).world("remove a process record")?;
    }
    Ok(())
}

/// Signals the group, waits until it is gone, and kills it after the deadline or when `insisted` says so.
fn end(identity: &Identity, polite: Signal, mut insisted: impl FnMut() -> bool) {
    identity.signal_group(polite);
    let begun = Instant::now();
    let mut killed = false;
    while identity.group_is_alive() {
        let force = insisted() || begun.elapsed() > STOP_DEADLINE;
        if force && !killed {
            identity.signal_group(Signal::KILL);
            killed = true;
        }
        // A process that cannot be killed hangs in the kernel; waiting longer would only hang xtask as well.
        if begun.elapsed() > STOP_DEADLINE * 2 {
            progress::note(&format!("Process group {} does not end. Look at it with `ps`.", identity.pid()));
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_keeps_ending_is_given_up_and_an_occasional_end_is_not() {
        let begun = Instant::now();
        let mut restarts = Vec::new();
        for second in 0..5 {
            assert!(may_restart(&mut restarts, begun + Duration::from_secs(second)));
        }
        assert!(!may_restart(&mut restarts, begun + Duration::from_secs(59)));
        assert!(may_restart(&mut restarts, begun + Duration::from_secs(60)));
        let mut rare = Vec::new();
        for minute in 0..20 {
            assert!(may_restart(&mut rare, begun + Duration::from_secs(60 * minute)));
        }
    }
}
