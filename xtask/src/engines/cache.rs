//! The user's cache of built engines, shared by all checkouts: `engines/<engine>-<key>/`, whole or not there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Engine, Installed, build, complete};
use crate::failure::{Failure, Result, While};
use crate::fingerprint::short_hash;
use crate::progress;
use crate::workshop::Workshop;

/// Written last: an entry without it was interrupted.
const COMPLETE: &str = ".complete";

/// Takes the engine from the cache, building it first where it is missing or broken.
pub(super) fn set_up(workshop: &Workshop, engine: &Engine) -> Result<Installed> {
    let modules = workshop.path("xtask/cluster").join(engine.name);
    let entries = workshop.cache("engines");
    let entry = entries.join(format!("{}-{}", engine.name, key(&modules)?));
    if let Some(found) = whole(engine, &entry) {
        return Ok(found);
    }
    fs::create_dir_all(&entries).world(format_args!("make {}", entries.display()))?;
    let _lock = lock(workshop, &entries, engine)?;
    // Another checkout may have built it while this one waited.
    if let Some(found) = whole(engine, &entry) {
        return Ok(found);
    }
    progress::step(&format!("Building {} from its pinned modules, once ({})", engine.name, engine.cost), || {
        let work = entries.join(format!(".building-{}", engine.name));
        build::build(workshop, engine, &modules, &work)?;
        publish(&work, &entry)
    })?;
    whole(engine, &entry).ok_or_else(|| {
        Failure::world(format!("{} was built, but {} is not whole. Look at that folder.", engine.name, entry.display()))
    })
}

/// The first 16 hex digits of the SHA-256 over `go.mod` and `go.sum`, one after the other.
fn key(modules: &Path) -> Result<String> {
    let mut content = Vec::new();
    for name in ["go.mod", "go.sum"] {
        let path = modules.join(name);
        content.extend(fs::read(&path).input(format_args!("read {}", path.display()))?);
    }
    Ok(short_hash(&content))
}

fn whole(engine: &Engine, entry: &Path) -> Option<Installed> {
    entry.join(COMPLETE).is_file().then(|| complete(engine, &entry.join("bin"), entry)).flatten()
}

/// Puts a finished folder in the place of whatever lies there.
fn publish(work: &Path, entry: &Path) -> Result<()> {
    if entry.exists() {
        progress::note(&format!("Replacing {}, which is not whole.", entry.display()));
        fs::remove_dir_all(entry).world(format_args!("remove {}", entry.display()))?;
    }
    fs::rename(work, entry).world(format_args!("make {}", entry.display()))?;
    fs::write(entry.join(COMPLETE), "").world(format_args!("finish {}", entry.display()))
}

/// One build of an engine at a time, also across checkouts.
fn lock(workshop: &Workshop, entries: &Path, engine: &Engine) -> Result<fs::File> {
    let path: PathBuf = entries.join(format!(".{}.lock", engine.name));
    let file = fs::OpenOptions::new().create(true).append(true).open(&path);
    let file = file.world(format_args!("open {}", path.display()))?;
    let mut told = false;
    let locked = workshop.interrupt.poll(Duration::MAX, || match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(fs::TryLockError::WouldBlock) => {
            if !std::mem::replace(&mut told, true) {
                progress::note(&format!("Another start builds {}; waiting for it.", engine.name));
            }
            Ok(None)
        }
        Err(fs::TryLockError::Error(error)) => Err(error).world(format_args!("lock {}", path.display())),
    })?;
    locked.map(|()| file).ok_or_else(|| Failure::world(format!("{} stays locked.", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::{ETCD, KWOK};

    #[test]
    fn the_key_covers_both_files_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("go.mod"), "abc").unwrap();
        fs::write(folder.path().join("go.sum"), "def").unwrap();
        // The first half of the SHA-256 of "abcdef".
        assert_eq!(key(folder.path()).unwrap(), "bef57ec7f53a6d40");
        fs::write(folder.path().join("go.sum"), "deg").unwrap();
        assert_ne!(key(folder.path()).unwrap(), "bef57ec7f53a6d40");
    }

    #[test]
    fn an_entry_counts_only_when_it_is_whole() {
        let parent = tempfile::tempdir().unwrap();
        let entry = parent.path().join("kwok-1");
        fs::create_dir_all(entry.join("bin")).unwrap();
        fs::write(entry.join("bin/kwok"), "").unwrap();
        fs::create_dir(entry.join("stages")).unwrap();
        assert!(whole(&KWOK, &entry).is_none(), "the build was interrupted");
        fs::write(entry.join(COMPLETE), "").unwrap();
        assert_eq!(whole(&KWOK, &entry).unwrap().program("kwok").unwrap(), entry.join("bin/kwok"));
        fs::remove_file(entry.join("bin/kwok")).unwrap();
        assert!(whole(&KWOK, &entry).is_none(), "somebody removed the program");
    }

    #[test]
    fn a_broken_entry_is_replaced_by_the_new_build() {
        let parent = tempfile::tempdir().unwrap();
        let (work, entry) = (parent.path().join(".building-etcd"), parent.path().join("etcd-1"));
        fs::create_dir_all(entry.join("bin")).unwrap();
        fs::write(entry.join("stale"), "").unwrap();
        fs::create_dir_all(work.join("bin")).unwrap();
        fs::write(work.join("bin/etcd"), "").unwrap();
        publish(&work, &entry).unwrap();
        assert!(whole(&ETCD, &entry).is_some());
        assert!(!entry.join("stale").exists() && !work.exists());
    }
}
