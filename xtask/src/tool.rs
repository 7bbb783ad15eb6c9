//! Runs a program to its end, in its own process group, and ends the group when the person interrupts.

use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::failure::{Failure, Result, While};
use crate::workshop::Workshop;

/// As many lines of a failed program's output as fit a screen.
const TAIL_LINES: usize = 60;
const NO_DEADLINE: Duration = Duration::MAX;

/// A program to be run to its end.
pub(crate) struct Tool {
    command: Command,
    name: String,
    input: Option<String>,
}

/// What a finished program said.
pub(crate) struct Said {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Tool {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let path = Path::new(program.as_ref());
        let name = path.file_name().unwrap_or(program.as_ref()).to_string_lossy().into_owned();
        Self { command: Command::new(program), name, input: None }
    }

    /// Cargo itself, in the source tree.
    pub(crate) fn cargo(workshop: &Workshop) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo).current_dir(workshop.root())
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn env_clear(mut self) -> Self {
        self.command.env_clear();
        self
    }

    pub(crate) fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// What the program reads from its standard input, which is empty otherwise.
    pub(crate) fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// Runs under another user and group; only root may ask for it.
    pub(crate) fn user(mut self, uid: u32, gid: u32) -> Self {
        self.command.uid(uid).gid(gid);
        self
    }

    /// Shows the program's output as it comes and answers whether it ended well.
    pub(crate) fn watch(mut self, workshop: &Workshop) -> Result<bool> {
        let mut child = self.start(Stdio::inherit(), Stdio::inherit())?;
        Ok(wait(workshop, &mut child, &self.name)?.success())
    }

    /// Shows the program's output as it comes; failing is the source tree's fault.
    pub(crate) fn show(self, workshop: &Workshop) -> Result<()> {
        let name = self.name.clone();
        if self.watch(workshop)? {
            return Ok(());
        }
        Err(Failure::input(format!("`{name}` failed; its own words stand above.")))
    }

    /// Collects the output and answers it whatever the end was.
    pub(crate) fn ask(mut self, workshop: &Workshop) -> Result<Said> {
        let mut child = self.start(Stdio::piped(), Stdio::piped())?;
        let stdout = child.stdout.take().map(|from| collect(from, false));
        let stderr = child.stderr.take().map(|from| collect(from, false));
        let status = wait(workshop, &mut child, &self.name)?;
        Ok(Said { status, stdout: joined(stdout), stderr: joined(stderr) })
    }

    /// Shows the program's output as it comes and answers what it wrote to stdout.
    pub(crate) fn follow(mut self, workshop: &Workshop) -> Result<Said> {
        let mut child = self.start(Stdio::piped(), Stdio::inherit())?;
        let stdout = child.stdout.take().map(|from| collect(from, true));
        let status = wait(workshop, &mut child, &self.name)?;
        Ok(Said { status, stdout: joined(stdout), stderr: String::new() })
    }

    /// Collects the output and answers stdout; a failure shows the end of what the program said.
    pub(crate) fn quiet(self, workshop: &Workshop) -> Result<String> {
        let name = self.name.clone();
        let said = self.ask(workshop)?;
        if said.status.success() {
            return Ok(said.stdout);
        }
        Err(Failure::world(format!(
            "`{name}` failed ({}). It said:\n{}",
            ended(said.status),
            tail(&format!("{}{}", said.stdout, said.stderr), TAIL_LINES)
        )))
    }

    fn start(&mut self, stdout: Stdio, stderr: Stdio) -> Result<Child> {
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        let started = self.command.stdin(stdin).stdout(stdout).stderr(stderr).process_group(0).spawn();
        let mut child = started.world(format_args!("start `{}`", self.name))?;
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), self.input.take()) {
            // A program that ends without reading has its own reason, which its status tells.
            std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        }
        Ok(child)
    }
}

/// The last `lines` lines, each indented.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all.get(from..).unwrap_or_default().iter().map(|line| format!("    {line}\n")).collect()
}

/// How a process ended, in words.
pub(crate) fn ended(status: ExitStatus) -> impl Display {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "unknown end".into(),
    }
}

fn wait(workshop: &Workshop, child: &mut Child, name: &str) -> Result<ExitStatus> {
    let waited = workshop.interrupt.poll(NO_DEADLINE, || child.try_wait().world(format_args!("wait for `{name}`")));
    match waited {
        Ok(Some(status)) => Ok(status),
        Ok(None) => Err(Failure::world(format!("`{name}` did not end."))),
        Err(failure) => {
            end_group(child);
            Err(failure)
        }
    }
}

/// The group holds the program and whatever it started; nothing of it may outlive us.
fn end_group(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // Already gone is as good as ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
    drop(child.wait());
}

/// Reads to the end, line by line; with `echo` each line is shown on stderr, where progress belongs.
fn collect(from: impl Read + Send + 'static, echo: bool) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut text = String::new();
        let mut line = Vec::new();
        // What was read before an error is still worth showing.
        while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let read = String::from_utf8_lossy(&line).into_owned();
            if echo {
                eprint!("{read}");
            }
            text.push_str(&read);
            line.clear();
        }
        text
    })
}

fn joined(reader: Option<JoinHandle<String>>) -> String {
    reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Interrupt;

    fn workshop() -> Workshop {
        Workshop::open(Interrupt::default()).unwrap()
    }

    #[test]
    fn quiet_answers_stdout_alone() {
        let said = Tool::new("sh").args(["-c", "echo out; echo err >&2"]).quiet(&workshop()).unwrap();
        assert_eq!(said, "out\n");
    }

    #[test]
    fn input_reaches_the_program_and_is_empty_otherwise() {
        assert_eq!(Tool::new("cat").input("given").quiet(&workshop()).unwrap(), "given");
        assert_eq!(Tool::new("cat").quiet(&workshop()).unwrap(), "");
    }

    #[test]
    fn a_failure_carries_the_end_of_what_was_said() {
        let failure = Tool::new("sh").args(["-c", "echo reason >&2; exit 7"]).quiet(&workshop()).unwrap_err();
        assert_eq!(failure.to_string(), "`sh` failed (exit code 7). It said:\n    reason\n");
    }

    #[test]
    fn the_tail_keeps_the_last_lines() {
        assert_eq!(tail("a\nb\nc", 2), "    b\n    c\n");
        assert_eq!(tail("a", 2), "    a\n");
    }
}
