//! The actions that a step may name, and what each tells the steps after it before anything has happened.

use serde_json::{Map, Value, json};

/// What an action does when a plan meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Renders a folder of the path into the tree.
    FetchTemplate,
    /// Copies a folder or a file of the path into the tree.
    FetchPlain,
    /// Removes files from the tree.
    Delete,
    /// Moves files of the tree.
    Rename,
    /// Writes an entity into the tree.
    WriteEntity,
    /// Makes the repository.
    Publish(PublishHost),
    /// Makes the catalog entry.
    Register,
    /// One of ours: namespaces, leases, delivery.
    Provision,
    /// Says something or waits, and changes nothing.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishHost {
    Gitea,
    GitHub,
    GitLab,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    pub name: &'static str,
    pub kind: ActionKind,
    /// Inputs without which it cannot start.
    pub required: &'static [&'static str],
}

const fn action(name: &'static str, kind: ActionKind, required: &'static [&'static str]) -> Action {
    Action { name, kind, required }
}

const ACTIONS: [Action; 15] = [
    action("fetch:template", ActionKind::FetchTemplate, &["url"]),
    action("fetch:plain", ActionKind::FetchPlain, &["url"]),
    action("fetch:plain:file", ActionKind::FetchPlain, &["url", "targetPath"]),
    action("fs:delete", ActionKind::Delete, &["files"]),
    action("fs:rename", ActionKind::Rename, &["files"]),
    action("catalog:write", ActionKind::WriteEntity, &["entity"]),
    action("publish:gitea", ActionKind::Publish(PublishHost::Gitea), &["repoUrl"]),
    action("publish:github", ActionKind::Publish(PublishHost::GitHub), &["repoUrl"]),
    action("publish:gitlab", ActionKind::Publish(PublishHost::GitLab), &["repoUrl"]),
    action("catalog:register", ActionKind::Register, &[]),
    action("waymark:namespace", ActionKind::Provision, &["service", "environments"]),
    action("waymark:lease", ActionKind::Provision, &["service", "environments", "resource", "count"]),
    action("waymark:deploy", ActionKind::Provision, &["service", "repository", "overlays"]),
    action("debug:log", ActionKind::Nothing, &[]),
    action("debug:wait", ActionKind::Nothing, &[]),
];

impl Action {
    pub fn find(name: &str) -> Option<Self> {
        ACTIONS.into_iter().find(|action| action.name == name)
    }

    /// What could stand in for an action that is not known: one of the same family, or the list.
    pub fn instead_of(name: &str) -> String {
        let family = |action: &&Action| {
            name.split(':')
                .next()
                .is_some_and(|first| action.name.strip_prefix(first).is_some_and(|r| r.starts_with(':')))
        };
        let near: Vec<String> = ACTIONS.iter().filter(family).map(|action| format!("`{}`", action.name)).collect();
        let all = || ACTIONS.iter().map(|action| format!("`{}`", action.name)).collect();
        (if near.is_empty() { all() } else { near }).join(", ")
    }

    /// `steps.<id>.output` of a step with this input, as far as it is known before the run.
    pub fn foreseen(self, input: &Map<String, Value>, git_url: &str, entity: Option<&Value>) -> Value {
        match self.kind {
            ActionKind::Publish(host) => published(host, input, git_url),
            ActionKind::Register => json!({ "entityRef": entity.map(entity_ref) }),
            _ => json!({}),
        }
    }
}

/// Owner and name of `host?owner=…&repo=…`.
pub fn repository_of(repo_url: &str) -> Option<(String, String)> {
    let (_, query) = repo_url.split_once('?')?;
    let find = |key: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
        pair.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    Some((find("owner")?, find("repo")?))
}

fn published(host: PublishHost, input: &Map<String, Value>, git_url: &str) -> Value {
    let text = |key: &str| input.get(key).and_then(Value::as_str);
    let Some((repo_url, (owner, repo))) = text("repoUrl").and_then(|url| Some((url, repository_of(url)?))) else {
        return json!({});
    };
    let host_name = repo_url.split('?').next().unwrap_or_default();
    // The configured host keeps its scheme; any other is reached over https.
    let base = match git_url.split_once("://") {
        Some((_, rest)) if rest == host_name => git_url.to_owned(),
        _ => format!("https://{host_name}"),
    };
    let branch = text("defaultBranch").unwrap_or("main");
    let contents = match host {
        PublishHost::Gitea => format!("src/branch/{branch}/"),
        PublishHost::GitHub => format!("blob/{branch}"),
        PublishHost::GitLab => format!("-/blob/{branch}"),
    };
    json!({
        "remoteUrl": format!("{base}/{owner}/{repo}.git"),
        "repoContentsUrl": format!("{base}/{owner}/{repo}/{contents}"),
    })
}

fn entity_ref(entity: &Value) -> String {
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let namespace = text("/metadata/namespace").unwrap_or("default");
    let (kind, name) = (text("/kind").unwrap_or_default(), text("/metadata/name").unwrap_or_default());
    format!("{kind}:{namespace}/{name}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreseen(name: &str, input: &Value, git_url: &str) -> Value {
        Action::find(name).unwrap().foreseen(input.as_object().unwrap(), git_url, None)
    }

    #[test]
    fn a_published_repository_is_where_its_host_puts_it() {
        let input = json!({"repoUrl": "127.0.0.1:3100?owner=payments&repo=checkout"});
        assert_eq!(
            foreseen("publish:gitea", &input, "http://127.0.0.1:3100"),
            json!({
                "remoteUrl": "http://127.0.0.1:3100/payments/checkout.git",
                "repoContentsUrl": "http://127.0.0.1:3100/payments/checkout/src/branch/main/",
            })
        );
        let input = json!({"repoUrl": "github.com?repo=checkout&owner=payments", "defaultBranch": "trunk"});
        assert_eq!(
            foreseen("publish:github", &input, "http://127.0.0.1:3100")["repoContentsUrl"],
            "https://github.com/payments/checkout/blob/trunk"
        );
        assert_eq!(foreseen("publish:gitlab", &json!({"repoUrl": "gitlab.com?owner=a"}), ""), json!({}));
    }

    #[test]
    fn a_registered_entity_is_known_by_its_reference() {
        let entity = json!({"kind": "Component", "metadata": {"name": "checkout"}});
        let register = Action::find("catalog:register").unwrap();
        assert_eq!(
            register.foreseen(&Map::new(), "", Some(&entity)),
            json!({"entityRef": "component:default/checkout"})
        );
    }

    #[test]
    fn an_unknown_action_hears_of_its_family() {
        assert_eq!(Action::find("publish:azure"), None);
        assert_eq!(Action::instead_of("publish:azure"), "`publish:gitea`, `publish:github`, `publish:gitlab`");
        assert!(Action::instead_of("acme:do").contains("`fetch:template`"));
    }
}
