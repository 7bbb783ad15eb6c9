//! Change requests: from a branch of a repository to another branch of the same one.

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::repositories;
use crate::{
    Dependency, Error, Result,
    git_host::{
        ChangeRequest, ChangeRequestState, NewChangeRequest, RepositoryName,
        http::{Api, Call, below},
    },
};

#[derive(Deserialize)]
struct RequestAnswer {
    number: i64,
    state: String,
    merged: bool,
    head: EndAnswer,
    base: EndAnswer,
}

#[derive(Deserialize)]
struct EndAnswer {
    /// The branch, also when it is gone.
    label: String,
    repo_id: i64,
}

const PAGE: usize = 50;
/// The latest of them; one that is made again was made a moment ago.
const MOST_PAGES: usize = 4;

/// `page` is that of the repository.
pub(super) async fn open(
    api: &Api,
    page: &Url,
    name: &RepositoryName,
    wanted: &NewChangeRequest,
) -> Result<ChangeRequest> {
    match of_branch(api, name, wanted).await {
        Ok(Some(found)) => return Ok(told(page, &found)),
        Ok(None) => {}
        // For a while after its first push a repository has no change requests at all, not even an empty list of them.
        Err(Error::NotFound) if repositories::find(api, name).await?.is_some() => return Err(not_yet(wanted, 404)),
        Err(other) => return Err(other),
    }
    let body = json!({
        "head": wanted.from.as_str(),
        "base": wanted.into.as_str(),
        "title": wanted.title.as_str(),
        "body": wanted.body,
    });
    let answer = api.send(Call::post(&["repos", name.owner.as_str(), name.name.as_str(), "pulls"], body)).await?;
    match answer.status {
        201 => Ok(told(page, &answer.json()?)),
        // There is one by now, or the API does not see the branch yet: both are settled by asking again.
        404 | 409 => match of_branch(api, name, wanted).await? {
            Some(found) => Ok(told(page, &found)),
            None => Err(not_yet(wanted, answer.status)),
        },
        422 | 423 => Err(Error::Conflict {
            code: "change_request_refused",
            detail: format!(
                "The Git host takes no change request for {name}. See whether it allows them there, then try again."
            ),
        }),
        _ => Err(answer.unexpected()),
    }
}

pub(super) async fn find(api: &Api, page: &Url, name: &RepositoryName, number: i64) -> Result<Option<ChangeRequest>> {
    let number = number.to_string();
    let call = Call::get(&["repos", name.owner.as_str(), name.name.as_str(), "pulls", &number]);
    let answer = api.send(call).await?;
    match answer.status {
        200 => Ok(Some(told(page, &answer.json()?))),
        404 | 301 | 307 => Ok(None),
        _ => Err(answer.unexpected()),
    }
}

/// Whatever has become of it: a branch is asked about once.
async fn of_branch(api: &Api, name: &RepositoryName, wanted: &NewChangeRequest) -> Result<Option<RequestAnswer>> {
    for at in 1..=MOST_PAGES {
        let call = Call::get(&["repos", name.owner.as_str(), name.name.as_str(), "pulls"])
            .query("state", "all")
            .query("sort", "recentupdate")
            .query("limit", PAGE.to_string())
            .query("page", at.to_string());
        let answer = api.send(call).await?;
        let listed: Vec<RequestAnswer> = match answer.status {
            200 => answer.json()?,
            404 => return Err(Error::NotFound),
            _ => return Err(answer.unexpected()),
        };
        let is_last = listed.len() < PAGE;
        // Somebody's copy of the repository may have a branch of that name too.
        let is_it = |RequestAnswer { head, base, .. }: &RequestAnswer| {
            head.label == wanted.from.as_str() && base.label == wanted.into.as_str() && head.repo_id == base.repo_id
        };
        if let Some(found) = listed.into_iter().find(is_it) {
            return Ok(Some(found));
        }
        if is_last {
            break;
        }
    }
    Ok(None)
}

fn not_yet(wanted: &NewChangeRequest, status: u16) -> Error {
    let detail = format!("it does not see the branch {} yet ({status})", wanted.from);
    Error::Unavailable { dependency: Dependency::GitHost, detail }
}

fn told(page: &Url, found: &RequestAnswer) -> ChangeRequest {
    let state = match found.state.as_str() {
        _ if found.merged => ChangeRequestState::Merged,
        "closed" => ChangeRequestState::Closed,
        _ => ChangeRequestState::Open,
    };
    ChangeRequest { number: found.number, url: below(page, &["pulls", &found.number.to_string()]), state }
}
