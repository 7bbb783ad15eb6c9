//! What lives at the Git host.

use secrecy::ExposeSecret;
use serde_json::json;

use super::*;
use crate::{
    catalog::living::tests::{Repository, Rig},
    git_host::{Branch, FileAt, Revision, Visibility},
};

/// A repository that is imported, with another entity in the same file.
pub(super) async fn imported(rig: &Rig) -> Repository {
    let text = format!("{}---\n{}", described("ledger", &rig.team, "Old"), described("other", &rig.team, "Other"));
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &text)]).await;
    let source = rig.imported(&repository).await;
    rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await;
    repository
}

pub(super) async fn until(rig: &Rig, change: Uuid, state: EntityChangeState) -> EntityChange {
    eventually("the change is there", || async {
        let found = find_entity_change(&rig.member, &rig.db, change).await.unwrap();
        if found.state == state { Ok(found) } else { Err(format!("{found:?}")) }
    })
    .await
}

pub(super) async fn file(rig: &Rig, repository: &Repository, branch: &Branch) -> String {
    let at = Revision::Branch(branch.clone());
    match rig.git.read_file(&repository.name, &at, &FILE.parse().unwrap()).await.unwrap() {
        FileAt::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// As somebody who may write the repository does in the pages of the host.
pub(super) async fn at_host(rig: &Rig, method: &str, path: &str, body: serde_json::Value) -> serde_json::Value {
    let url = rig.settings.url.join(&format!("api/v1/repos/{path}")).unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    eventually("the host does it", || async {
        let request = client.request(method.parse().unwrap(), url.clone());
        let answer = request.bearer_auth(rig.settings.token.expose_secret()).json(&body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        if status.is_success() { Ok(serde_json::from_str(&text).unwrap_or_default()) } else { Err(text) }
    })
    .await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_edit_becomes_a_change_request_and_comes_back_when_it_is_merged(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = imported(&rig).await;
    let before = file(&rig, &repository, &Branch::main()).await;
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.description = "New words".to_owned()).await.unwrap();
    let opened = until(&rig, change, EntityChangeState::Opened).await;
    let (diff, number) = (opened.diff.clone().unwrap(), opened.number.unwrap());
    assert!(diff.contains("-  description: Old\n+  description: New words\n"), "{diff}");
    assert!(!diff.contains("other"), "others' parts of the file are not shown: {diff}");
    assert_eq!(opened.url.as_deref(), Some(format!("{}/pulls/{number}", rig.git.web_url(&repository.name)).as_str()));
    let after = file(&rig, &repository, &Branch::of_run(change)).await;
    assert_eq!(after, before.replacen("description: Old", "description: New words", 1), "nothing else is touched");
    assert_eq!(file(&rig, &repository, &Branch::main()).await, before);
    assert_eq!(entity(&rig.member, &rig.db, "ledger").await.description.as_deref(), Some("Old"));
    let audited = testing::audited(&rig.db, "component:default/ledger").await.unwrap();
    let actions: Vec<&str> = audited.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["catalog.change", "catalog.change_request"]);
    assert_eq!(edit_form(&rig.member, &rig.db, &reference("ledger")).await.unwrap().under_way, [change]);

    at_host(&rig, "POST", &format!("{}/pulls/{number}/merge", repository.name), json!({"Do": "merge"})).await;
    rig.told(&repository.name).await;
    until(&rig, change, EntityChangeState::Merged).await;
    eventually("the entity is read again", || async {
        let found = entity(&rig.member, &rig.db, "ledger").await;
        (found.description.as_deref() == Some("New words")).then_some(()).ok_or_else(|| format!("{found:?}"))
    })
    .await;
    let told = catalog::timeline(&rig.member, &rig.db, &reference("ledger")).await.unwrap();
    let is_read = |found: &&catalog::Happening| matches!(&found.what, catalog::What::Changed { fields, commit: Some(_), .. } if fields == &["metadata.description"]);
    assert_eq!(told.iter().filter(is_read).count(), 1, "{told:?}");
    assert_eq!(told.len(), 3, "with the change itself, and how it came in: {told:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_is_written_over_and_what_is_closed_is_over(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let mut repository = imported(&rig).await;
    let (form, seen) = typed(&rig.member, &rig.db, "ledger", |form| form.description = "Mine".into()).await.unwrap();
    let theirs = file(&rig, &repository, &Branch::main()).await.replacen("description: Old", "description: Theirs", 1);
    // The host tells nobody yet.
    let head = rig.pushed_unseen(&mut repository, &[(FILE, &theirs)]).await;
    let change = request_change(&rig.member, &rig.db, &reference("ledger"), &form, &seen).await.unwrap();
    let failed = until(&rig, change, EntityChangeState::Failed).await;
    assert!(failed.problem.unwrap().contains("meanwhile: description"), "at {head}");
    assert_eq!(rig.git.branch_head(&repository.name, &Branch::of_run(change)).await.unwrap(), None);

    // What they did not touch can be changed all the same.
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.tags = "java".to_owned()).await.unwrap();
    let opened = until(&rig, change, EntityChangeState::Opened).await;
    assert!(
        file(&rig, &repository, &Branch::of_run(change)).await.contains("description: Theirs\n  tags:\n    - java\n")
    );
    let request = format!("{}/pulls/{}", repository.name, opened.number.unwrap());
    at_host(&rig, "PATCH", &request, json!({"state": "closed"})).await;
    rig.told(&repository.name).await;
    until(&rig, change, EntityChangeState::Closed).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_cannot_be_written_says_why(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let mut repository = imported(&rig).await;
    let gone = ask(&rig.member, &rig.db, "other", |form| form.description = "New".to_owned());
    rig.pushed_unseen(&mut repository, &[(FILE, &described("ledger", &rig.team, "Old"))]).await;
    let failed = until(&rig, gone.await.unwrap(), EntityChangeState::Failed).await;
    assert!(failed.problem.unwrap().contains("does not describe component:default/other any more"));
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.description = "New".to_owned()).await.unwrap();
    until(&rig, change, EntityChangeState::Opened).await;
    at_host(&rig, "PATCH", &repository.name.to_string(), json!({"archived": true})).await;
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.description = "Newer".to_owned()).await.unwrap();
    let failed = until(&rig, change, EntityChangeState::Failed).await;
    assert!(failed.problem.unwrap().contains("is archived"));
}
