//! The engine against the npm package in Node, byte for byte.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Answer, Mode, Output, ask, job};

fn sources() -> Vec<String> {
    let unescaped =
        |line: &str| line.replace("\\r", "\r").replace("\\\\", "\u{0}").replace("\\n", "\n").replace('\u{0}', "\\");
    include_str!("table.txt").lines().map(unescaped).collect()
}

fn context() -> Value {
    json!({"values": {
        "name": "checkout", "owner": "group:default/payments", "port": 8080, "ratio": 42.4567, "yes": true, "no": false,
        "nothing": null, "empty": "", "zero": 0, "list": ["a", "b", "c"], "emptylist": [], "emptymap": {},
        "map": {"b": 2, "a": [1, null], "c": {"d": "e"}}, "pairs": [[1, 2], [3, 4]], "crab": "crabe à 🦀",
        "people": [{"name": "Bo", "team": "x", "age": 30, "lead": true}, {"name": "al", "team": "y", "age": 41}],
        "text": "\n first line\nsecond <line>\n\n", "html": "<b class=\"x\">'&'</b>",
    }})
}

fn in_node(sources: &[String]) -> Vec<Option<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert!(
        root.join("node_modules/nunjucks").is_dir(),
        "the npm package `nunjucks` is not installed: run `npm ci` in the project's folder"
    );
    let mut node = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/renderer/engine/tests/beside_node.cjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`node` is on the PATH");
    let request = json!({"context": context(), "sources": sources}).to_string();
    node.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_row_of_the_table_gives_the_bytes_that_node_gives() {
    let sources = sources();
    assert!(sources.len() >= 100, "the table has {} rows", sources.len());
    let expected = in_node(&sources);
    let failing = expected.iter().filter(|text| text.is_none()).count();
    assert!((5..20).contains(&failing), "{failing} rows fail in Node");
    let jobs = sources.iter().map(|source| job(Mode::Text, source)).collect();
    let Answer::Done(ours) = ask(context(), jobs) else { panic!("no answer") };
    for ((source, expected), ours) in sources.iter().zip(expected).zip(ours) {
        let ours = match ours.result {
            Ok(Output::Text(text)) => Some(text),
            Ok(other) => panic!("{source}: {other:?}"),
            Err(_) => None,
        };
        assert_eq!(ours, expected, "{source}");
    }
}
