//! Against a real Git host: the one of the local stack.

mod access;
mod away;
mod change_requests;
mod contents;
mod environment;
mod fault_proxy;
mod pushes;
mod repositories;
mod secrets;
mod updates;

use std::{collections::BTreeSet, sync::Arc};

use domain::scaffold::tree::{CommitMessage, CommitTime, Content, FileContent, FileTree, Signature};
use time::macros::datetime;

use super::*;
use crate::{
    Error,
    testing::rig::{eventually, git_host},
};

/// The stack's Git host, and an organisation of this test's own.
struct Host {
    settings: GitHostSettings,
    git: Arc<dyn GitHost>,
    owner: Handle,
}

impl Host {
    async fn new() -> Self {
        let settings = git_host();
        let git = connect(&settings).unwrap();
        let owner: Handle = format!("t-{:08x}", rand::random::<u32>()).parse().unwrap();
        git.ensure_organisation(&Organisation { name: owner.clone(), visibility: Visibility::Internal }).await.unwrap();
        Self { settings, git, owner }
    }

    fn name(&self, name: &str) -> RepositoryName {
        RepositoryName { owner: self.owner.clone(), name: name.parse().unwrap() }
    }

    /// An empty repository.
    async fn repository(&self) -> RepositoryName {
        let wanted = self.wanted("checkout", 1);
        assert_eq!(self.git.create_repository(&wanted).await.unwrap(), Creation::Created);
        wanted.name
    }

    /// A repository with [`first`] on `main`.
    async fn filled_repository(&self) -> (RepositoryName, CommitId) {
        let name = self.repository().await;
        match self.git.push_new_branch(&name, &Branch::main(), &first()).await.unwrap() {
            NewBranch::Pushed(id) => (name, id),
            other => panic!("{other:?}"),
        }
    }

    fn wanted(&self, name: &str, run: u128) -> NewRepository {
        NewRepository {
            name: self.name(name),
            description: OneLine::new("Takes the money").unwrap(),
            visibility: Visibility::Private,
            run: Uuid::from_u128(run),
        }
    }

    async fn commit_count(&self, name: &RepositoryName) -> usize {
        self.git.list_commits(name, &Revision::Branch(Branch::main()), 50).await.unwrap().len()
    }

    /// The host at another address or with another token.
    fn with(&self, change: impl FnOnce(&mut GitHostSettings)) -> Arc<dyn GitHost> {
        let mut settings = self.settings.clone();
        change(&mut settings);
        connect(&settings).unwrap()
    }

    /// Does at the host what the product never does, past the product.
    async fn meddle(&self, method: &str, path: &str, body: serde_json::Value) -> u16 {
        let client = reqwest::Client::builder().build().unwrap();
        let url = self.settings.url.join(&format!("api/v1/{path}")).unwrap();
        let token = secrecy::ExposeSecret::expose_secret(&self.settings.token);
        let request = client.request(method.parse().unwrap(), url).bearer_auth(token).json(&body);
        request.send().await.unwrap().status().as_u16()
    }
}

fn path(text: &str) -> RelPath {
    text.parse().unwrap()
}

fn tree(files: &[(&str, &str)]) -> FileTree {
    let mut tree = FileTree::new();
    for (name, text) in files {
        tree.insert(path(name), FileContent::text(*text)).unwrap();
    }
    tree
}

fn spec(content: Content, run: u128) -> CommitSpec {
    CommitSpec {
        content,
        message: CommitMessage {
            subject: OneLine::new("Create checkout").unwrap(),
            run: Uuid::from_u128(run),
            co_author: Some(Signature::new("Devi Raman", "developer@waymark.example").unwrap()),
        },
        author: Signature::platform(),
        at: CommitTime::of(datetime!(2026-05-01 12:00 UTC)),
    }
}

/// The first commit of most tests.
fn first() -> CommitSpec {
    let mut tree = tree(&[("README.md", "# Checkout\n"), ("src/main.rs", "fn main() {}\n")]);
    tree.insert(path("run.sh"), FileContent { bytes: b"#!/bin/sh\n".into(), executable: true }).unwrap();
    spec(Content::Initial(tree), 1)
}

fn update(parent: &CommitId, remove: &[&str], write: &[(&str, &str)], run: u128) -> CommitSpec {
    let remove: BTreeSet<RelPath> = remove.iter().map(|name| path(name)).collect();
    spec(Content::Update { parent: parent.clone(), remove, write: tree(write) }, run)
}
