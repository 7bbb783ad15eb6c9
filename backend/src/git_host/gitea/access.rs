//! Who may do what: organisations and their members, branch rules, webhooks, and the account that reads one repository.

use rand::RngCore;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::repositories;
use crate::{
    Error, Result,
    git_host::{
        Branch, Organisation, ReadCredential, RepositoryName, Visibility, Webhook,
        http::{Api, Call},
    },
};

#[derive(Deserialize)]
struct HookAnswer {
    id: u64,
    config: HookConfigAnswer,
}

#[derive(Deserialize)]
struct HookConfigAnswer {
    url: Option<String>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    sha1: String,
}

#[derive(Deserialize)]
struct AccountAnswer {
    email: String,
}

/// The team whose members may write; sign-in maps the group of the same organisation to it.
const MEMBERS: &str = "developers";
const TOKEN_NAME: &str = "read";

pub(super) async fn ensure_organisation(api: &Api, wanted: &Organisation) -> Result<()> {
    let name = wanted.name.as_str();
    if api.send(Call::get(&["orgs", name])).await?.status == 404 {
        create_organisation(api, wanted).await?;
    }
    let units = ["repo.code", "repo.issues", "repo.pulls", "repo.releases"];
    let units: serde_json::Map<_, _> = units.into_iter().map(|unit| (unit.to_owned(), "write".into())).collect();
    let body = json!({
        "name": MEMBERS,
        "permission": "write",
        "units_map": units,
        "includes_all_repositories": true,
        "can_create_org_repo": false,
    });
    let answer = api.send(Call::post(&["orgs", name, "teams"], body)).await?;
    // 422: the team is there.
    if matches!(answer.status, 201 | 422) { Ok(()) } else { Err(answer.unexpected()) }
}

pub(super) async fn protect_branch(api: &Api, name: &RepositoryName, branch: &Branch) -> Result<()> {
    let rules = ["repos", name.owner.as_str(), name.name.as_str(), "branch_protections"];
    let mut rule = rules.to_vec();
    rule.push(branch.as_str());
    if api.send(Call::get(&rule)).await?.status == 200 {
        return Ok(());
    }
    let body = json!({"rule_name": branch.as_str(), "enable_push": true, "enable_force_push": false});
    let answer = api.send(Call::post(&rules, body)).await?;
    match answer.status {
        201 => Ok(()),
        404 => Err(Error::NotFound),
        _ => Err(answer.unexpected()),
    }
}

pub(super) async fn ensure_webhook(api: &Api, name: &RepositoryName, webhook: &Webhook) -> Result<()> {
    let hooks = ["repos", name.owner.as_str(), name.name.as_str(), "hooks"];
    let answer = api.send(Call::get(&hooks).query("limit", "50")).await?;
    let known: Vec<HookAnswer> = match answer.status {
        200 => answer.json()?,
        404 => return Err(Error::NotFound),
        _ => return Err(answer.unexpected()),
    };
    let config = json!({
        "url": webhook.url.as_str(),
        "content_type": "json",
        "secret": webhook.secret.expose_secret(),
    });
    let mut body = json!({"active": true, "events": ["push", "pull_request"], "config": config});
    let same = known.into_iter().find(|hook| hook.config.url.as_deref() == Some(webhook.url.as_str()));
    let answer = match same {
        Some(hook) => {
            let id = hook.id.to_string();
            let path: Vec<&str> = hooks.into_iter().chain([id.as_str()]).collect();
            api.send(Call::patch(&path, body)).await?
        }
        None => {
            body["type"] = "gitea".into();
            api.send(Call::post(&hooks, body)).await?
        }
    };
    if matches!(answer.status, 200 | 201) { Ok(()) } else { Err(answer.unexpected()) }
}

/// Tokens of this host cannot be limited to one repository, and deploy keys need SSH. So each repository has an account
/// that may read it and sees nothing else, whose password nobody knows, with one token that may only read.
pub(super) async fn issue_read_credential(api: &Api, name: &RepositoryName) -> Result<ReadCredential> {
    if repositories::find(api, name).await?.is_none() {
        return Err(Error::NotFound);
    }
    let username = reader_of(name);
    ensure_reader(api, &username).await?;
    let place = ["repos", name.owner.as_str(), name.name.as_str(), "collaborators", &username];
    let answer = api.send(Call::put(&place, json!({"permission": "read"}))).await?;
    match answer.status {
        204 => {}
        404 => return Err(Error::NotFound),
        _ => return Err(answer.unexpected()),
    }
    let password = renew_token(api, &username).await?.into();
    Ok(ReadCredential { username, password })
}

/// The one token of an account, in place of the one before. The host asks for Basic here, and takes a token in it.
async fn renew_token(api: &Api, username: &str) -> Result<String> {
    let tokens = ["users", username, "tokens"];
    let old: Vec<&str> = tokens.into_iter().chain([TOKEN_NAME]).collect();
    let answer = api.send(Call::new(Method::DELETE, &old).with_basic()).await?;
    if !matches!(answer.status, 204 | 404) {
        return Err(answer.unexpected());
    }
    let body = json!({"name": TOKEN_NAME, "scopes": ["read:repository"]});
    let answer = api.send(Call::post(&tokens, body).with_basic()).await?;
    if answer.status == 201 { Ok(answer.json::<TokenAnswer>()?.sha1) } else { Err(answer.unexpected()) }
}

async fn create_organisation(api: &Api, wanted: &Organisation) -> Result<()> {
    let visibility = match wanted.visibility {
        Visibility::Private => "private",
        Visibility::Internal => "limited",
    };
    let body = json!({
        "username": wanted.name.as_str(),
        "visibility": visibility,
        "repo_admin_change_team_access": false,
    });
    let answer = api.send(Call::post(&["orgs"], body)).await?;
    match answer.status {
        201 => Ok(()),
        // Taken by a person, reserved, or made by somebody else a moment ago.
        422 if api.send(Call::get(&["orgs", wanted.name.as_str()])).await?.status == 200 => Ok(()),
        422 => Err(Error::Conflict {
            code: "owner_taken",
            detail: format!(
                "The Git host has no organisation {0} and does not allow one: {0} is an account or a reserved word there. \
                 Ask its administrator to free the name.",
                wanted.name
            ),
        }),
        _ => Err(answer.unexpected()),
    }
}

async fn ensure_reader(api: &Api, username: &str) -> Result<()> {
    let email = format!("{username}@noreply.invalid");
    let known = api.send(Call::get(&["users", username])).await?;
    if known.status == 200 {
        // A person who got the name would get the repository with it.
        let is_ours = known.json::<AccountAnswer>()?.email == email;
        return if is_ours {
            Ok(())
        } else {
            Err(Error::internal(format!("the account {username} is not the platform's")))
        };
    }
    let mut password = [0; 32];
    rand::rng().fill_bytes(&mut password);
    let body = json!({
        "username": username,
        "email": email,
        "password": hex::encode(password),
        "must_change_password": false,
        "restricted": true,
        "visibility": "private",
    });
    let answer = api.send(Call::post(&["admin", "users"], body)).await?;
    // 422: made by somebody else a moment ago.
    if matches!(answer.status, 201 | 422) { Ok(()) } else { Err(answer.unexpected()) }
}

/// Always the same for a repository, and short enough for this host (40).
fn reader_of(name: &RepositoryName) -> String {
    let hash = Sha256::digest(name.to_string().to_ascii_lowercase());
    format!("waymark-read-{}", hex::encode(&hash[..8]))
}
