//! The state folder: what a stack is called, which ports and secrets it has, how far it came.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ports::{Ports, is_free};
use crate::failure::{Failure, Result, While};
use crate::progress;

const FORMAT: u32 = 1;
const LOCK: &str = "waymark.lock";
/// Everything that a stack writes into its folder; the lock last, which is what makes the folder ours.
const PARTS: [&str; 10] =
    ["postgres", "cluster", "logs", "oidc.json", "gitea.json", "cluster.json", "phase.json", "stack.json", "run", LOCK];

/// The folder given by `--state`.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// What is decided once and kept: `stack.json`, readable by its owner alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stack {
    format: u32,
    pub(crate) ports: Ports,
    pub(crate) secrets: Secrets,
    /// Where the private Postgres cluster lies; none with a foreign `DATABASE_URL`.
    pub(crate) postgres_folder: Option<PathBuf>,
}

/// Made at random for this folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) postgres_superuser: String,
    pub(crate) postgres: String,
    pub(crate) oidc_client: String,
    pub(crate) oidc_cookies: String,
    /// Folders of earlier versions have none.
    #[serde(default = "secret")]
    pub(crate) webhook: String,
}

/// How far a start came. `stopped` is never written: it is what a missing supervisor means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    Stopped,
    Starting,
    Pages,
    Ready,
    Failed,
}

impl Folder {
    /// Makes the folder where it is missing. Others may pass through it (an engine that refuses root runs under another
    /// user), but neither list it nor read the files with secrets.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let folder = Self(std::path::absolute(path).world(format_args!("find {}", path.display()))?);
        folder.refuse_foreign()?;
        for part in [folder.0.clone(), folder.0.join("logs"), folder.0.join("run")] {
            fs::create_dir_all(&part).world(format_args!("make {}", part.display()))?;
        }
        let mode = fs::Permissions::from_mode(0o711);
        fs::set_permissions(&folder.0, mode).world(format_args!("protect {}", folder.0.display()))?;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder.0.join("logs"), private.clone()).world("protect the logs")?;
        fs::set_permissions(folder.0.join("run"), private).world("protect the process records")?;
        drop(folder.lock_file()?);
        Ok(folder)
    }

    /// A folder that holds something else is neither protected nor filled nor, later, removed.
    fn refuse_foreign(&self) -> Result<()> {
        let is_empty = fs::read_dir(&self.0).map_or(true, |mut entries| entries.next().is_none());
        if is_empty || is_ours(&self.0) {
            return Ok(());
        }
        Err(Failure::input(format!(
            "{} holds something else than a stack. Give `--state` a new or an empty folder.",
            self.0.display()
        )))
    }

    /// The folder if it is there already.
    pub(crate) fn existing(path: &Path) -> Result<Option<Self>> {
        let path = std::path::absolute(path).world(format_args!("find {}", path.display()))?;
        Ok(is_ours(&path).then_some(Self(path)))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.0.join("logs").join(format!("{name}.log"))
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.0.join("run")
    }

    pub(crate) fn record(&self, name: &str) -> PathBuf {
        self.records().join(format!("{name}.json"))
    }

    /// Held for as long as a stack runs from this folder; `None` when another process holds it.
    pub(crate) fn lock(&self) -> Result<Option<fs::File>> {
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error).world(format_args!("lock {}", self.0.display())),
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        let text = fs::read(self.0.join("phase.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or(Phase::Stopped)
    }

    pub(crate) fn set_phase(&self, phase: Phase) -> Result<()> {
        let text = serde_json::to_vec(&phase).world("write the phase")?;
        self.write("phase.json", &text)
    }

    /// What an earlier start wrote down.
    pub(crate) fn stack(&self) -> Result<Option<Stack>> {
        let path = self.0.join("stack.json");
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).world(format_args!("read {}", path.display()))?;
        let stack: Stack = serde_json::from_slice(&text)
            .input(format_args!("read {} (remove the folder to start afresh)", path.display()))?;
        if stack.format != FORMAT {
            return Err(Failure::input(format!(
                "{} was written by another version. Remove the folder to start afresh.",
                path.display()
            )));
        }
        Ok(Some(stack))
    }

    /// Takes what was written down, decides what is missing and writes it down. Without `port` the recorded one stays.
    pub(crate) fn settle(&self, port: Option<u16>) -> Result<Stack> {
        let before = self.stack()?;
        let recorded = before.as_ref().map(|stack| &stack.ports);
        let web = port.or(recorded.map(|ports| ports.web)).unwrap_or(3000);
        let ports = Ports::settle(recorded, web, self.seed(), is_free)?;
        let stack = match before {
            Some(stack) => Stack { ports, ..stack },
            None => Stack { format: FORMAT, ports, secrets: Secrets::make(), postgres_folder: None },
        };
        self.keep(&stack)?;
        Ok(stack)
    }

    pub(crate) fn keep(&self, stack: &Stack) -> Result<()> {
        self.write("stack.json", &serde_json::to_vec_pretty(stack).world("write stack.json")?)
    }

    /// Writes a file that appears whole and that its owner alone may read.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.0.join(name);
        let beside = self.0.join(format!("{name}.new"));
        let written = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)
            .and_then(|mut file| file.write_all(content))
            .and_then(|()| fs::rename(&beside, &path));
        written.world(format_args!("write {}", path.display()))
    }

    /// Removes what a stack puts there, and the folder itself if nothing else is in it.
    pub(crate) fn remove(self) -> Result<()> {
        for part in PARTS {
            let path = self.0.join(part);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            if let Err(error) = removed
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(error).world(format_args!("remove {}", path.display()));
            }
        }
        if let Err(error) = fs::remove_dir(&self.0) {
            progress::note(&format!("{} stays: {error}.", self.0.display()));
        }
        Ok(())
    }

    fn lock_file(&self) -> Result<fs::File> {
        let path = self.0.join(LOCK);
        let opened = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        opened.world(format_args!("open {}", path.display()))
    }

    fn seed(&self) -> u64 {
        let hash = crate::fingerprint::short_hash(self.0.as_os_str().as_encoded_bytes());
        u64::from_str_radix(&hash, 16).unwrap_or_default()
    }
}

/// The lock is made with the folder and by nobody else.
fn is_ours(path: &Path) -> bool {
    path.join(LOCK).is_file() && path.join("run").is_dir()
}

impl Secrets {
    fn make() -> Self {
        Self {
            postgres_superuser: secret(),
            postgres: secret(),
            oidc_client: secret(),
            oidc_cookies: secret(),
            webhook: secret(),
        }
    }
}

fn secret() -> String {
    hex::encode(rand::random::<[u8; 24]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free_port() -> u16 {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    #[test]
    fn what_was_decided_stays_decided() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(&parent.path().join("state")).unwrap();
        assert_eq!(folder.stack().unwrap(), None);
        let port = free_port();
        let first = folder.settle(Some(port)).unwrap();
        assert_eq!(first.ports.web, port);
        assert_eq!(folder.stack().unwrap().as_ref(), Some(&first));
        assert_eq!(folder.settle(None).unwrap(), first);
    }

    #[test]
    fn a_secret_that_an_earlier_version_did_not_have_is_made_once() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        let stack = folder.settle(Some(free_port())).unwrap();
        let mut earlier = serde_json::to_value(&stack).unwrap();
        earlier["secrets"].as_object_mut().unwrap().remove("webhook").unwrap();
        folder.write("stack.json", earlier.to_string().as_bytes()).unwrap();
        let settled = folder.settle(None).unwrap();
        assert_eq!(folder.settle(None).unwrap(), settled);
        assert_eq!(settled.secrets.oidc_client, stack.secrets.oidc_client);
    }

    #[test]
    fn secrets_differ_between_folders_and_are_for_the_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let one = Folder::open(&parent.path().join("one")).unwrap();
        let other = Folder::open(&parent.path().join("other")).unwrap();
        let port = free_port();
        assert_ne!(one.settle(Some(port)).unwrap().secrets, other.settle(Some(port)).unwrap().secrets);
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(one.path().join("stack.json")), 0o600);
        assert_eq!(mode(one.path().to_owned()), 0o711);
        assert_eq!(mode(one.records()), 0o700);
    }

    #[test]
    fn one_process_at_a_time_holds_the_folder() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        let held = folder.lock().unwrap();
        assert!(held.is_some());
        assert!(folder.lock().unwrap().is_none());
        drop(held);
        assert!(folder.lock().unwrap().is_some());
    }

    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("home");
        fs::create_dir_all(path.join("run")).unwrap();
        fs::write(path.join("thesis.tex"), "").unwrap();
        let before = fs::metadata(&path).unwrap().permissions();
        assert!(Folder::open(&path).unwrap_err().to_string().contains("holds something else"));
        assert!(Folder::existing(&path).unwrap().is_none(), "it would be stopped and removed");
        assert_eq!(fs::metadata(&path).unwrap().permissions(), before);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
    }

    #[test]
    fn removing_a_stack_takes_only_what_it_wrote() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("state");
        let folder = Folder::open(&path).unwrap();
        folder.settle(Some(free_port())).unwrap();
        folder.set_phase(Phase::Pages).unwrap();
        fs::write(path.join("notes.txt"), "").unwrap();
        folder.remove().unwrap();
        let left: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["notes.txt"]);
        fs::remove_file(path.join("notes.txt")).unwrap();
        Folder::open(&path).unwrap().remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn another_format_is_refused_with_a_way_out() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        let stack = folder.settle(Some(free_port())).unwrap();
        folder.keep(&Stack { format: FORMAT + 1, ..stack }).unwrap();
        let failure = folder.stack().unwrap_err().to_string();
        assert!(failure.contains("Remove the folder to start afresh."), "{failure}");
    }

    #[test]
    fn the_phase_is_stopped_until_one_is_written() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        assert_eq!(folder.phase(), Phase::Stopped);
        folder.set_phase(Phase::Pages).unwrap();
        assert_eq!(folder.phase(), Phase::Pages);
    }
}
