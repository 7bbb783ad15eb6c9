//! `waymark path lint` and `waymark path plan`, without configuration, database, cluster or network.

mod imported;
mod lint;
mod plan;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden-paths").join(name)
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit code and standard output of `waymark path …` with an empty environment.
fn waymark(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_waymark")).arg("path").args(arguments).env_clear().output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The findings of `path lint` as `file:line:column: rule`, relative to the folder.
fn findings(folder: &Path) -> Vec<String> {
    let (code, out) = waymark(&["lint", folder.to_str().unwrap(), "--json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    let findings = answer["findings"].as_array().unwrap();
    assert_eq!(code, i32::from(!findings.is_empty()), "{out}");
    let prefix = format!("{}/", folder.display());
    let line = |finding: &Value| {
        let file = finding["file"].as_str().unwrap().strip_prefix(&prefix).unwrap();
        assert!(finding["message"].as_str().unwrap().ends_with('.'), "{finding}");
        format!("{file}:{}:{}: {}", finding["line"], finding["column"], finding["rule"].as_str().unwrap())
    };
    findings.iter().map(line).collect()
}

const HEAD: &str = r#"apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: demo
  title: Demo
  description: For tests.
  annotations:
    waymark.dev/strict: "true"
    waymark.dev/version: "1.0.0"
spec:
  type: service
  parameters:
    - title: One
      required: [name]
      properties:
        name: {title: Name, description: Its name., type: string}
"#;

/// A document with one parameter and one step that renders `./skeleton`; `step` is more YAML for its input and for
/// more steps, indented as it stands there.
fn document(step: &str) -> String {
    format!(
        "{HEAD}  steps:\n    - id: fetch\n      action: fetch:template\n      input:\n        url: ./skeleton\n        \
         values:\n          name: ${{{{ parameters.name }}}}\n{step}"
    )
}

/// Plans with these values; answers the exit code, standard output and the folder that the files went to.
fn plan(folder: &Path, values: &str) -> (i32, String, TempDir) {
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("values.yaml");
    fs::write(&file, values).unwrap();
    let out = work.path().join("out");
    let (code, text) = waymark(&[
        "plan",
        folder.to_str().unwrap(),
        "--values",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    (code, text, work)
}

fn read(work: &TempDir, path: &str) -> Option<String> {
    fs::read_to_string(work.path().join("out").join(path)).ok()
}
