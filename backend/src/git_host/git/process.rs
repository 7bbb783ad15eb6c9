//! One run of a program with a deadline, limited output, and no survivors.

use std::{process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, Command},
    time::timeout,
};

use crate::{Dependency, Error, Result};

/// What a finished program left behind.
#[derive(Debug)]
pub(super) struct Output {
    /// None when a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    /// More came than was wanted; the program was stopped.
    pub(super) is_cut: bool,
    pub(super) stderr: Vec<u8>,
}

impl Output {
    pub(super) fn is_success(&self) -> bool {
        self.code == Some(0)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) deadline: Duration,
    /// Of standard output, in bytes.
    pub(super) most_output: usize,
    /// Of any file that the program writes, in bytes.
    pub(super) most_file: u64,
}

const MOST_STDERR: usize = 64 * 1024;

/// Gives `input` to the program and waits for its end. When the deadline passes, or the caller goes away, the program
/// and all that it started are killed.
pub(super) async fn run(mut command: Command, input: Vec<u8>, limits: Limits) -> Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
    let mut child = command.spawn().map_err(|e| {
        Error::internal(format!("git cannot be started: {e}. Install git 2.31 or later where the worker finds it."))
    })?;
    let group = Group::of(&child);
    limit_files(&group, limits.most_file);
    let ended = timeout(limits.deadline, finish(&mut child, input, limits.most_output)).await;
    match ended {
        Ok(Ok(output)) => {
            group.disarm();
            Ok(output)
        }
        Ok(Err(error)) => Err(Error::internal(format!("git: {error}"))),
        Err(_) => Err(Error::Unavailable {
            dependency: Dependency::GitHost,
            detail: format!("git did not end within {} s", limits.deadline.as_secs_f32()),
        }),
    }
}

async fn finish(child: &mut Child, input: Vec<u8>, most_output: usize) -> std::io::Result<Output> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (_, stdout, stderr) = tokio::join!(
        feed(stdin, input),
        take(stdout, most_output, AtLimit::Close),
        take(stderr, MOST_STDERR, AtLimit::Drain)
    );
    let ((stdout, is_cut), (stderr, _)) = (stdout?, stderr?);
    Ok(Output { code: child.wait().await?.code(), stdout, is_cut, stderr })
}

/// A program that ends early closes its input; its exit code tells why, so the broken pipe need not.
async fn feed(stdin: Option<ChildStdin>, input: Vec<u8>) {
    if let Some(mut stdin) = stdin {
        let _ = stdin.write_all(&input).await;
    }
}

enum AtLimit {
    /// The program gets a broken pipe and ends.
    Close,
    /// The program goes on and the rest is dropped.
    Drain,
}

async fn take(
    from: Option<impl AsyncRead + Unpin>,
    most: usize,
    at_limit: AtLimit,
) -> std::io::Result<(Vec<u8>, bool)> {
    let mut kept = Vec::new();
    let Some(mut from) = from else { return Ok((kept, false)) };
    (&mut from).take(most as u64).read_to_end(&mut kept).await?;
    if kept.len() < most {
        return Ok((kept, false));
    }
    let is_cut = match at_limit {
        AtLimit::Close => from.read(&mut [0]).await? > 0,
        AtLimit::Drain => tokio::io::copy(&mut from, &mut tokio::io::sink()).await? > 0,
    };
    Ok((kept, is_cut))
}

/// What the program starts from now on inherits the limit. The host decides how much a fetch brings, not we.
#[cfg(target_os = "linux")]
fn limit_files(group: &Group, most: u64) {
    use rustix::process::{Resource, Rlimit, prlimit};
    // A program that has ended already needs no limit.
    let _ = prlimit(group.0, Resource::Fsize, Rlimit { current: Some(most), maximum: Some(most) });
}

/// Elsewhere only the deadline limits how much is written.
#[cfg(not(target_os = "linux"))]
fn limit_files(_: &Group, _: u64) {}

/// `git` starts programs of its own, which would outlive it. They are in one process group, killed as a whole on drop.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    /// To be called once the leader has been waited for, because its number may then belong to somebody else.
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // It may have ended by itself meanwhile, which is just as well.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn limits(deadline_ms: u64, most_output: usize) -> Limits {
        Limits { deadline: Duration::from_millis(deadline_ms), most_output, most_file: 1_000_000 }
    }

    #[tokio::test]
    async fn input_output_and_code_are_carried() {
        let output = run(shell("cat; echo err >&2; exit 3"), b"in".into(), limits(5_000, 10)).await.unwrap();
        assert_eq!((output.code, output.stdout.as_slice(), output.is_cut), (Some(3), &b"in"[..], false));
        assert_eq!(output.stderr, b"err\n");
    }

    #[tokio::test]
    async fn endless_output_is_cut_and_ends_the_program() {
        let output = run(shell("yes"), Vec::new(), limits(10_000, 1_000)).await.unwrap();
        assert!(output.is_cut && output.stdout.len() == 1_000 && !output.is_success());
        let exact = run(shell("printf 1234"), Vec::new(), limits(10_000, 4)).await.unwrap();
        assert!(!exact.is_cut && exact.is_success());
    }

    #[tokio::test]
    async fn a_program_that_reads_nothing_does_not_block_us() {
        let output = run(shell("exit 0"), vec![0; 4 * 1024 * 1024], limits(10_000, 10)).await.unwrap();
        assert!(output.is_success());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_file_over_the_limit_ends_the_program() {
        let folder = tempfile::tempdir().unwrap();
        // Input comes after the limit is set.
        let mut command = shell("read go; head -c 3000000 /dev/zero > big");
        command.current_dir(folder.path());
        let output = run(command, b"go\n".into(), limits(10_000, 10)).await.unwrap();
        assert!(!output.is_success());
        assert_eq!(folder.path().join("big").metadata().unwrap().len(), 1_000_000);
    }

    #[tokio::test]
    async fn after_the_deadline_the_whole_family_is_gone() {
        let mark = format!("{}", 86_400 + std::process::id());
        let begun = Instant::now();
        let script = format!("sleep {mark} & sleep {mark}");
        let error = run(shell(&script), Vec::new(), limits(300, 10)).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { dependency: Dependency::GitHost, .. }), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(5));
        let until = Instant::now() + Duration::from_secs(5);
        while is_running(&mark) {
            assert!(Instant::now() < until, "a child of the killed program still runs");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether `sleep MARK` is among the processes, ended ones that wait for their parent left out.
    fn is_running(mark: &str) -> bool {
        let wanted = format!("sleep\0{mark}\0");
        std::fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .any(|process| std::fs::read(process.path().join("cmdline")).is_ok_and(|line| line == wanted.as_bytes()))
    }
}
