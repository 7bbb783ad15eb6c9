//! What `git` sees of this machine, and what it cannot be talked into.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use super::*;
use crate::git_host::git::{Remote, WorkRepo};

fn remote() -> Remote {
    Remote::new(&"https://git.example.org".parse().unwrap(), &"canary".to_owned().into(), Duration::from_secs(20))
}

fn name() -> RepositoryName {
    "payments/checkout".parse().unwrap()
}

fn plant(file: &Path, script: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, script).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn git_inherits_nothing_but_the_search_path() {
    let remote = remote();
    let repo = WorkRepo::create(&remote, &name()).await.unwrap();
    let output = repo.command(["-c", "alias.environment=!env", "environment"]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut keys: Vec<&str> = text.lines().filter_map(|line| line.split_once('=')).map(|(key, _)| key).collect();
    // Set by git and by the shell themselves.
    keys.retain(|key| {
        !["GIT_CONFIG_PARAMETERS", "GIT_PREFIX", "GIT_EXEC_PATH", "PWD", "OLDPWD", "SHLVL", "_"].contains(key)
    });
    keys.sort_unstable();
    let wanted = [
        "GIT_ALLOW_PROTOCOL",
        "GIT_ATTR_NOSYSTEM",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_DIR",
        "GIT_LITERAL_PATHSPECS",
        "GIT_TERMINAL_PROMPT",
        "HOME",
        "LC_ALL",
        "PATH",
    ];
    assert_eq!(keys, wanted);
    assert!(!text.contains("canary"), "the credential is for what talks to the host alone");
}

#[tokio::test]
async fn a_hook_in_the_repository_is_not_run() {
    let remote = remote();
    let repo = WorkRepo::create(&remote, &name()).await.unwrap();
    let mark = repo.path().join("ran");
    plant(&repo.path().join("hooks/reference-transaction"), &format!("#!/bin/sh\ntouch {}\n", mark.display()));
    repo.commit(&first()).await.unwrap();
    assert!(!mark.exists());
}

#[tokio::test]
async fn no_other_protocol_is_spoken_whatever_is_configured() {
    let remote = remote();
    let repo = WorkRepo::create(&remote, &name()).await.unwrap();
    let mark = repo.path().join("ran");
    let address = format!("ext::touch {}", mark.display());
    let output = repo.command(["-c", "protocol.allow=always", "ls-remote", "--", &address]).output().await.unwrap();
    assert!(!output.status.success() && !mark.exists(), "{output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("transport 'ext' not allowed"), "{told}");
}

#[tokio::test]
async fn nothing_is_left_behind_and_nobody_else_can_look() {
    let remote = remote();
    let repo = WorkRepo::create(&remote, &name()).await.unwrap();
    let folder = repo.path().parent().unwrap().to_owned();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    repo.commit(&first()).await.unwrap();
    drop(repo);
    assert!(!folder.exists());
}
