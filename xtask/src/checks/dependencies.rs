//! Which crate may name which. A border that only people know is crossed on the first busy day.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use super::Findings;
use crate::failure::{Result, While};
use crate::workshop::Workshop;

/// What each of our crates may use of the others.
const DIRECTION: [(&str, &[&str]); 5] = [
    ("server", &["app", "backend", "domain"]),
    ("app", &["backend", "domain"]),
    ("backend", &["domain"]),
    ("domain", &[]),
    ("xtask", &[]),
];

/// Named by one crate alone. Tests are free to look behind the curtain.
const OWNED: [(&str, &str); 6] = [
    ("sqlx", "backend"),
    ("kube", "backend"),
    ("k8s-openapi", "backend"),
    ("axum", "server"),
    ("openidconnect", "server"),
    ("tower-sessions", "server"),
];

/// What the pure crate never names, in tests neither.
const NOT_IN_DOMAIN: [&str; 6] = ["tokio", "sqlx", "kube", "reqwest", "axum", "leptos"];

/// C libraries that would come with one careless feature.
const NOWHERE: [&str; 5] = ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl", "openssl-sys"];

/// What the rules need to know about the workspace.
#[derive(Debug, Default)]
struct Graph {
    members: Vec<Member>,
    /// The names of all packages that are compiled for some target.
    all: Vec<String>,
}

#[derive(Debug)]
struct Member {
    name: String,
    uses: Vec<Use>,
}

#[derive(Debug)]
struct Use {
    name: String,
    for_tests: bool,
}

pub(super) fn check(workshop: &Workshop) -> Result<Findings> {
    let metadata = MetadataCommand::new().manifest_path(workshop.path("Cargo.toml")).exec().world("ask cargo")?;
    Ok(judge(&graph(&metadata)))
}

fn graph(metadata: &Metadata) -> Graph {
    let members = metadata.workspace_packages().into_iter().map(|package| {
        let uses = package.dependencies.iter().map(|dependency| Use {
            name: dependency.name.clone(),
            for_tests: dependency.kind == DependencyKind::Development,
        });
        Member { name: package.name.to_string(), uses: uses.collect() }
    });
    let compiled = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let all = compiled.map(|node| metadata[&node.id].name.to_string());
    Graph { members: members.collect(), all: all.collect() }
}

fn judge(graph: &Graph) -> Findings {
    let mut findings = Findings::new();
    for member in &graph.members {
        let name = &member.name;
        let Some((_, allowed)) = DIRECTION.iter().find(|(known, _)| known == name) else {
            findings.push(format!("`{name}` is a new crate. Say in the dependency rules what it may use."));
            continue;
        };
        for used in &member.uses {
            let other = used.name.as_str();
            if DIRECTION.iter().any(|(known, _)| *known == other) && !allowed.contains(&other) {
                findings
                    .push(format!("`{name}` uses `{other}`, against the direction server → app → backend → domain."));
            }
            let owner = OWNED.iter().find(|(owned, _)| *owned == other).map(|(_, owner)| *owner);
            if let Some(owner) = owner.filter(|owner| owner != name && !used.for_tests) {
                findings
                    .push(format!("`{name}` names `{other}`, which only `{owner}` may. Move that part to `{owner}`."));
            }
            if name == "domain" && NOT_IN_DOMAIN.contains(&other) {
                findings.push(format!("`domain` names `{other}`. Rules are pure: move that part to `backend`."));
            }
        }
    }
    for banned in NOWHERE.iter().filter(|banned| graph.all.iter().any(|name| name == *banned)) {
        findings.push(format!("`{banned}` is compiled in. Find who asks for it with `cargo tree --invert {banned}`."));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, uses: &[(&str, bool)]) -> Member {
        let uses = uses.iter().map(|(name, for_tests)| Use { name: (*name).into(), for_tests: *for_tests });
        Member { name: name.into(), uses: uses.collect() }
    }

    fn found(members: Vec<Member>) -> Findings {
        judge(&Graph { members, all: Vec::new() })
    }

    #[test]
    fn the_intended_shape_is_fine() {
        let findings = found(vec![
            member(
                "server",
                &[("app", false), ("backend", false), ("axum", false), ("openidconnect", false), ("sqlx", true)],
            ),
            member("app", &[("backend", false), ("domain", false), ("leptos_axum", false)]),
            member("backend", &[("domain", false), ("sqlx", false), ("kube", false), ("tokio", false)]),
            member("domain", &[("serde", false)]),
        ]);
        assert_eq!(findings, Findings::new());
    }

    #[test]
    fn each_direction_is_kept_in_tests_too() {
        for (from, to) in
            [("domain", "backend"), ("backend", "app"), ("backend", "server"), ("app", "server"), ("xtask", "backend")]
        {
            for for_tests in [false, true] {
                assert_eq!(found(vec![member(from, &[(to, for_tests)])]).len(), 1, "{from} → {to}");
            }
        }
    }

    #[test]
    fn each_owned_crate_is_refused_elsewhere() {
        for (owned, owner) in OWNED {
            assert_eq!(found(vec![member(owner, &[(owned, false)])]), Findings::new(), "{owner} names {owned}");
            let other = if owner == "server" { "app" } else { "server" };
            assert_eq!(found(vec![member(other, &[(owned, false)])]).len(), 1, "{other} names {owned}");
        }
    }

    #[test]
    fn the_pure_crate_stays_pure_in_tests_too() {
        for name in NOT_IN_DOMAIN {
            assert_eq!(found(vec![member("domain", &[(name, true)])]).len(), 1, "domain names {name}");
        }
    }

    #[test]
    fn forbidden_packages_are_found_however_deep() {
        for name in NOWHERE {
            let graph = Graph { members: Vec::new(), all: vec!["ring".into(), name.into()] };
            assert_eq!(judge(&graph).len(), 1, "{name}");
        }
    }

    #[test]
    fn a_new_crate_must_be_given_its_rules() {
        assert_eq!(found(vec![member("extra", &[])]).len(), 1);
    }

    #[test]
    fn metadata_is_read_with_kinds_and_only_what_is_compiled() {
        let package = |name: &str, dependencies: serde_json::Value| {
            serde_json::json!({
                "name": name, "version": "0.1.0", "id": format!("{name} 0.1.0"), "source": null, "targets": [],
                "features": {}, "manifest_path": format!("/x/{name}/Cargo.toml"), "dependencies": dependencies,
            })
        };
        let dependency = |name: &str, kind: Option<&str>| {
            serde_json::json!({
                "name": name, "req": "*", "kind": kind, "optional": false, "uses_default_features": true, "features": [],
                "source": null, "target": null, "rename": null, "registry": null,
            })
        };
        let metadata: Metadata = serde_json::from_value(serde_json::json!({
            "packages": [
                package("app", serde_json::json!([dependency("sqlx", Some("dev")), dependency("kube", None)])),
                package("openssl", serde_json::json!([])),
            ],
            "workspace_members": ["app 0.1.0"],
            "resolve": { "nodes": [{ "id": "app 0.1.0", "dependencies": [] }], "root": null },
            "workspace_root": "/x", "target_directory": "/x/target", "version": 1,
        }))
        .unwrap();
        let graph = graph(&metadata);
        assert_eq!(graph.all, ["app"]);
        let kinds: Vec<_> = graph.members[0].uses.iter().map(|used| (used.name.as_str(), used.for_tests)).collect();
        assert_eq!(kinds, [("sqlx", true), ("kube", false)]);
    }
}
