//! Organisations, branch rules, webhooks and read credentials.

use serde_json::json;

use super::*;
use crate::git_host::http::{Api, Call};

#[tokio::test]
async fn an_organisation_is_ensured_as_often_as_one_likes() {
    let host = Host::new().await;
    let same = Organisation { name: host.owner.clone(), visibility: Visibility::Internal };
    host.git.ensure_organisation(&same).await.unwrap();
    assert_eq!(host.meddle("GET", &format!("orgs/{}/teams/search?q=developers", host.owner), json!({})).await, 200);
}

#[tokio::test]
async fn an_organisation_cannot_take_the_name_of_an_account() {
    let host = Host::new().await;
    let person: Handle = format!("{}-p", host.owner).parse().unwrap();
    let account = json!({
        "username": person.as_str(),
        "email": format!("{person}@waymark.example"),
        "password": "Long-enough-1-for-this",
    });
    assert_eq!(host.meddle("POST", "admin/users", account).await, 201);
    match host.git.ensure_organisation(&Organisation { name: person.clone(), visibility: Visibility::Private }).await {
        Err(Error::Conflict { code: "owner_taken", detail }) => assert!(detail.contains(person.as_str()), "{detail}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_protected_branch_cannot_be_deleted_and_still_be_pushed_to() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    for _ in 0..2 {
        host.git.protect_branch(&name, &Branch::main()).await.unwrap();
    }
    // `main` as the default branch cannot be deleted anyway, so another one shows it.
    let branch = Branch::of_run(Uuid::from_u128(3));
    let on_branch = update(&parent, &[], &[("x", "1")], 3);
    host.git.push_new_branch(&name, &branch, &on_branch).await.unwrap();
    host.git.protect_branch(&name, &branch).await.unwrap();
    let place = format!("repos/{name}/branches/{branch}");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    // The API of this host learns of a push a little later.
    while host.meddle("GET", &place, json!({})).await != 200 {
        assert!(std::time::Instant::now() < until, "the API never saw the branch");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(host.meddle("DELETE", &place, json!({})).await, 403);
    let pushed = host.git.push_update(&name, &Branch::main(), &update(&parent, &[], &[("y", "1")], 4)).await.unwrap();
    assert!(matches!(pushed, Update::Pushed(_)), "{pushed:?}");
}

/// Somebody in the team of the organisation; answers a token of theirs.
async fn member(host: &Host) -> String {
    let api = Api::new(&host.settings.url, &host.settings.token, host.settings.deadlines.api).unwrap();
    let login = format!("{}-m", host.owner);
    let account = json!({
        "username": login,
        "email": format!("{login}@waymark.example"),
        "password": "Long-enough-1-for-this",
        "must_change_password": false,
    });
    assert_eq!(api.send(Call::post(&["admin", "users"], account)).await.unwrap().status, 201);
    let search = Call::get(&["orgs", host.owner.as_str(), "teams", "search"]).query("q", "developers");
    let teams: serde_json::Value = api.send(search).await.unwrap().json().unwrap();
    let team = teams["data"][0]["id"].to_string();
    let joined = api.send(Call::put(&["teams", &team, "members", &login], json!({}))).await.unwrap();
    assert_eq!(joined.status, 204);
    let wanted = json!({ "name": "push", "scopes": ["write:repository"] });
    let made = api.send(Call::post(&["users", &login, "tokens"], wanted).with_basic()).await.unwrap();
    made.json::<serde_json::Value>().unwrap()["sha1"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_member_pushes_to_a_protected_branch_and_rewrites_nothing() {
    let host = Host::new().await;
    let (name, parent) = host.filled_repository().await;
    host.git.protect_branch(&name, &Branch::main()).await.unwrap();
    let token = member(&host).await;
    let theirs = host.with(|settings| settings.token = token.clone().into());
    let next = update(&parent, &[], &[("y", "1")], 4);
    let Update::Pushed(head) = theirs.push_update(&name, &Branch::main(), &next).await.unwrap() else {
        panic!("a plain push is refused")
    };
    // With a clone and a force that the product itself never uses.
    let folder = tempfile::tempdir().unwrap();
    let mut address = host.git.clone_url(&name);
    address.set_username("x").unwrap();
    address.set_password(Some(&token)).unwrap();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(args).current_dir(folder.path()).env("HOME", folder.path()).env("GIT_TERMINAL_PROMPT", "0");
        command.output().unwrap()
    };
    assert!(git(&["clone", "--quiet", address.as_str(), "."]).status.success());
    let [rewritten, deleted] = [format!("+{parent}:refs/heads/main"), ":refs/heads/main".to_owned()];
    for (push, why) in [(rewritten, "protected from force push"), (deleted, "cannot be deleted")] {
        let answer = git(&["push", "origin", &push]);
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(!answer.status.success() && said.contains(why), "{push}: {said}");
    }
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(head));
}

#[tokio::test]
async fn there_is_one_webhook_for_each_address() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    let hook = |path: &str, secret: &str| Webhook {
        url: format!("http://127.0.0.1:9/{path}").parse().unwrap(),
        secret: secret.to_owned().into(),
    };
    for webhook in [hook("a", "1"), hook("a", "2"), hook("b", "1")] {
        host.git.ensure_webhook(&name, &webhook).await.unwrap();
    }
    assert_eq!(host.meddle("GET", &format!("repos/{name}/hooks?page=1&limit=50"), json!({})).await, 200);
    let api = Api::new(&host.settings.url, &host.settings.token, host.settings.deadlines.api).unwrap();
    let path = ["repos", name.owner.as_str(), name.name.as_str(), "hooks"];
    let hooks: Vec<serde_json::Value> = api.send(Call::get(&path)).await.unwrap().json().unwrap();
    let mut urls: Vec<_> = hooks.iter().map(|hook| hook["config"]["url"].as_str().unwrap()).collect();
    urls.sort_unstable();
    assert_eq!(urls, ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]);
}

#[tokio::test]
async fn a_read_credential_reads_its_repository_and_nothing_else() {
    let host = Host::new().await;
    let (name, head) = host.filled_repository().await;
    let other = host.wanted("other", 2);
    host.git.create_repository(&other).await.unwrap();
    let inner = NewRepository { visibility: Visibility::Internal, ..host.wanted("inner", 3) };
    host.git.create_repository(&inner).await.unwrap();
    let credential = host.git.issue_read_credential(&name).await.unwrap();
    let reader = host.with(|s| s.token = credential.password.clone());
    assert_eq!(reader.branch_head(&name, &Branch::main()).await.unwrap(), Some(head.clone()));
    let readme = reader.read_file(&name, &Revision::Commit(head.clone()), &path("README.md")).await.unwrap();
    assert!(matches!(readme, FileAt::Bytes(_)));
    for hidden in [&other.name, &inner.name] {
        assert!(matches!(reader.branch_head(hidden, &Branch::main()).await, Err(Error::NotFound)), "{hidden}");
    }
    let write = update(&head, &[], &[("x", "1")], 2);
    let error = reader.push_update(&name, &Branch::main(), &write).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert_eq!(host.git.branch_head(&name, &Branch::main()).await.unwrap(), Some(head));
}

#[tokio::test]
async fn a_new_read_credential_ends_the_one_before() {
    let host = Host::new().await;
    let (name, head) = host.filled_repository().await;
    let old = host.git.issue_read_credential(&name).await.unwrap();
    let new = host.git.issue_read_credential(&name).await.unwrap();
    assert_eq!(old.username, new.username);
    let answer = host.with(|s| s.token = old.password).branch_head(&name, &Branch::main()).await;
    assert!(matches!(answer, Err(Error::Unavailable { .. })), "{answer:?}");
    let answer = host.with(|s| s.token = new.password).branch_head(&name, &Branch::main()).await;
    assert_eq!(answer.unwrap(), Some(head));
}
