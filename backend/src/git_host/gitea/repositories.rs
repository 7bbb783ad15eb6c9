//! Repositories: finding one, making one.

use domain::scaffold::tree::RelPath;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Error, Result,
    git_host::{
        Branch, ListedRepository, NewRepository, Repository, RepositoryName, Visibility,
        http::{Api, Call},
    },
};

#[derive(Deserialize)]
struct RepositoryAnswer {
    name: String,
    owner: OwnerAnswer,
    description: String,
    private: bool,
    default_branch: String,
    archived: bool,
    updated_at: String,
}

#[derive(Deserialize)]
struct ListAnswer {
    data: Vec<RepositoryAnswer>,
}

#[derive(Deserialize)]
struct OwnerAnswer {
    login: String,
    /// Hosts that do not say it are taken for private.
    #[serde(default)]
    visibility: String,
}

#[derive(Deserialize)]
struct OrganisationAnswer {
    visibility: String,
}

const PAGE: &str = "50";
const MARK: &str = " [run ";

pub(super) async fn find(api: &Api, name: &RepositoryName) -> Result<Option<Repository>> {
    let answer = api.send(Call::get(&["repos", name.owner.as_str(), name.name.as_str()])).await?;
    match answer.status {
        200 => Ok(Some(repository(answer.json()?)?)),
        // A redirect means that it now has another name; names are stored and never followed.
        404 | 301 | 307 => Ok(None),
        _ => Err(answer.unexpected()),
    }
}

/// Where the host's redirect leads, as far as there is a repository that the platform may read.
pub(super) async fn moved_to(api: &Api, name: &RepositoryName) -> Result<Option<RepositoryName>> {
    let answer = api.send(Call::get(&["repos", name.owner.as_str(), name.name.as_str()])).await?;
    let Some(path) = answer.leads_to.as_deref().and_then(|leads_to| api.path_of(leads_to)) else { return Ok(None) };
    let now = path.strip_prefix("repos/").and_then(|name| name.parse::<RepositoryName>().ok());
    let Some(now) = now.filter(|now| now != name) else { return Ok(None) };
    Ok(find(api, &now).await?.map(|found| found.name))
}

/// Those that we could not name are left out.
pub(super) async fn list(api: &Api, page: u32) -> Result<Vec<ListedRepository>> {
    let call = Call::get(&["repos", "search"]).query("limit", PAGE).query("sort", "id").query("page", page.to_string());
    let answer = api.send(call).await?;
    if answer.status != 200 {
        return Err(answer.unexpected());
    }
    let listed = answer.json::<ListAnswer>()?.data.into_iter().filter_map(|answer| {
        let changed = answer.updated_at.clone();
        Some(ListedRepository { repository: repository(answer).ok()?, changed })
    });
    Ok(listed.collect())
}

pub(super) async fn has_file(api: &Api, name: &RepositoryName, path: &RelPath) -> Result<bool> {
    let mut parts = vec!["repos", name.owner.as_str(), name.name.as_str(), "contents"];
    parts.extend(path.components());
    let answer = api.send(Call::get(&parts)).await?;
    match answer.status {
        200 => Ok(true),
        404 => Ok(false),
        _ => Err(answer.unexpected()),
    }
}

/// False when the name is in use.
pub(super) async fn create(api: &Api, wanted: &NewRepository) -> Result<bool> {
    let owner = wanted.name.owner.as_str();
    let is_private = wanted.visibility == Visibility::Private || is_for_the_world(api, owner).await?;
    let body = json!({
        "name": wanted.name.name.as_str(),
        "description": format!("{}{MARK}{}]", wanted.description.as_str(), wanted.run),
        "private": is_private,
        "auto_init": false,
        "default_branch": Branch::main().as_str(),
        "object_format_name": "sha1",
    });
    let answer = api.send(Call::post(&["orgs", owner, "repos"], body)).await?;
    match answer.status {
        201 => Ok(true),
        409 => Ok(false),
        404 => Err(Error::NotFound),
        422 => Err(Error::Conflict {
            code: "repository_name_refused",
            detail: format!("The Git host does not allow a repository called {}. Choose another name.", wanted.name),
        }),
        _ => Err(answer.unexpected()),
    }
}

/// A repository that is not private is as visible as its owner, and nothing that we make is for the world.
async fn is_for_the_world(api: &Api, owner: &str) -> Result<bool> {
    let answer = api.send(Call::get(&["orgs", owner])).await?;
    match answer.status {
        200 => Ok(answer.json::<OrganisationAnswer>()?.visibility == "public"),
        404 => Err(Error::NotFound),
        _ => Err(answer.unexpected()),
    }
}

fn repository(answer: RepositoryAnswer) -> Result<Repository> {
    let full_name = format!("{}/{}", answer.owner.login, answer.name);
    let name = full_name.parse().map_err(|_| Error::internal("the Git host names a repository that we cannot name"))?;
    let (text, run) = split_mark(&answer.description);
    let is_open = !answer.private && matches!(answer.owner.visibility.as_str(), "public" | "limited");
    Ok(Repository {
        name,
        description: text.to_owned(),
        visibility: if answer.private { Visibility::Private } else { Visibility::Internal },
        is_open,
        default_branch: answer.default_branch,
        archived: answer.archived,
        run,
    })
}

/// The words for people, and the run behind them.
fn split_mark(description: &str) -> (&str, Option<Uuid>) {
    let marked = description.strip_suffix(']').and_then(|rest| rest.rsplit_once(MARK));
    match marked.and_then(|(text, run)| Some((text, run.parse().ok()?))) {
        Some((text, run)) => (text, Some(run)),
        None => (description, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mark_at_the_end_is_a_mark() {
        let run = Uuid::from_u128(7);
        assert_eq!(split_mark(&format!("Checkout [run {run}]")), ("Checkout", Some(run)));
        assert_eq!(split_mark(&format!("[run {run}] Checkout")).1, None);
        assert_eq!(split_mark("Checkout [run x]"), ("Checkout [run x]", None));
        let other = Uuid::from_u128(8);
        assert_eq!(split_mark(&format!("a [run {other}] [run {run}]")).1, Some(run));
    }
}
