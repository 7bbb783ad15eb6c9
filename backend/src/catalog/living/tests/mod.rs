//! Against the real Git host of the local stack, with workers of the test's own.

mod collisions;
mod docs;
mod ended;
mod fences;
mod imports;
mod large;
mod led;
mod parity;
mod sources;
mod told;
mod undescribed;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    access::Viewer,
    catalog::EntityRef,
    scaffold::tree::{
        CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, RelPath, Signature,
    },
};
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::PgPool;
use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::{
    Db, Error,
    catalog::{self, Entity},
    git_host::{
        self, Branch, Creation, GitHost, GitHostSettings, Handle, NewBranch, NewRepository, Organisation,
        RepositoryName, Update, Visibility, Webhook,
    },
    testing::{
        self,
        rig::{self, Workers, eventually},
        world,
    },
};

pub(in crate::catalog) const FILE: &str = "catalog-info.yaml";

/// A database with workers, and a team that has repositories of its own.
pub(in crate::catalog) struct Rig {
    pub(in crate::catalog) db: Db,
    pub(in crate::catalog) settings: GitHostSettings,
    pub(in crate::catalog) git: Arc<dyn GitHost>,
    pub(in crate::catalog) team: String,
    pub(in crate::catalog) member: Viewer,
    workers: Workers,
}

impl Rig {
    pub(in crate::catalog) async fn start(pool: PgPool) -> Self {
        let mut rig = Self::without_workers(pool).await;
        rig.work(rig.git.clone());
        eventually("the host is written down", || async {
            match candidates(&rig.member, &rig.db).await.unwrap().host {
                Some(_) => Ok(()),
                None => Err("no row".to_owned()),
            }
        })
        .await;
        rig
    }

    pub(in crate::catalog) async fn without_workers(pool: PgPool) -> Self {
        let (db, settings) = (Db::of_pool(pool), rig::git_host());
        let git = git_host::connect(&settings).unwrap();
        let team = format!("t-{:08x}", rand::random::<u32>());
        let owner: Handle = team.parse().unwrap();
        git.ensure_organisation(&Organisation { name: owner, visibility: Visibility::Internal }).await.unwrap();
        let member = testing::member(&db, "member", &team).await.unwrap();
        Self { db, settings, git, team, member, workers: Workers::new() }
    }

    /// One more worker, which sees the host like that.
    pub(in crate::catalog) fn work(&mut self, git: Arc<dyn GitHost>) {
        self.work_and_ask(git, None);
    }

    /// The same, and asks the host to tell of pushes.
    pub(super) fn work_and_ask(&mut self, git: Arc<dyn GitHost>, webhook: Option<Webhook>) {
        let (db, url) = (self.db.clone(), self.settings.url.clone());
        // What nobody tells is looked for too late for any test.
        let settings = WorkerSettings {
            poll_every: Duration::from_millis(500),
            look_every: Duration::from_secs(3600),
            list_every: Duration::from_secs(1),
            webhook,
            ..WorkerSettings::new(format!("worker-{}", Uuid::now_v7()), url)
        };
        self.workers.start(|stop| run(db, git, settings, stop));
    }

    pub(in crate::catalog) async fn rest(&mut self) {
        std::mem::replace(&mut self.workers, Workers::new()).stop().await;
    }

    pub(in crate::catalog) async fn repository(
        &self,
        name: &str,
        visibility: Visibility,
        files: &[(&str, &str)],
    ) -> Repository {
        self.repository_of(&self.team.parse().unwrap(), name, visibility, files).await
    }

    pub(super) async fn repository_of(
        &self,
        owner: &Handle,
        name: &str,
        visibility: Visibility,
        files: &[(&str, &str)],
    ) -> Repository {
        let name = RepositoryName { owner: owner.clone(), name: name.parse().unwrap() };
        let description = OneLine::new("Takes the money").unwrap();
        let wanted = NewRepository { name: name.clone(), description, visibility, run: Uuid::from_u128(1) };
        assert_eq!(self.git.create_repository(&wanted).await.unwrap(), Creation::Created);
        let first =
            self.git.push_new_branch(&name, &Branch::main(), &spec(Content::Initial(tree(files)))).await.unwrap();
        let NewBranch::Pushed(head) = first else { panic!("{first:?}") };
        Repository { name, head }
    }

    pub(in crate::catalog) async fn push(&self, to: &mut Repository, remove: &[&str], write: &[(&str, &str)]) {
        self.put(to, remove, write).await;
        self.told(&to.name).await;
    }

    /// As where the host tells nobody; answers the new head.
    pub(in crate::catalog) async fn pushed_unseen(&self, to: &mut Repository, write: &[(&str, &str)]) -> CommitId {
        self.put(to, &[], write).await;
        to.head.clone()
    }

    async fn put(&self, to: &mut Repository, remove: &[&str], write: &[(&str, &str)]) {
        let remove: BTreeSet<RelPath> = remove.iter().map(|path| path.parse().unwrap()).collect();
        let content = Content::Update { parent: to.head.clone(), remove, write: tree(write) };
        match self.git.push_update(&to.name, &Branch::main(), &spec(content)).await.unwrap() {
            Update::Pushed(head) => to.head = head,
            other => panic!("{other:?}"),
        }
    }

    /// Past the product, which pushes no file of that size.
    pub(in crate::catalog) async fn upload(&self, to: &RepositoryName, path: &str, text: &str) {
        let url = self.settings.url.join(&format!("api/v1/repos/{to}/contents/{path}")).unwrap();
        let body = json!({ "content": STANDARD.encode(text), "branch": "main", "message": "Upload" });
        let client = reqwest::Client::builder().build().unwrap();
        let sent = client.post(url).bearer_auth(self.settings.token.expose_secret()).json(&body).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), 201);
    }

    /// As the host's webhook would.
    pub(in crate::catalog) async fn told(&self, name: &RepositoryName) {
        let mut tx = self.db.pool.begin().await.unwrap();
        pushed(&mut tx, name).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(in crate::catalog) fn address(&self, repository: &Repository) -> String {
        self.git.web_url(&repository.name).to_string()
    }

    pub(in crate::catalog) async fn read(&self, import: Uuid) -> ImportView {
        self.until(import, "the import is read", |view| view.state != ImportState::Reading).await
    }

    pub(in crate::catalog) async fn until(
        &self,
        import: Uuid,
        what: &str,
        holds: impl Fn(&ImportView) -> bool,
    ) -> ImportView {
        eventually(what, || async {
            let view = find_import(&self.member, &self.db, import).await.unwrap();
            if holds(&view) { Ok(view) } else { Err(format!("{view:?}")) }
        })
        .await
    }

    /// Imported by the member and read.
    pub(in crate::catalog) async fn imported(&self, repository: &Repository) -> Uuid {
        let import = request_import(&self.member, &self.db, &self.address(repository)).await.unwrap();
        let view = self.read(import).await;
        accept(&self.member, &self.db, import, &view.hash.unwrap()).await.unwrap()
    }

    pub(in crate::catalog) async fn source(
        &self,
        source: Uuid,
        what: &str,
        holds: impl Fn(&SourceDetail) -> bool,
    ) -> SourceDetail {
        eventually(what, || async {
            let found = find_source(&self.member, &self.db, source).await.unwrap();
            if holds(&found) && !found.source.is_under_way { Ok(found) } else { Err(format!("{found:?}")) }
        })
        .await
    }

    pub(in crate::catalog) async fn entity(&self, reference: &str) -> Result<Entity, Error> {
        let reference: EntityRef = reference.parse().unwrap();
        catalog::find(&self.member, &self.db, &reference).await
    }
}

/// At the host, with its head.
pub(in crate::catalog) struct Repository {
    pub(in crate::catalog) name: RepositoryName,
    pub(in crate::catalog) head: CommitId,
}

fn tree(files: &[(&str, &str)]) -> FileTree {
    let mut tree = FileTree::new();
    for (path, text) in files {
        tree.insert(path.parse().unwrap(), FileContent::text(*text)).unwrap();
    }
    tree
}

fn spec(content: Content) -> CommitSpec {
    let subject = OneLine::new("Describe the service").unwrap();
    CommitSpec {
        content,
        message: CommitMessage { subject, run: Uuid::from_u128(1), co_author: None },
        author: Signature::platform(),
        at: CommitTime::of(datetime!(2026-05-01 12:00 UTC)),
    }
}

pub(in crate::catalog) fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\nspec:\n  type: service\n  \
         lifecycle: production\n  owner: {owner}\n"
    )
}
