//! Repositories that are larger, slower or slyer than one expects.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// `git` in a folder, with something on its input.
fn git(folder: &std::path::Path, args: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b.invalid"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Answers everybody with this, or with nothing at all, and counts who came.
async fn host_that_answers(answer: Option<String>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, came) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = came.clone();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut visitor, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            if let Some(answer) = &answer {
                let mut head = [0; 4096];
                let _ = visitor.read(&mut head).await;
                let _ = visitor.write_all(answer.as_bytes()).await;
            } else {
                kept.push(visitor);
            }
        }
    });
    (format!("http://{address}/"), came)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn ten_thousand_documents_in_one_file_are_taken_over(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("many", Visibility::Private, &[("README.md", "#\n")]).await;
    let one = |at: usize| component(&format!("part-{at}"), &rig.team);
    let all: Vec<String> = (0..10_000).map(one).collect();
    let text = all.join("---\n");
    assert!(text.len() > 1 << 20, "more than other files may have: {}", text.len());
    rig.upload(&repository.name, FILE, &text).await;
    let source = rig.imported(&repository).await;
    let found = rig.source(source, "all are there", |found| found.source.entities == 10_000).await;
    assert_eq!((found.source.errors, found.source.trouble), (0, None));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_of_100_mb_is_refused_at_its_place_and_harms_nothing_else(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("huge", Visibility::Private, &[("README.md", "#\n")]).await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    git(at, &["init", "--quiet", "--bare", "."], b"");
    let first = format!(
        "{}---\napiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: all}}\nspec:\n  targets: [./huge.yaml]\n",
        component("ledger", &rig.team)
    );
    let huge = git(at, &["hash-object", "-w", "--stdin"], &vec![b'\n'; 100 << 20]);
    let small = git(at, &["hash-object", "-w", "--stdin"], first.as_bytes());
    let tree = format!("100644 blob {small}\t{FILE}\n100644 blob {huge}\thuge.yaml\n");
    let tree = git(at, &["mktree"], tree.as_bytes());
    let commit = git(at, &["commit-tree", &tree, "-m", "Describe"], b"");
    let mut remote = rig.settings.url.join(&format!("{}.git", repository.name)).unwrap();
    remote.set_username("waymark").unwrap();
    remote.set_password(Some(rig.settings.token.expose_secret())).unwrap();
    git(at, &["push", "--quiet", "--force", remote.as_str(), &format!("{commit}:refs/heads/main")], b"");

    let begun = Instant::now();
    let source = rig.imported(&repository).await;
    let found = rig.source(source, "it is read", |found| found.source.looked_at.is_some()).await;
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    let finding = &found.findings[0];
    assert_eq!((finding.file.as_str(), finding.line, finding.rule.as_str()), ("huge.yaml", 1, "too-large"));
    assert!(finding.message.contains("Divide it"), "{}", finding.message);
    assert!(rig.entity("component:default/ledger").await.is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_links_and_redirects_lead_to_elsewhere_is_never_fetched(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let (private, came) = host_that_answers(Some("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx".to_owned())).await;
    let text = format!(
        "{}  links: []\n---\napiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\n  links: [{{url: \
         '{private}link'}}]\nspec:\n  targets: ['{private}team/secret/raw/branch/main/a.yaml']\n---\napiVersion: \
         backstage.io/v1alpha1\nkind: API\nmetadata: {{name: a}}\nspec:\n  type: openapi\n  lifecycle: x\n  owner: a\n  \
         definition: {{$text: '{private}meta'}}\n",
        component("ledger", &rig.team)
    );
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &text)]).await;
    let source = rig.imported(&repository).await;
    rig.source(source, "it is read", |found| found.source.looked_at.is_some() && !found.findings.is_empty()).await;
    assert_eq!(came.load(Ordering::SeqCst), 0, "an address in a file was asked");

    rig.rest().await;
    let redirect = format!(
        "HTTP/1.1 301 Moved Permanently\r\nlocation: {private}latest/meta-data\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (host, asked) = host_that_answers(Some(redirect)).await;
    let settings = GitHostSettings { url: host.parse().unwrap(), ..rig.settings.clone() };
    rig.work(git_host::connect(&settings).unwrap());
    look_again(&rig.member, &rig.db, source).await.unwrap();
    rig.source(source, "the host answers with a redirect", |found| found.source.trouble.is_some()).await;
    assert!(asked.load(Ordering::SeqCst) > 0);
    assert_eq!(came.load(Ordering::SeqCst), 0, "a redirect was followed");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_host_that_does_not_come_to_an_end_makes_stale_within_its_time(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    rig.source(source, "it is read", |found| found.source.looked_at.is_some()).await;
    rig.rest().await;
    let (host, _) = host_that_answers(None).await;
    let mut settings = GitHostSettings { url: host.parse().unwrap(), ..rig.settings.clone() };
    settings.deadlines.api = Duration::from_millis(300);
    settings.deadlines.git = Duration::from_millis(300);
    rig.work(git_host::connect(&settings).unwrap());
    let begun = Instant::now();
    look_again(&rig.member, &rig.db, source).await.unwrap();
    let found = eventually("it is in trouble", || async {
        let found = find_source(&rig.member, &rig.db, source).await.unwrap();
        found.source.trouble.clone().ok_or_else(|| format!("{found:?}"))
    })
    .await;
    assert!(found.0.contains("no answer in time"), "{}", found.0);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(rig.entity("component:default/ledger").await.unwrap().origin.stale_since.is_some());
}
