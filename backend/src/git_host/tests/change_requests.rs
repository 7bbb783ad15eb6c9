//! Change requests at the real host.

use super::*;

fn wanted(branch: &Branch) -> NewChangeRequest {
    NewChangeRequest {
        from: branch.clone(),
        into: Branch::main(),
        title: OneLine::new("Describe checkout").unwrap(),
        body: "Asked for in Waymark.".to_owned(),
    }
}

/// A branch with one commit on top of the main one.
async fn proposed(host: &Host, name: &RepositoryName, parent: &CommitId, run: u128) -> (Branch, CommitSpec) {
    let branch = Branch::of_run(Uuid::from_u128(run));
    let spec = update(parent, &[], &[("proposal.md", &format!("{run}\n"))], run);
    let pushed = host.git.push_new_branch(name, &branch, &spec).await.unwrap();
    assert!(matches!(pushed, NewBranch::Pushed(_)), "{pushed:?}");
    (branch, spec)
}

/// Until the host sees the branch, as a worker would.
async fn opened(host: &Host, name: &RepositoryName, branch: &Branch) -> ChangeRequest {
    eventually("the change request is open", || async {
        host.git.open_change_request(name, &wanted(branch)).await.map_err(|error| error.to_string())
    })
    .await
}

#[tokio::test]
async fn it_is_opened_once_and_followed_until_it_is_merged() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let (branch, spec) = proposed(&host, &name, &parent, 9).await;
    let request = opened(&host, &name, &branch).await;
    assert_eq!(request.state, ChangeRequestState::Open);
    assert_eq!(request.url.as_str(), format!("{}/pulls/{}", host.git.web_url(&name), request.number));
    assert_eq!(host.git.open_change_request(&name, &wanted(&branch)).await.unwrap(), request);
    let found = host.git.find_change_request(&name, request.number).await.unwrap();
    assert_eq!(found, Some(request.clone()));

    let merge = format!("repos/{name}/pulls/{}/merge", request.number);
    eventually("it is merged", || async {
        let body = serde_json::json!({"Do": "merge", "delete_branch_after_merge": true});
        match host.meddle("POST", &merge, body).await {
            200 => Ok(()),
            status => Err(status.to_string()),
        }
    })
    .await;
    let merged = ChangeRequest { state: ChangeRequestState::Merged, ..request };
    assert_eq!(host.git.find_change_request(&name, merged.number).await.unwrap(), Some(merged.clone()));
    // Whoever comes back after that makes no second one, with its branch or without.
    assert_eq!(host.git.open_change_request(&name, &wanted(&branch)).await.unwrap(), merged);
    host.git.push_new_branch(&name, &branch, &spec).await.unwrap();
    assert_eq!(host.git.open_change_request(&name, &wanted(&branch)).await.unwrap(), merged);
}

#[tokio::test]
async fn one_that_is_closed_is_known_and_each_branch_has_its_own() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    let (first, _) = proposed(&host, &name, &parent, 9).await;
    let (second, _) = proposed(&host, &name, &parent, 10).await;
    let (one, two) = (opened(&host, &name, &first).await, opened(&host, &name, &second).await);
    assert_ne!(one.number, two.number);
    let request = format!("repos/{name}/pulls/{}", one.number);
    assert_eq!(host.meddle("PATCH", &request, serde_json::json!({"state": "closed"})).await, 201);
    let closed = host.git.find_change_request(&name, one.number).await.unwrap().unwrap();
    assert_eq!(closed.state, ChangeRequestState::Closed);
    assert_eq!(host.git.open_change_request(&name, &wanted(&first)).await.unwrap(), closed);
    assert_eq!(host.git.find_change_request(&name, 4_000).await.unwrap(), None);
}

#[tokio::test]
async fn a_branch_that_is_not_there_yet_is_asked_for_again() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    let missing = host.git.open_change_request(&name, &wanted(&Branch::of_run(Uuid::from_u128(9)))).await;
    assert!(matches!(missing, Err(Error::Unavailable { .. })), "{missing:?}");
    let nowhere: RepositoryName = format!("{}/nowhere", name.owner).parse().unwrap();
    let nobody = host.git.open_change_request(&nowhere, &wanted(&Branch::main())).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    assert_eq!(host.git.find_change_request(&nowhere, 1).await.unwrap(), None);
}
