//! Reading what is in a repository.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::scaffold::tree::MAX_FILE_BYTES;
use serde_json::json;

use super::*;

fn main_branch() -> Revision {
    Revision::Branch(Branch::main())
}

#[tokio::test]
async fn files_are_read_as_they_were_pushed() {
    let host = Host::new().await;
    let name = host.repository().await;
    let mut tree = tree(&[("web/[id]/a b+c.txt", "é\r\n"), (".gitattributes", "* text=auto eol=lf\n"), ("empty", "")]);
    tree.insert(path("bytes"), FileContent { bytes: (0..=255).collect(), executable: false }).unwrap();
    let spec = spec(Content::Initial(tree.clone()), 1);
    let NewBranch::Pushed(id) = host.git.push_new_branch(&name, &Branch::main(), &spec).await.unwrap() else {
        panic!()
    };
    for (path, content) in tree.iter() {
        for at in [main_branch(), Revision::Commit(id.clone())] {
            let read = host.git.read_file(&name, &at, path).await.unwrap();
            assert_eq!(read, FileAt::Bytes(content.bytes.clone()), "{path}");
        }
    }
    for missing in ["nope", "web", "empty/x"] {
        assert_eq!(host.git.read_file(&name, &main_branch(), &path(missing)).await.unwrap(), FileAt::Missing);
    }
    let gone = Revision::Branch("gone".parse().unwrap());
    assert_eq!(host.git.read_file(&name, &gone, &path("empty")).await.unwrap(), FileAt::Missing);
    assert_eq!(
        host.git.read_files(&name, &gone, &[path("a"), path("b")], 1 << 20).await.unwrap(),
        [FileAt::Missing, FileAt::Missing]
    );
    assert!(matches!(host.git.list_files(&name, &gone).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_read() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    for (file, bytes) in [("fits", MAX_FILE_BYTES), ("over", MAX_FILE_BYTES + 1)] {
        let body = json!({"content": STANDARD.encode(vec![b'x'; bytes]), "message": file, "branch": "main"});
        assert_eq!(host.meddle("POST", &format!("repos/{name}/contents/{file}"), body).await, 201);
    }
    let read = host.git.read_file(&name, &main_branch(), &path("fits")).await.unwrap();
    assert!(matches!(read, FileAt::Bytes(bytes) if bytes.len() == MAX_FILE_BYTES));
    assert_eq!(host.git.read_file(&name, &main_branch(), &path("over")).await.unwrap(), FileAt::TooLarge);
}

/// The id that Git gives to nothing at all.
const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

#[tokio::test]
async fn files_are_listed_with_their_kind() {
    let host = Host::new().await;
    let name = host.repository().await;
    let mut tree = FileTree::new();
    for n in 0..1_100 {
        tree.insert(path(&format!("d/{n:04}")), FileContent { bytes: Vec::new(), executable: n == 1_099 }).unwrap();
    }
    host.git.push_new_branch(&name, &Branch::main(), &spec(Content::Initial(tree), 1)).await.unwrap();
    let list = host.git.list_files(&name, &main_branch()).await.unwrap();
    assert!(list.is_complete && list.files.len() == 1_100);
    assert_eq!(list.files[6], FileRow { path: "d/0006".into(), kind: FileKind::Plain, id: EMPTY.into() });
    assert_eq!(list.files[1_099].kind, FileKind::Executable);
}

#[tokio::test]
async fn commits_are_listed_with_their_run() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let spec = update(&parent, &[], &[("x", "1")], 2);
    let Update::Pushed(id) = host.git.push_update(&name, &Branch::main(), &spec).await.unwrap() else { panic!() };
    let rows = host.git.list_commits(&name, &main_branch(), 50).await.unwrap();
    let row = |id: &CommitId, run| CommitRow {
        id: id.clone(),
        author: "Waymark".into(),
        email: "waymark@noreply.invalid".into(),
        at: datetime!(2026-05-01 12:00 UTC),
        subject: "Create checkout".into(),
        run: Some(Uuid::from_u128(run)),
    };
    assert_eq!(rows, [row(&id, 2), row(&parent, 1)]);
    assert_eq!(host.git.list_commits(&name, &main_branch(), 1).await.unwrap().len(), 1);
    assert_eq!(host.git.list_commits(&name, &Revision::Commit(parent), 50).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_diff_is_unified_text() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let spec = update(&parent, &["run.sh"], &[("README.md", "# Till\n")], 2);
    host.git.push_update(&name, &Branch::main(), &spec).await.unwrap();
    let diff = host.git.diff(&name, &Revision::Commit(parent.clone()), &main_branch()).await.unwrap();
    assert!(!diff.is_cut);
    for line in ["--- a/README.md", "-# Checkout", "+# Till", "deleted file mode 100755"] {
        assert!(diff.text.lines().any(|l| l == line), "{line} is missing in {}", diff.text);
    }
    let nothing = host.git.diff(&name, &main_branch(), &main_branch()).await.unwrap();
    assert_eq!(nothing, Diff { text: String::new(), is_cut: false });
    let gone = Revision::Branch("gone".parse().unwrap());
    assert!(matches!(host.git.diff(&name, &Revision::Commit(parent), &gone).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_long_diff_is_cut() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let long = "0123456789\n".repeat(90_000);
    let spec = update(&parent, &[], &[("a", &long), ("b", &long)], 2);
    host.git.push_update(&name, &Branch::main(), &spec).await.unwrap();
    let diff = host.git.diff(&name, &Revision::Commit(parent), &main_branch()).await.unwrap();
    assert!(diff.is_cut && diff.text.len() == 1024 * 1024);
}
