//! Commits on top of others.

use super::*;

async fn list(host: &Host, name: &RepositoryName) -> Vec<(String, FileKind)> {
    let list = host.git.list_files(name, &Revision::Branch(Branch::main())).await.unwrap();
    assert!(list.is_complete);
    list.files.into_iter().map(|row| (row.path, row.kind)).collect()
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_name_and_lands_once() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let spec =
        update(&parent, &["README.md", "not/there"], &[("readme.md", "small\n"), ("k8s/prod/app.yaml", "a: 1\n")], 2);
    let Update::Pushed(id) = host.git.push_update(&name, &Branch::main(), &spec).await.unwrap() else {
        panic!("not pushed")
    };
    let wanted = [
        ("k8s/prod/app.yaml", FileKind::Plain),
        ("readme.md", FileKind::Plain),
        ("run.sh", FileKind::Executable),
        ("src/main.rs", FileKind::Plain),
    ];
    assert_eq!(list(&host, &name).await, wanted.map(|(path, kind)| (path.to_owned(), kind)));
    let again = host.git.push_update(&name, &Branch::main(), &spec).await.unwrap();
    assert_eq!(again, Update::AlreadyThere(id));
    assert_eq!(host.commit_count(&name).await, 2);
}

#[tokio::test]
async fn a_commit_below_the_head_is_already_there() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let one = update(&parent, &[], &[("one", "1")], 2);
    let Update::Pushed(one_id) = host.git.push_update(&name, &Branch::main(), &one).await.unwrap() else { panic!() };
    let two = update(&one_id, &[], &[("two", "2")], 3);
    let Update::Pushed(head) = host.git.push_update(&name, &Branch::main(), &two).await.unwrap() else { panic!() };
    assert_eq!(host.git.push_update(&name, &Branch::main(), &one).await.unwrap(), Update::AlreadyThere(one_id.clone()));
    let again = host.git.push_new_branch(&name, &Branch::main(), &first()).await.unwrap();
    assert_eq!(again, NewBranch::AlreadyThere(parent));
    assert_eq!(host.git.find_commit(&name, &Branch::main(), &one_id).await.unwrap(), Presence::Below { head });
    assert_eq!(host.commit_count(&name).await, 3);
}

#[tokio::test]
async fn an_update_of_a_branch_that_moved_changes_nothing() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let theirs = update(&parent, &[], &[("theirs", "1")], 2);
    let Update::Pushed(head) = host.git.push_update(&name, &Branch::main(), &theirs).await.unwrap() else { panic!() };
    let mine = update(&parent, &[], &[("mine", "1")], 3);
    let moved = Update::Moved { head: Some(head.clone()) };
    assert_eq!(host.git.push_update(&name, &Branch::main(), &mine).await.unwrap(), moved);
    let nowhere: CommitId = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
    let rewritten = update(&nowhere, &[], &[("mine", "1")], 3);
    assert_eq!(host.git.push_update(&name, &Branch::main(), &rewritten).await.unwrap(), moved);
    let gone: Branch = "gone".parse().unwrap();
    assert_eq!(host.git.push_update(&name, &gone, &mine).await.unwrap(), Update::Moved { head: None });
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(head));
}

#[tokio::test]
async fn a_change_request_gets_a_branch_of_its_own() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let branch = Branch::of_run(Uuid::from_u128(9));
    let spec = update(&parent, &[], &[("proposal.md", "x")], 9);
    let pushed = host.git.push_new_branch(&name, &branch, &spec).await.unwrap();
    let NewBranch::Pushed(id) = pushed else { panic!("{pushed:?}") };
    assert_eq!(host.git.push_new_branch(&name, &branch, &spec).await.unwrap(), NewBranch::AlreadyThere(id.clone()));
    assert_eq!(host.git.branch_head(&name, &branch).await.unwrap(), Some(id));
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(parent));
}

#[tokio::test]
async fn a_first_commit_is_no_update() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    assert!(matches!(host.git.push_update(&name, &Branch::main(), &first()).await, Err(Error::Internal { .. })));
}

#[tokio::test]
async fn what_the_hosts_rules_refuse_is_said_so() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let rules = format!("repos/{name}/branch_protections");
    let rule = serde_json::json!({"rule_name": "main", "enable_push": false});
    assert_eq!(host.meddle("POST", &rules, rule).await, 201);
    let spec = update(&parent, &[], &[("x", "1")], 2);
    match host.git.push_update(&name, &Branch::main(), &spec).await {
        Err(Error::Conflict { code: "push_refused", detail }) => {
            assert!(detail.contains(&name.to_string()), "{detail}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(parent));
}
