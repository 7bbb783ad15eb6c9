//! What lies in the repositories that the catalog points at.

use std::sync::Arc;

use async_trait::async_trait;
use domain::scaffold::tree::{CommitId, RelPath};
use serde_json::{Value, json};

use super::{Collector, Observation, catalog, each, release};
use crate::{
    Db, Error, Result,
    git_host::{Branch, FileAt, FileList, GitHost, RepositoryName, Revision},
};

pub(super) const STATE: &str = "repo.state";
pub(super) const RELEASE: &str = "repo.release";

pub(super) struct Git {
    pub(super) host: Arc<dyn GitHost>,
}

#[async_trait]
impl Collector for Git {
    fn name(&self) -> &'static str {
        "git"
    }

    async fn collect(&self, db: &Db) -> Result<Vec<Observation>> {
        let components = catalog::components(db).await?;
        let ours = components.into_iter().filter_map(|component| {
            let location = catalog::source_location(&component.document)?;
            // Somebody else's host is not asked: nothing is known about what lies there.
            Some((component.reference, self.name_of(location)?))
        });
        each(ours.collect(), |(subject, name)| {
            let (subject, name) = (subject.clone(), name.clone());
            async move { self.look(db, &subject, &name).await }
        })
        .await
    }
}

impl Git {
    /// The repository at this address, when the address is one of our host.
    fn name_of(&self, location: &str) -> Option<RepositoryName> {
        let url: url::Url = location.parse().ok()?;
        let mut parts = url.path_segments()?;
        let name = format!("{}/{}", parts.next()?, parts.next()?.trim_end_matches(".git"));
        let name: RepositoryName = name.parse().ok()?;
        (self.host.web_url(&name).origin() == url.origin()).then_some(name)
    }

    async fn look(&self, db: &Db, subject: &str, name: &RepositoryName) -> Result<Vec<Observation>> {
        let gone = |reason: &str| {
            let value = json!({ "reachable": false, "has_manifests": false, "reason": reason });
            vec![Observation::now(subject, STATE, value, Some(name.to_string()))]
        };
        let Some(repository) = self.host.find_repository(name).await? else {
            return Ok(gone("there is no such repository"));
        };
        let Ok(branch) = repository.default_branch.parse::<Branch>() else {
            return Ok(gone("its default branch has a name that cannot be asked for"));
        };
        let Some(head) = self.host.branch_head(name, &branch).await? else {
            return Ok(gone("it has no commit"));
        };
        let source = format!("{name}@{head}");
        if let Some(known) = known(db, subject, &source).await? {
            return Ok(known);
        }
        match self.read(name, head).await {
            Ok((state, release)) => Ok(vec![
                Observation::now(subject, STATE, state, Some(source.clone())),
                Observation::now(subject, RELEASE, release, Some(source)),
            ]),
            Err(Error::NotFound) => Ok(gone("it went away while it was read")),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, name: &RepositoryName, head: CommitId) -> Result<(Value, Value)> {
        let at = Revision::Commit(head);
        let list = self.host.list_files(name, &at).await?;
        let paths: Vec<&str> = list.files.iter().map(|file| file.path.as_str()).collect();
        let mut overlays = Vec::new();
        for overlay in release::overlays(&paths) {
            let path: RelPath = match overlay.file.parse() {
                Ok(path) => path,
                Err(_) => continue,
            };
            let text = match self.host.read_file(name, &at, &path).await? {
                FileAt::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                FileAt::Missing | FileAt::TooLarge => String::new(),
            };
            overlays.push((overlay, text));
        }
        Ok((state(&list, &paths), release::told(&paths, &overlays)))
    }
}

fn state(list: &FileList, paths: &[&str]) -> Value {
    let has = |is: &dyn Fn(&str) -> bool| paths.iter().any(|path| is(path));
    let is_ci = |path: &str| {
        [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"].iter().any(|folder| path.starts_with(folder))
            || path == ".gitlab-ci.yml"
    };
    let is_code_owners =
        |path: &str| ["CODEOWNERS", ".github/CODEOWNERS", ".gitea/CODEOWNERS", "docs/CODEOWNERS"].contains(&path);
    json!({
        "reachable": true,
        "is_complete": list.is_complete,
        "has_manifests": has(&release::is_manifest),
        "has_readme": has(&|path| path.eq_ignore_ascii_case("README.md")),
        "has_ci": has(&is_ci),
        "has_code_owners": has(&is_code_owners),
    })
}

/// A commit never changes, so what was read of it once is seen again without reading it again.
async fn known(db: &Db, subject: &str, source: &str) -> Result<Option<Vec<Observation>>> {
    let rows = sqlx::query!(
        r#"select distinct on (name) name, value from fact
           where subject = $1 and collector = 'git' and source_ref = $2 and name = any ($3)
           order by name, observed_at desc, fact_id desc"#,
        subject,
        source,
        &[STATE.to_owned(), RELEASE.to_owned()],
    )
    .fetch_all(&db.pool)
    .await?;
    let again = |name: &'static str| {
        let row = rows.iter().find(|row| row.name == name)?;
        Some(Observation::now(subject, name, row.value.clone(), Some(source.to_owned())))
    };
    Ok(again(STATE).zip(again(RELEASE)).map(|(state, release)| vec![state, release]))
}
