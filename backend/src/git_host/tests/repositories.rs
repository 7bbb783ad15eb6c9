//! Making and finding repositories.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_second_attempt_of_the_run_recognises_its_work() {
    let host = Host::new().await;
    let wanted = host.wanted("checkout", 1);
    assert_eq!(host.git.find_repository(&wanted.name).await.unwrap(), None);
    assert_eq!(host.git.create_repository(&wanted).await.unwrap(), Creation::Created);
    assert_eq!(host.git.create_repository(&wanted).await.unwrap(), Creation::Ours);
    let found = host.git.find_repository(&wanted.name).await.unwrap().unwrap();
    let expected = Repository {
        name: wanted.name.clone(),
        description: "Takes the money".into(),
        visibility: Visibility::Private,
        is_open: false,
        default_branch: "main".into(),
        archived: false,
        run: Some(wanted.run),
    };
    assert_eq!(found, expected);
    assert_eq!(host.git.branch_head(&wanted.name, &Branch::main()).await.unwrap(), None);
}

#[tokio::test]
async fn the_commit_tells_when_somebody_edits_the_description() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    assert_eq!(host.meddle("PATCH", &format!("repos/{name}"), json!({"description": "Ours now"})).await, 200);
    assert_eq!(host.git.create_repository(&host.wanted("checkout", 1)).await.unwrap(), Creation::Ours);
    assert_eq!(host.git.create_repository(&host.wanted("checkout", 2)).await.unwrap(), Creation::Taken);
}

#[tokio::test]
async fn a_name_that_another_run_or_person_has_is_taken() {
    let host = Host::new().await;
    host.git.create_repository(&host.wanted("checkout", 1)).await.unwrap();
    assert_eq!(host.git.create_repository(&host.wanted("checkout", 2)).await.unwrap(), Creation::Taken);
    let found = host.git.find_repository(&host.name("checkout")).await.unwrap().unwrap();
    assert_eq!(found.run, Some(Uuid::from_u128(1)), "nothing was changed");
    assert_eq!(host.meddle("POST", &format!("orgs/{}/repos", host.owner), json!({"name": "theirs"})).await, 201);
    assert_eq!(host.git.create_repository(&host.wanted("theirs", 1)).await.unwrap(), Creation::Taken);
}

#[tokio::test]
async fn internal_is_for_accounts_of_the_host_and_never_for_the_world() {
    let host = Host::new().await;
    let internal = NewRepository { visibility: Visibility::Internal, ..host.wanted("inner", 1) };
    host.git.create_repository(&internal).await.unwrap();
    let found = host.git.find_repository(&internal.name).await.unwrap().unwrap();
    assert_eq!(found.visibility, Visibility::Internal);
    let open = json!({"visibility": "public"});
    assert_eq!(host.meddle("PATCH", &format!("orgs/{}", host.owner), open).await, 200);
    let exposed = NewRepository { visibility: Visibility::Internal, ..host.wanted("exposed", 1) };
    host.git.create_repository(&exposed).await.unwrap();
    let found = host.git.find_repository(&exposed.name).await.unwrap().unwrap();
    assert_eq!(found.visibility, Visibility::Private);
}

#[tokio::test]
async fn a_missing_owner_is_not_found_and_a_reserved_name_is_refused() {
    let host = Host::new().await;
    let orphan = NewRepository { name: "no-such-owner-here/x".parse().unwrap(), ..host.wanted("x", 1) };
    assert!(matches!(host.git.create_repository(&orphan).await, Err(Error::NotFound)));
    match host.git.create_repository(&host.wanted("x.rss", 1)).await {
        Err(Error::Conflict { code: "repository_name_refused", .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_missing_is_not_found() {
    let host = Host::new().await;
    let (missing, main) = (host.name("missing"), Revision::Branch(Branch::main()));
    assert!(matches!(host.git.branch_head(&missing, &Branch::main()).await, Err(Error::NotFound)));
    assert!(matches!(host.git.push_new_branch(&missing, &Branch::main(), &first()).await, Err(Error::NotFound)));
    assert!(matches!(host.git.list_files(&missing, &main).await, Err(Error::NotFound)));
    assert!(matches!(host.git.list_commits(&missing, &main, 5).await, Err(Error::NotFound)));
    assert!(matches!(host.git.diff(&missing, &main, &main).await, Err(Error::NotFound)));
    assert!(matches!(host.git.protect_branch(&missing, &Branch::main()).await, Err(Error::NotFound)));
    assert!(matches!(host.git.issue_read_credential(&missing).await, Err(Error::NotFound)));
    assert_eq!(host.git.read_file(&missing, &main, &path("x")).await.unwrap(), FileAt::Missing);
}

#[tokio::test]
async fn a_renamed_repository_is_not_followed() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    assert_eq!(host.meddle("PATCH", &format!("repos/{name}"), json!({"name": "elsewhere"})).await, 200);
    assert_eq!(host.git.find_repository(&name).await.unwrap(), None);
    assert!(matches!(host.git.branch_head(&name, &Branch::main()).await, Err(Error::NotFound)));
}
