//! The folder that Gitea lives in: copies of its program and files, its configuration, repositories; owned by its user alone.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown};
use std::path::{Path, PathBuf};

use super::Settings;
use crate::failure::{Result, While};
use crate::fingerprint::{Fingerprint, Stamp};
use crate::progress;
use crate::stack::launch::Spec;
use crate::stack::user::User;
use crate::tool::Tool;

const STAMP: &str = "engine";

/// A prepared folder.
pub(super) struct Home {
    path: PathBuf,
    user: Option<User>,
}

impl Home {
    /// Makes the folder and copies the engine into it, unless this very build lies there already.
    ///
    /// The engine is copied because its user may not enter the cache; links would hand the cached files over to it.
    pub(super) fn prepare(path: &Path, user: Option<User>, settings: &Settings<'_>) -> Result<Self> {
        let home = Self { path: path.to_owned(), user };
        for folder in ["", "bin", "custom", "custom/conf", "home", "data", "data/repositories"] {
            home.folder(&path.join(folder))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).world("protect the Git host's folder")?;
        let stamp = Stamp::at(path.join(STAMP));
        let build = build(settings)?;
        if !stamp.says(&build) {
            progress::step("Copying the Git host's program", || home.copy_engine(settings))?;
            stamp.record(&build)?;
        }
        Ok(home)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces `app.ini`, which holds secrets.
    pub(super) fn write_ini(&self, content: &str) -> Result<()> {
        let (path, beside) = (self.ini(), self.path.join("custom/conf/app.ini.new"));
        drop(fs::remove_file(&beside));
        // A new file and its own handle: what its user may have put there under that name is not followed.
        let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside);
        let mut file = opened.world(format_args!("write {}", path.display()))?;
        file.write_all(content.as_bytes()).world(format_args!("write {}", path.display()))?;
        if let Some(user) = self.user {
            fchown(&file, Some(user.uid), Some(user.gid)).world("hand the configuration to the Git host's user")?;
        }
        fs::rename(&beside, &path).world(format_args!("write {}", path.display()))
    }

    /// The server itself.
    pub(super) fn spec(&self) -> Spec {
        let mut spec = Spec::new("gitea", self.program(), &self.path).args(["web", "--config"]).args([self.ini()]);
        spec.env.extend(self.env());
        spec.user = self.user.map(|user| (user.uid, user.gid));
        spec
    }

    /// A command of the same program, for what the server has no address for.
    pub(super) fn command(&self) -> Tool {
        let mut tool = Tool::new(self.program()).arg("--config").arg(self.ini()).current_dir(&self.path).env_clear();
        for (name, value) in crate::stack::launch::inherited() {
            tool = tool.env(name, value);
        }
        for (name, value) in self.env() {
            tool = tool.env(name, value);
        }
        match self.user {
            Some(user) => tool.user(user.uid, user.gid),
            None => tool,
        }
    }

    fn program(&self) -> PathBuf {
        self.path.join("bin/gitea")
    }

    fn ini(&self) -> PathBuf {
        self.path.join("custom/conf/app.ini")
    }

    fn env(&self) -> [(&'static str, String); 2] {
        [("HOME", self.path.join("home").display().to_string()), ("GITEA_WORK_DIR", self.path.display().to_string())]
    }

    fn copy_engine(&self, settings: &Settings<'_>) -> Result<()> {
        let beside = self.path.join("bin/gitea.new");
        self.copy(settings.binary, &beside)?;
        fs::rename(&beside, self.program()).world("copy the Git host's program")?;
        let statics = self.path.join("static");
        if statics.exists() {
            fs::remove_dir_all(&statics).world(format_args!("clear {}", statics.display()))?;
        }
        self.copy_folder(settings.static_dir, &statics)
    }

    fn copy_folder(&self, from: &Path, to: &Path) -> Result<()> {
        self.folder(to)?;
        for entry in fs::read_dir(from).world(format_args!("list {}", from.display()))? {
            let source = entry.world(format_args!("list {}", from.display()))?.path();
            let target = to.join(source.file_name().unwrap_or_default());
            if source.is_dir() {
                self.copy_folder(&source, &target)?;
            } else {
                self.copy(&source, &target)?;
            }
        }
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        fs::copy(from, to).world(format_args!("copy {} to {}", from.display(), to.display()))?;
        self.hand_over(to)
    }

    fn folder(&self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        fs::create_dir(path).world(format_args!("make {}", path.display()))?;
        self.hand_over(path)
    }

    fn hand_over(&self, path: &Path) -> Result<()> {
        match self.user {
            Some(user) => chown(path, Some(user.uid), Some(user.gid))
                .world(format_args!("hand {} to the Git host's user", path.display())),
            None => Ok(()),
        }
    }
}

/// Another build has another path, size or time; reading a hundred megabytes at each start would say no more.
fn build(settings: &Settings<'_>) -> Result<String> {
    let binary = fs::metadata(settings.binary).world(format_args!("find {}", settings.binary.display()))?;
    Ok(Fingerprint::default()
        .text(&settings.binary.to_string_lossy())
        .text(&settings.static_dir.to_string_lossy())
        .text(&format!("{} {} {}", binary.size(), binary.mtime(), binary.mtime_nsec()))
        .finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program and files, and a folder for Gitea beside them.
    fn engine(root: &Path) -> (PathBuf, PathBuf, PathBuf) {
        let (binary, statics) = (root.join("gitea"), root.join("static"));
        fs::write(&binary, "program").unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(statics.join("options/deep")).unwrap();
        fs::write(statics.join("options/deep/file"), "content").unwrap();
        (binary, statics, root.join("home"))
    }

    #[test]
    fn the_engine_is_copied_once_and_again_when_it_changed() {
        let root = tempfile::tempdir().unwrap();
        let (binary, statics, path) = engine(root.path());
        let settings = Settings { binary: &binary, static_dir: &statics, port: 1, issuer: None };
        let prepare = || Home::prepare(&path, None, &settings).unwrap();
        prepare();
        let copy = path.join("bin/gitea");
        let inode = || fs::metadata(&copy).unwrap().ino();
        assert_ne!(inode(), fs::metadata(&binary).unwrap().ino(), "a link would hand over the cached file");
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::read_to_string(path.join("static/options/deep/file")).unwrap(), "content");
        let first = inode();
        prepare();
        assert_eq!(inode(), first, "nothing changed");
        fs::write(&binary, "newer program").unwrap();
        fs::remove_file(statics.join("options/deep/file")).unwrap();
        prepare();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "newer program");
        assert!(!path.join("static/options/deep/file").exists());
    }

    #[test]
    fn folder_and_configuration_are_for_one_user_alone() {
        let root = tempfile::tempdir().unwrap();
        let (binary, statics, path) = engine(root.path());
        let settings = Settings { binary: &binary, static_dir: &statics, port: 1, issuer: None };
        let home = Home::prepare(&path, None, &settings).unwrap();
        home.write_ini("one").unwrap();
        home.write_ini("two").unwrap();
        assert_eq!(fs::read_to_string(home.ini()).unwrap(), "two");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&home.ini())), (0o700, 0o600));
    }
}
