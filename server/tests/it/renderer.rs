//! The renderer as the platform uses it: `waymark render` in a process of its own.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use backend::renderer::{Job, Limit, Mode, Options, Output, RenderError, Renderer, Request};
use serde_json::json;

const WAYMARK: &str = env!("CARGO_BIN_EXE_waymark");

fn request(sources: &[&str]) -> Request {
    let job =
        |source: &&str| Job { source: (*source).into(), mode: Mode::Text, context: 0, options: Options::default() };
    Request { contexts: vec![json!({"values": {"name": "checkout"}})], jobs: sources.iter().map(job).collect() }
}

#[tokio::test]
async fn texts_come_back_in_their_order() {
    let renderer = Renderer::of_program(WAYMARK);
    let many: Vec<String> = (0..500).map(|n| format!("{n} ${{{{ values.name }}}}")).collect();
    let sources: Vec<&str> = many.iter().map(String::as_str).collect();
    let outcomes = renderer.render(&request(&sources)).await.unwrap();
    assert_eq!(outcomes.len(), 500);
    for (n, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome.result, Ok(Output::Text(format!("{n} checkout"))));
    }
}

#[tokio::test]
async fn a_large_request_and_a_large_answer_pass_the_pipes() {
    let large = format!("${{{{ values.name }}}}{}", "\u{1}é\" and some more of an ordinary line\n".repeat(20_000));
    let sources = vec![large.as_str(); 12];
    let outcomes = Renderer::of_program(WAYMARK).render(&request(&sources)).await.unwrap();
    let expected = large.replace("${{ values.name }}", "checkout");
    assert!(outcomes.into_iter().all(|outcome| outcome.result == Ok(Output::Text(expected.clone()))));
}

#[tokio::test]
async fn each_limit_stops_the_process_and_names_the_text() {
    let renderer = Renderer::of_program(WAYMARK);
    for (source, expected) in [
        ("${{ ''.constructor.constructor('for(;;);')() }}", Limit::Time),
        (
            "${{ ''.constructor.constructor('const l = []; for (;;) l.push(new ArrayBuffer(1 << 20))')() }}",
            Limit::Memory,
        ),
        ("${{ 'x'.repeat(200000000) }}", Limit::Memory),
    ] {
        let begun = Instant::now();
        let error = renderer.render(&request(&["fine", source])).await.unwrap_err();
        assert!(matches!(error, RenderError::Limit { job: 1, limit } if limit == expected), "{source}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(18), "{source} took {:?}", begun.elapsed());
    }
    assert!(renderer.render(&request(&["fine"])).await.is_ok(), "the next request is not touched");
}

#[tokio::test]
async fn a_process_that_says_nothing_is_reported() {
    for program in ["/bin/false", "/bin/true", "/nonexistent"] {
        let error = Renderer::of_program(program).render(&request(&["x"])).await.unwrap_err();
        assert!(matches!(error, RenderError::Died(_)), "{program}: {error}");
    }
}

/// The process sees neither our environment nor anything but its three pipes.
#[test]
fn nonsense_is_answered_and_not_obeyed() {
    let mut child = Command::new(WAYMARK)
        .arg("render")
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"{\"jobs\": 1}").unwrap();
    let output = child.wait_with_output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(answer["refused"]["reason"].as_str().unwrap().contains("cannot be read"), "{answer}");
}

#[test]
fn the_command_is_not_shown_to_people() {
    let output = Command::new(WAYMARK).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(help.contains("path") && help.contains("migrate") && !help.contains("render"), "{help}");
}
