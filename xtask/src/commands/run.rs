//! `cargo xtask run`: everything on this machine, in the foreground or left behind in the background.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::cli::Run;
use crate::failure::{Failure, Result, While};
use crate::frontend::Profile;
use crate::progress;
use crate::stack::state::Folder;
use crate::stack::{COMPLETE, Running, status};
use crate::workshop::Workshop;

pub(crate) fn run(workshop: &Workshop, run: &Run) -> Result<ExitCode> {
    let folder = run.place.folder(workshop);
    if run.detach {
        return detach(workshop, run, &folder);
    }
    if run.supervise {
        // Away from the terminal and the session that started it.
        rustix::process::setsid().world("leave the terminal")?;
    }
    let mut running = Running::open(workshop, &folder, run.port)?;
    let outcome = bring_up(workshop, &mut running, Profile::of(run.release)).and_then(|()| running.watch());
    progress::note("Ending everything that was started …");
    running.close(&outcome)?;
    outcome.map(|()| ExitCode::SUCCESS)
}

fn bring_up(workshop: &Workshop, running: &mut Running, profile: Profile) -> Result<()> {
    let database = running.start_database(workshop)?;
    let client = running.start_sign_in(workshop)?;
    let waymark = running.start_pages(workshop, profile, profile, &database, &client)?;
    let engines = running.start_engines(workshop, &database, Some(&client))?;
    running.start_worker(workshop, &database, &waymark, &engines)?;
    progress::note("Ctrl-C or `cargo xtask stop` ends it.");
    running.make_demo_services(workshop, &client)
}

/// Starts a supervisor in the background, shows what it says until everything is ready, and leaves it there.
fn detach(workshop: &Workshop, run: &Run, path: &Path) -> Result<ExitCode> {
    let folder = Folder::open(path)?;
    if status::phase(&folder) == COMPLETE {
        progress::note("The stack runs already; `cargo xtask stop` first to start it anew.");
        println!("ready {}\nready cluster", status::read(path)?.web.unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }
    let log = folder.log("supervisor");
    let mut child = start_supervisor(run, path, &log)?;
    let mut follower = Follower { file: fs::File::open(&log).world("read the supervisor's log")? };
    let followed = workshop.interrupt.poll(Duration::MAX, || {
        follower.show()?;
        if let Some(status) = child.try_wait().world("look after the supervisor")? {
            follower.show()?;
            return Ok(Some(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(3))));
        }
        Ok((status::phase(&folder) == COMPLETE).then_some(ExitCode::SUCCESS))
    });
    follower.show()?;
    if followed.is_err() {
        progress::note("Ending what was started in the background …");
        ask_to_end(&mut child)?;
    }
    followed?.ok_or_else(|| Failure::world("The supervisor never became ready."))
}

fn start_supervisor(run: &Run, path: &Path, log: &Path) -> Result<Child> {
    let file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(log);
    let out = file.world(format_args!("open {}", log.display()))?;
    let errors = out.try_clone().world(format_args!("open {}", log.display()))?;
    let mut command = Command::new("/proc/self/exe");
    command.args(["run", "--supervise", "--state"]).arg(path);
    if let Some(port) = run.port {
        command.args(["--port", &port.to_string()]);
    }
    if run.release {
        command.arg("--release");
    }
    command.stdin(Stdio::null()).stdout(out).stderr(errors).spawn().world("start the supervisor")
}

/// The child is ours and not yet waited for, so its number still means it.
fn ask_to_end(child: &mut Child) -> Result<()> {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended in between.
        let _ = rustix::process::kill_process(pid, Signal::TERM);
    }
    child.wait().world("wait for the supervisor").map(drop)
}

/// Shows a growing file: lines that begin with `ready ` are results, everything else is progress.
struct Follower {
    file: fs::File,
}

impl Follower {
    fn show(&mut self) -> Result<()> {
        let at = self.file.stream_position().world("read the supervisor's log")?;
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).world("read the supervisor's log")?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        self.file.seek(SeekFrom::Start(at + whole as u64)).world("read the supervisor's log")?;
        for line in String::from_utf8_lossy(&bytes[..whole]).lines() {
            if line.starts_with("ready ") {
                println!("{line}");
            } else {
                eprintln!("{line}");
            }
        }
        std::io::stdout().flush().world("write to stdout")
    }
}
