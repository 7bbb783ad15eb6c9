//! A repository as a developer with a clone has it.

use std::collections::BTreeSet;

use domain::scaffold::tree::{
    CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, Signature,
};
use time::macros::datetime;
use uuid::Uuid;

use super::{Rig, Service};
use crate::git_host::{Branch, FileAt, Revision, Update};

impl Rig {
    /// On top of the head, whatever it is.
    pub(in crate::delivery::tests) async fn push(
        &self,
        service: &Service,
        subject: &str,
        write: &[(&str, &str)],
        remove: &[&str],
    ) -> CommitId {
        let mut files = FileTree::new();
        for (path, text) in write {
            files.insert(path.parse().unwrap(), FileContent::text(*text)).unwrap();
        }
        let remove: BTreeSet<_> = remove.iter().map(|path| path.parse().unwrap()).collect();
        let parent = self.head(service).await;
        let spec = commit(Content::Update { parent, remove, write: files }, subject, Uuid::new_v4());
        match self.git.push_update(&service.repository, &Branch::main(), &spec).await.unwrap() {
            Update::Pushed(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(in crate::delivery::tests) async fn head(&self, service: &Service) -> CommitId {
        self.git.branch_head(&service.repository, &Branch::main()).await.unwrap().unwrap()
    }

    pub(in crate::delivery::tests) async fn read(&self, service: &Service, path: &str) -> String {
        let at = Revision::Branch(Branch::main());
        match self.git.read_file(&service.repository, &at, &path.parse().unwrap()).await.unwrap() {
            FileAt::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{path}: {other:?}"),
        }
    }
}

pub(super) fn commit(content: Content, subject: &str, run: Uuid) -> CommitSpec {
    CommitSpec {
        content,
        message: CommitMessage { subject: OneLine::new(subject).unwrap(), run, co_author: None },
        author: Signature::new("Devi Raman", "developer@waymark.example").unwrap(),
        at: CommitTime::of(datetime!(2026-05-01 10:00 UTC)),
    }
}
