//! The token is in no error, no log, no argument and no file.

use std::{io::Write, path::Path, sync::Mutex};

use secrecy::ExposeSecret;
use tracing_subscriber::fmt::MakeWriter;

use super::{
    fault_proxy::{Fault, FaultProxy},
    *,
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The token as it is, and as it travels.
fn forms(token: &str) -> [String; 2] {
    use base64::{Engine, engine::general_purpose::STANDARD};
    [token.to_owned(), STANDARD.encode(format!("waymark:{token}"))]
}

fn assert_clean(place: &str, text: &[u8], token: &str) {
    for form in forms(token) {
        assert!(!text.windows(form.len()).any(|window| window == form.as_bytes()), "the token is in {place}");
    }
}

#[tokio::test]
async fn neither_errors_nor_the_most_talkative_log_hold_the_token() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let canary = "canary0123456789abcdef0123456789abcdef01";
    let mut errors = Vec::new();
    for token in [canary, host.settings.token.expose_secret()] {
        let git = host.with(|s| s.token = token.to_owned().into());
        let missing = host.name("missing");
        errors.extend(git.find_repository(&name).await.err());
        errors.extend(git.branch_head(&missing, &Branch::main()).await.err());
        errors.extend(git.push_update(&name, &Branch::main(), &update(&parent, &[], &[("x", token)], 2)).await.err());
        errors.extend(git.issue_read_credential(&missing).await.err());
    }
    drop(guard);
    assert_eq!(errors.len(), 6, "{errors:?}");
    let log = log.0.lock().unwrap();
    assert!(String::from_utf8_lossy(&log).contains("git_host.git_failed"), "the log was really listened to");
    for token in [canary, host.settings.token.expose_secret()] {
        assert_clean("the log", &log, token);
        assert_clean(
            "an error",
            format!("{errors:?} {}", errors.iter().map(ToString::to_string).collect::<String>()).as_bytes(),
            token,
        );
        assert_clean("the settings", format!("{:?}", host.settings).as_bytes(), token);
    }
}

#[tokio::test]
async fn a_push_under_way_shows_the_token_to_nobody() {
    let host = Host::new().await;
    let name = host.repository().await;
    let proxy = FaultProxy::start(&host.settings.url, Fault::HoldRequest).await;
    let (git, pushed) = (host.with(|s| s.url = proxy.url()), name.clone());
    let push = tokio::spawn(async move { git.push_new_branch(&pushed, &Branch::main(), &first()).await });
    proxy.hit().await;
    let token = host.settings.token.expose_secret();
    let ours = processes_that_name(proxy.url().as_str());
    assert!(!ours.is_empty(), "the push is under way");
    for process in &ours {
        assert_clean("the arguments", &std::fs::read(process.join("cmdline")).unwrap(), token);
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(process.join("environ")).unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "the environment is for its own user");
    }
    let folders: Vec<_> = ours.iter().filter_map(|process| std::fs::read_link(process.join("cwd")).ok()).collect();
    let folder =
        folders.iter().find(|f| f.file_name().is_some_and(|n| n.to_string_lossy().starts_with("waymark-git-")));
    let folder = folder.expect("git works in a folder of its own").clone();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&folder).unwrap().permissions()) & 0o777,
        0o700
    );
    assert!(assert_files_clean(&folder, token) > 3, "there are files to look at");
    push.abort();
    assert!(push.await.unwrap_err().is_cancelled());
    assert!(!folder.exists(), "the folder goes with the operation");
}

fn processes_that_name(url: &str) -> Vec<std::path::PathBuf> {
    let names_it = |process: &std::path::PathBuf| {
        std::fs::read(process.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(url))
    };
    std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path()).filter(names_it).collect()
}

fn assert_files_clean(folder: &Path, token: &str) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            files += assert_files_clean(&entry.path(), token);
        } else {
            assert_clean("a file", &std::fs::read(entry.path()).unwrap(), token);
            files += 1;
        }
    }
    files
}
