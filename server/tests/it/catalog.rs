//! `waymark catalog validate`, with nothing around it but the files.

use std::fs;
use std::process::Command;

use serde_json::Value;

const GOOD: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n";
const TEAM: &str =
    "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: search}\nspec: {type: team, children: []}\n";

/// Exit code, stdout and stderr.
fn validate(arguments: &[&str]) -> (i32, String, String) {
    let program = env!("CARGO_BIN_EXE_waymark");
    let output = Command::new(program).args(["catalog", "validate"]).args(arguments).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().trim().to_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file of that name in a folder of its own.
fn file(name: &str, text: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn files_in_order_are_fine() {
    let (_folder, good) = file("catalog-info.yaml", GOOD);
    assert_eq!(validate(&[&good]), (0, "One entity, in order.".into(), String::new()));
    let (code, out, _) = validate(&["--json", &good]);
    assert_eq!((code, out.as_str()), (0, r#"{"entities":1,"findings":[],"warnings":[]}"#));
    let (_folder, empty) = file("empty.yaml", "# nothing\n---\n");
    assert_eq!(validate(&[&empty]).1, "There is no entity in what was read.");
    let organisation = concat!(env!("CARGO_MANIFEST_DIR"), "/../xtask/demo/organisation.yaml");
    let (code, out, said) = validate(&[organisation]);
    assert_eq!((code, out.lines().count(), said.as_str()), (0, 1, ""), "{out}");
}

#[test]
fn each_finding_has_file_line_column_rule_and_words() {
    let text = format!("{GOOD}---\nkind: [\n---\n{}", GOOD.replace("checkout", "check out"));
    let (_folder, broken) = file("broken.yaml", &text);
    let (code, out, _) = validate(&[&broken]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[1].starts_with(&format!("{broken}:15:9: name: A name has")), "{out}");
    let (code, out, _) = validate(&["--json", &broken]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, document["findings"][1]["line"].as_u64()), (1, Some(15)));
    assert_eq!(document["entities"], 1);
    let (_folder, bytes) = file("bytes.yaml", [b"kind: a\n\xff".as_slice()].concat());
    assert!(validate(&[&bytes]).1.contains(":2:1: utf-8: "));
}

#[test]
fn files_are_seen_together_and_warnings_let_them_pass() {
    let (_one, first) = file("first.yaml", GOOD);
    let (_two, second) = file("second.yaml", GOOD.replace("checkout", "Checkout"));
    let (code, out, _) = validate(&[&first, &second]);
    assert_eq!(code, 1);
    assert!(out.starts_with(&format!("{second}:4:9: described-twice: ")), "{out}");
    assert!(out.contains(&format!("{first}:4")), "{out}");
    // Without a team in any file nobody can tell who is missing.
    let (_three, team) = file("team.yaml", TEAM);
    let (code, out, said) = validate(&[&first, &team]);
    let (words, warning) = out.split_once('\n').unwrap();
    assert_eq!((code, words, said.as_str()), (0, "2 entities, all in order.", ""));
    assert!(warning.starts_with(&format!("{first}:8:10: owner: ")), "{warning}");
}

#[test]
fn addresses_of_the_own_repository_are_files_here() {
    let api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec:\n  type: openapi\n  lifecycle: x\n  owner: \
               b\n  definition:\n    $text: https://git.example/p/c/src/branch/main/api.txt\n";
    let (folder, file) = file("catalog-info.yaml", api);
    fs::write(folder.path().join("api.txt"), "openapi: 3.1.0\n").unwrap();
    let (code, out, _) = validate(&[&file]);
    assert_eq!(code, 1);
    assert!(out.contains(":9:12: placeholder-outside: "), "{out}");
    let (code, out, _) = validate(&["--repository", "https://git.example/p/c", &file]);
    assert_eq!((code, out.as_str()), (0, "One entity, in order."));
    assert_eq!(validate(&["--repository", "https://git.example/p/other", &file]).0, 1);
    assert_eq!(validate(&["--repository", "nowhere", &file]).0, 2);
}

#[test]
fn wrong_usage_is_not_a_finding() {
    assert_eq!(validate(&[]).0, 2);
    assert_eq!(validate(&["/nonexistent.yaml"]).0, 2);
}
