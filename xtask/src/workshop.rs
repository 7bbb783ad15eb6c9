//! Where the work is done: the source tree, the caches, and the person who may interrupt.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::interrupt::Interrupt;

/// Handed to everything that touches files or runs programs.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    root: PathBuf,
    cache: PathBuf,
    pub(crate) interrupt: Interrupt,
}

impl Workshop {
    /// The source tree is the one that xtask was built from.
    pub(crate) fn open(interrupt: Interrupt) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or_else(|| Failure::world("xtask does not lie in a source tree. Run it with `cargo xtask`."))?;
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
            .ok_or_else(|| {
                Failure::world("There is no home directory. Set `XDG_CACHE_HOME` to a folder for caches.")
            })?;
        Ok(Self { root: root.to_owned(), cache: cache.join("waymark"), interrupt })
    }

    /// A path inside the source tree.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside `target/`, where everything that can be made again lies.
    pub(crate) fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join("target").join(relative)
    }

    /// A path in the user's cache, kept across checkouts.
    pub(crate) fn cache(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.cache.join(relative)
    }
}
