//! Starts a long-lived process so that it is on record before it runs.
//!
//! `xtask launch` is started first, writes its own identity down and then becomes the program. Recording it from outside
//! would leave a moment in which a hard kill of xtask leaves behind a process that nobody knows of.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use clap::Args;
use rustix::process::Signal;

use super::identity::Identity;
use super::state::Folder;
use crate::failure::{Failure, Result, While};

/// Names that children inherit; everything else they are given by name.
const INHERITED: [&str; 7] = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// A process of the stack, before it is started.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    /// The whole environment but for a few names that say nothing about the stack.
    pub(crate) env: Vec<(&'static str, String)>,
    pub(crate) folder: PathBuf,
    /// Another user and group, where the program refuses root.
    pub(crate) user: Option<(u32, u32)>,
    /// What makes it end in good order.
    pub(crate) stop: Signal,
}

/// What `xtask launch` is told.
#[derive(Args, Clone, Debug)]
pub(crate) struct Launch {
    #[arg(long)]
    record: PathBuf,
    #[arg(long, requires = "gid")]
    uid: Option<u32>,
    #[arg(long)]
    gid: Option<u32>,
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

impl Spec {
    pub(crate) fn new(name: &'static str, program: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self {
            name,
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            folder: folder.into(),
            user: None,
            stop: Signal::TERM,
        }
    }

    pub(crate) fn args<S: Into<OsString>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Starts it in a process group of its own, its output going to the folder's logs.
    pub(crate) fn start(&self, folder: &Folder) -> Result<Child> {
        let path = folder.log(self.name);
        if path.exists() {
            fs::rename(&path, folder.log(&format!("{}.previous", self.name))).world("keep the last log")?;
        }
        let log = fs::File::create(&path).world(format_args!("open {}", path.display()))?;
        let errors = log.try_clone().world(format_args!("open {}", path.display()))?;
        // This very program, even when it was built anew since it was started.
        let mut command = Command::new("/proc/self/exe");
        command.arg("launch").arg("--record").arg(folder.record(self.name));
        if let Some((uid, gid)) = self.user {
            command.args(["--uid", &uid.to_string(), "--gid", &gid.to_string()]);
        }
        command.arg("--").arg(&self.program).args(&self.args).env_clear().envs(inherited());
        command
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .world(format_args!("start {}", self.name))
    }
}

/// The part of xtask's own environment that every child gets.
pub(crate) fn inherited() -> impl Iterator<Item = (&'static str, OsString)> {
    INHERITED.into_iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value)))
}

/// Writes the identity down and becomes the program; returns only when that fails.
pub(crate) fn become_program(launch: &Launch) -> Result<()> {
    Identity::own()?.write(&launch.record)?;
    let Some((program, args)) = launch.command.split_first() else {
        return Err(Failure::world("There is no program to start."));
    };
    let mut command = Command::new(program);
    command.args(args);
    if let (Some(uid), Some(gid)) = (launch.uid, launch.gid) {
        command.uid(uid).gid(gid);
    }
    Err(command.exec()).world(format_args!("start {}", program.to_string_lossy()))
}
