//! A first commit lands once, whatever happens on the way.

use std::time::Duration;

use domain::scaffold::tree::{MAX_FILE_BYTES, MAX_TREE_BYTES};

use super::{
    fault_proxy::{Fault, FaultProxy},
    *,
};
use crate::git_host::git::{Remote, WorkRepo};

fn remote(host: &Host) -> Remote {
    Remote::new(&host.settings.url, &host.settings.token, host.settings.deadlines.git)
}

async fn id_in_a_clean_folder(host: &Host, name: &RepositoryName, spec: &CommitSpec) -> CommitId {
    WorkRepo::create(&remote(host), name).await.unwrap().commit(spec).await.unwrap()
}

#[tokio::test]
async fn pushing_twice_leaves_one_commit() {
    let host = Host::new().await;
    let (name, id) = host.filled_repository().await;
    let again = host.git.push_new_branch(&name, &Branch::main(), &first()).await.unwrap();
    assert_eq!(again, NewBranch::AlreadyThere(id.clone()));
    assert_eq!(host.commit_count(&name).await, 1);
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(id.clone()));
    assert_eq!(host.git.find_commit(&name, &Branch::main(), &id).await.unwrap(), Presence::Head);
}

#[tokio::test]
async fn the_same_spec_has_the_same_id_in_two_clean_folders() {
    let host = Host::new().await;
    let name = host.name("never-made");
    let id = id_in_a_clean_folder(&host, &name, &first()).await;
    assert_eq!(id_in_a_clean_folder(&host, &name, &first()).await, id);
    // Written down once: another version of git must give it too.
    assert_eq!(id.as_str(), "42a3294c8871db148d4c9e7e7795b11ca17c630f");
    let mut others = [first(), first(), first()];
    others[0].at = CommitTime::of(datetime!(2026-05-01 12:00:01 UTC));
    others[1].message.run = Uuid::from_u128(2);
    others[2].content = Content::Initial(tree(&[("README.md", "# Checkout\n")]));
    for other in others {
        assert_ne!(id_in_a_clean_folder(&host, &name, &other).await, id);
    }
}

#[tokio::test]
async fn other_content_is_refused() {
    let host = Host::new().await;
    let (name, id) = host.filled_repository().await;
    let other = spec(Content::Initial(tree(&[("README.md", "mine")])), 2);
    let answer = host.git.push_new_branch(&name, &Branch::main(), &other).await.unwrap();
    assert_eq!(answer, NewBranch::Taken { head: id.clone() });
    // Not even a commit that would only move the branch forward.
    let forward = update(&id, &[], &[("x", "")], 2);
    assert_eq!(
        host.git.push_new_branch(&name, &Branch::main(), &forward).await.unwrap(),
        NewBranch::Taken { head: id }
    );
    assert_eq!(host.commit_count(&name).await, 1);
}

#[tokio::test]
async fn the_host_itself_refuses_to_move_a_branch_that_is_expected_to_be_absent() {
    let host = Host::new().await;
    let (name, id) = host.filled_repository().await;
    let remote = remote(&host);
    let repo = WorkRepo::create(&remote, &name).await.unwrap();
    let forward = repo.commit(&update(&id, &[], &[("x", "")], 2)).await.unwrap();
    assert!(repo.push(&Branch::main(), &forward, None).await.is_err());
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(id));
}

#[tokio::test]
async fn of_two_at_once_one_wins() {
    let host = Host::new().await;
    let name = host.repository().await;
    let (main, mine, other) = (Branch::main(), first(), spec(Content::Initial(tree(&[("a", "b")])), 2));
    let (a, b) =
        tokio::join!(host.git.push_new_branch(&name, &main, &mine), host.git.push_new_branch(&name, &main, &other));
    let answers = [a.unwrap(), b.unwrap()];
    let count = |wanted: fn(&NewBranch) -> bool| answers.iter().filter(|answer| wanted(answer)).count();
    assert_eq!(count(|a| matches!(a, NewBranch::Pushed(_))), 1, "{answers:?}");
    assert_eq!(count(|a| matches!(a, NewBranch::Taken { .. })), 1, "{answers:?}");
    assert_eq!(host.commit_count(&name).await, 1);
}

/// Kills the pushing task once the fault has happened.
async fn kill_at(host: &Host, name: &RepositoryName, spec: &CommitSpec, fault: Fault) {
    let proxy = FaultProxy::start(&host.settings.url, fault).await;
    let (git, name, spec) = (host.with(|s| s.url = proxy.url()), name.clone(), spec.clone());
    let push = tokio::spawn(async move { git.push_new_branch(&name, &Branch::main(), &spec).await });
    proxy.hit().await;
    push.abort();
    assert!(push.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_push_killed_before_it_arrives_lands_with_the_next_one() {
    let host = Host::new().await;
    let name = host.repository().await;
    kill_at(&host, &name, &first(), Fault::HoldRequest).await;
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), None);
    let answer = host.git.push_new_branch(&name, &Branch::main(), &first()).await.unwrap();
    assert!(matches!(answer, NewBranch::Pushed(_)), "{answer:?}");
    assert_eq!(host.commit_count(&name).await, 1);
}

#[tokio::test]
async fn a_push_killed_after_it_arrived_is_recognised() {
    let host = Host::new().await;
    let name = host.repository().await;
    kill_at(&host, &name, &first(), Fault::HoldAnswer).await;
    let answer = host.git.push_new_branch(&name, &Branch::main(), &first()).await.unwrap();
    assert!(matches!(answer, NewBranch::AlreadyThere(_)), "{answer:?}");
    assert_eq!(host.commit_count(&name).await, 1);
}

/// Does not compress, so that a push of it has a middle.
fn noise(bytes: usize) -> FileContent {
    let mut noise = vec![0; bytes];
    rand::RngCore::fill_bytes(&mut rand::rng(), &mut noise);
    FileContent { bytes: noise, executable: false }
}

#[tokio::test]
async fn the_largest_tree_is_pushed_within_the_deadline() {
    let host = Host::new().await;
    let name = host.repository().await;
    let mut tree = FileTree::new();
    for n in 0..MAX_TREE_BYTES / MAX_FILE_BYTES {
        tree.insert(path(&format!("noise/{n}")), noise(MAX_FILE_BYTES)).unwrap();
    }
    let spec = spec(Content::Initial(tree), 1);
    let answer = host.git.push_new_branch(&name, &Branch::main(), &spec).await.unwrap();
    assert!(matches!(answer, NewBranch::Pushed(_)), "{answer:?}");
}

#[tokio::test]
async fn a_push_cut_half_way_leaves_nothing_and_lands_with_the_next_one() {
    let host = Host::new().await;
    let name = host.repository().await;
    let mut tree = FileTree::new();
    tree.insert(path("noise.bin"), noise(900_000)).unwrap();
    let spec = spec(Content::Initial(tree), 1);
    let proxy = FaultProxy::start(&host.settings.url, Fault::CutRequest { after: 300_000 }).await;
    let error = host.with(|s| s.url = proxy.url()).push_new_branch(&name, &Branch::main(), &spec).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), None);
    let answer = host.git.push_new_branch(&name, &Branch::main(), &spec).await.unwrap();
    assert!(matches!(answer, NewBranch::Pushed(_)), "{answer:?}");
    assert_eq!(host.commit_count(&name).await, 1);
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_looking() {
    let host = Host::new().await;
    let name = host.repository().await;
    let proxy = FaultProxy::start(&host.settings.url, Fault::HoldAnswer).await;
    let impatient = host.with(|s| {
        s.url = proxy.url();
        s.deadlines.git = Duration::from_secs(4);
    });
    let answer = impatient.push_new_branch(&name, &Branch::main(), &first()).await.unwrap();
    assert!(matches!(answer, NewBranch::Pushed(_)), "{answer:?}");
    assert_eq!(host.commit_count(&name).await, 1);
}
