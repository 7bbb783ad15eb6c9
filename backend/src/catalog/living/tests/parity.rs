//! A checkout on this machine and the same files at the Git host: the same is wrong with both.

use super::*;
use crate::catalog::{collect, import};

const ALL: &str = "apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec: {targets: [./broken.yaml, './services/*.yaml', ./none.yaml, ../up.yaml, ./large.yaml, 'https://a.example/b.yaml', ./bytes.yaml]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, children: []}
";

const BROKEN: &str = "kind: [
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: bad name, links: [{url: 'javascript:alert(1)'}]}
spec: {type: service, lifecycle: x, owner: nobody}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: a}
spec: {type: service, lifecycle: x, owner: nobody, dependsOn: [x], subcomponentOf: a}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: b, annotations: {a: 1}, Labels: {}, labels: {A: x, a: y}}
spec: {type: service, lifecycle: x, owner: payments, subcomponentOf: b}
---
\tkind: tab
";

fn asks(page: &str) -> String {
    let api = |name: &str, target: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: {name}}}\nspec:\n  type: openapi\n  lifecycle: x\n  \
             owner: payments\n  definition: {{$text: '{target}'}}\n---\n"
        )
    };
    let own = format!("{page}/src/branch/main/services/api.txt");
    [
        api("beside", "./api.txt"),
        api("own", &own),
        api("none", "./none.txt"),
        api("large", "./large.txt"),
        api("link", "./link.txt"),
        api("far", "https://a.example/api.txt"),
        api("up", "../../api.txt"),
    ]
    .concat()
}

async fn wrong(rig: &Rig, source: Uuid, folder: &str) -> Vec<(String, i32, i32, String)> {
    // Whoever sees every team, as nobody else sees all that is wrong with a file that was handed over.
    let platform = testing::viewer(&[], &[domain::access::Role::Platform]);
    let found = find_source(&platform, &rig.db, source).await.unwrap();
    let name = |file: &str| file.trim_start_matches(folder).trim_start_matches('/').to_owned();
    let all = found.findings.into_iter().map(|one| (name(&one.file), one.line, one.column, one.rule));
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_checkout_and_the_git_host_find_the_same_wrong(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("checked", Visibility::Private, &[("README.md", "#\n")]).await;
    let page = rig.address(&repository);
    let folder = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let ran = std::process::Command::new("git").arg("-C").arg(folder.path()).args(args).status().unwrap();
        assert!(ran.success(), "{args:?}");
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    let large = "x".repeat((1 << 20) + 1);
    let files = [
        (FILE, ALL.to_owned()),
        ("broken.yaml", BROKEN.to_owned()),
        ("services/asks.yaml", asks(&page)),
        ("services/api.txt", "openapi: 3.1.0\n".to_owned()),
        ("services/large.txt", large),
        ("large.yaml", format!("# {}\n", "x".repeat((16 << 20) + 1))),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::write(folder.path().join("bytes.yaml"), b"kind: a\n\xff").unwrap();
    for link in ["services/link.txt", "services/link.yaml"] {
        std::os::unix::fs::symlink("api.txt", folder.path().join(link)).unwrap();
    }
    git(&["remote", "add", "origin", &page]);
    git(&["add", "."]);
    git(&["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet", "-m", "Describe"]);
    let mut remote: url::Url = format!("{page}.git").parse().unwrap();
    remote.set_username("waymark").unwrap();
    remote.set_password(Some(rig.settings.token.expose_secret())).unwrap();
    git(&["push", "--quiet", "--force", remote.as_str(), "main:main"]);

    let collected = collect(&folder.path().join(FILE), None).await.unwrap();
    import(&rig.db, &crate::audit::Actor::System("test"), "file:checked", &collected).await.unwrap();
    let all = sources(&testing::viewer(&[], &[domain::access::Role::Platform]), &rig.db).await.unwrap();
    let here = all.iter().find(|source| source.origin == "file:checked").unwrap().id;
    let on_disk = wrong(&rig, here, folder.path().to_str().unwrap()).await;
    // What it holds must not collide with itself.
    let forget = "with gone as (delete from entity where origin = 'file:checked') delete from catalog_finding";
    sqlx::query(forget).execute(&rig.db.pool).await.unwrap();
    let there = rig.imported(&repository).await;
    rig.source(there, "it is read", |found| found.source.looked_at.is_some()).await;
    let at_host = wrong(&rig, there, "").await;
    assert_eq!(on_disk, at_host);
    let rules: BTreeSet<&str> = at_host.iter().map(|(.., rule)| rule.as_str()).collect();
    for rule in
        ["location", "too-large", "utf-8", "placeholder-outside", "placeholder-missing", "placeholder-link", "name"]
    {
        assert!(rules.contains(rule), "{rule}: {at_host:?}");
    }
    assert!(
        !at_host.iter().any(|(file, line, ..)| file == "services/asks.yaml" && *line < 18),
        "the own address: {at_host:?}"
    );
}
