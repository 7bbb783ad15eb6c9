//! `waymark catalog import`: what it shows before anything is accepted, and what it takes over.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use backend::testing;
use serde_json::{Value, json};
use tempfile::TempDir;

const GOOD: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledger, description: Books}
spec: {type: service, lifecycle: production, owner: bookkeepers}
";
const MORE: &str = "---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: Bad Name}
spec: {type: service, lifecycle: production, owner: bookkeepers}
---
  # Indented, so that its column is not the first.
  apiVersion: backstage.io/v1alpha1
  kind: Component
  metadata: {name: abacus}
  spec: {type: service, lifecycle: production, owner: bookkeepers}
";
const TEAM: &str = "apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: bookkeepers}
spec: {type: team, children: []}
";

/// A folder of files and a database of its own.
struct Scene {
    folder: TempDir,
    url: String,
}

impl Scene {
    async fn set() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
        Self { folder: tempfile::tempdir().unwrap(), url: testing::database_url(&server).await.unwrap() }
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.path().join(file), text).unwrap();
    }

    fn waymark(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
        self.settle(&mut command).args(["catalog", "import"]).args(args);
        command
    }

    fn settle<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("DATABASE_URL", &self.url).current_dir(self.folder.path())
    }

    fn import(&self, args: &[&str]) -> (Option<i32>, String) {
        said(&self.waymark(args).output().unwrap())
    }

    /// With a terminal, at which somebody types.
    fn at_a_terminal(&self, typed: &str) -> (Option<i32>, String) {
        let line = format!("{} catalog import a.yaml", Path::new(env!("CARGO_BIN_EXE_waymark")).display());
        let typed_file = self.folder.path().join("typed");
        fs::write(&typed_file, typed).unwrap();
        let mut command = Command::new("script");
        self.settle(&mut command).args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        said(&command.stdin(fs::File::open(typed_file).unwrap()).output().unwrap())
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[tokio::test]
async fn a_preview_says_what_becomes_of_each_document_and_takes_nothing_over() {
    let scene = Scene::set().await;
    scene.write("a.yaml", &format!("{GOOD}{MORE}"));
    scene.write("team.yaml", TEAM);
    for flag in ["--dry-run", "--preview"] {
        let (code, text) = scene.import(&[flag, "a.yaml", "team.yaml"]);
        assert_eq!(code, Some(1), "one document is at fault: {text}");
        let all = lines(&text);
        assert!(all[0].starts_with("a.yaml: would add 2, change 0"), "{text}");
        assert!(all.contains(&"a.yaml:3:18: appears: component:default/ledger"), "{text}");
        assert!(all.contains(&"a.yaml:14:20: appears: component:default/abacus"), "{text}");
        assert!(text.contains("\na.yaml:8:18: "), "{text}");
        assert!(!text.contains(": owner: "), "the other file brings the owner: {text}");
    }
    let (code, text) = scene.import(&["--yes", "a.yaml", "team.yaml"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("a.yaml: 2 added, 0 changed"), "no preview took it over before: {text}");
}

#[tokio::test]
async fn a_preview_tells_changes_and_collisions_to_machines_too() {
    let scene = Scene::set().await;
    scene.write("a.yaml", GOOD);
    scene.write("team.yaml", TEAM);
    assert_eq!(scene.import(&["a.yaml", "team.yaml"]).0, Some(0), "where there is no terminal nothing is asked");
    scene.write("a.yaml", &GOOD.replace("Books", "Books everything"));
    scene.write("b.yaml", GOOD);
    let (code, text) = scene.import(&["--dry-run", "--json", "a.yaml", "b.yaml", "team.yaml"]);
    assert_eq!(code, Some(1), "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    let document = |file: &str, reference: &str, fate: &str, fields: Value| json!({ "file": file, "line": 3, "column": 18, "reference": reference, "fate": fate, "fields": fields });
    let (ledger, team) = ("component:default/ledger", "group:default/bookkeepers");
    assert_eq!(
        told["sources"],
        json!([
            { "file": "a.yaml", "orphaned": 0, "documents": [document("a.yaml", ledger, "changes", json!(["metadata.description"]))] },
            { "file": "b.yaml", "orphaned": 0, "documents": [document("b.yaml", ledger, "collides", json!([]))] },
            { "file": "team.yaml", "orphaned": 0, "documents": [document("team.yaml", team, "unchanged", json!([]))] },
        ])
    );
    assert_eq!(told["is_preview"], json!(true));
    assert_eq!(told["findings"][0]["rule"], json!("entity-taken"), "{told}");
    assert_eq!(scene.import(&["--dry-run", "a.yaml"]).0, Some(0));
    assert_eq!(scene.import(&["--dry-run", "--yes", "a.yaml"]).0, Some(2), "one of the two");
}

#[tokio::test]
async fn at_a_terminal_it_asks_first() {
    let scene = Scene::set().await;
    scene.write("a.yaml", GOOD);
    let (code, text) = scene.at_a_terminal("n\n");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("a.yaml:3:18: appears: component:default/ledger"), "{text}");
    assert!(text.contains("Take it over?") && text.contains("Nothing was taken over."), "{text}");
    let (_, text) = scene.at_a_terminal("y\n");
    assert!(text.contains("a.yaml: 1 added"), "{text}");
}
