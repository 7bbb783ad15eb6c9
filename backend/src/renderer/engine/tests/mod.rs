mod limits;
mod places;
mod same_as_node;

use std::time::Duration;

use serde_json::{Value, json};

use super::render;
use crate::renderer::protocol::{Answer, Job, Mode, Options, Outcome, Output, Request};

fn job(mode: Mode, source: &str) -> Job {
    Job { source: source.into(), mode, context: 0, options: Options::default() }
}

fn ask(context: Value, jobs: Vec<Job>) -> Answer {
    render(&Request { contexts: vec![context], jobs }, Duration::from_secs(10))
}

fn one(context: Value, mode: Mode, source: &str) -> Outcome {
    match ask(context, vec![job(mode, source)]) {
        Answer::Done(mut outcomes) => outcomes.remove(0),
        other => panic!("{source}: {other:?}"),
    }
}

fn text(context: Value, source: &str) -> String {
    match one(context, Mode::Text, source).result {
        Ok(Output::Text(text)) => text,
        other => panic!("{source}: {other:?}"),
    }
}

fn value(context: Value, source: &str) -> Option<Value> {
    match one(context, Mode::Value, source).result {
        Ok(Output::Value(value)) => value,
        other => panic!("{source}: {other:?}"),
    }
}

#[test]
fn an_input_that_is_one_expression_keeps_its_type() {
    let context =
        || json!({"parameters": {"n": 3, "list": [1, {"a": "}}"}], "no": false, "s": "x", "empty": "", "nil": null}});
    for (source, expected) in [
        ("${{ parameters.n }}", Some(json!(3))),
        ("${{parameters.n}}", Some(json!(3))),
        ("${{- parameters.n -}}", Some(json!(3))),
        ("${{ parameters.list }}", Some(json!([1, {"a": "}}"}]))),
        ("${{ parameters.no }}", Some(json!(false))),
        ("${{ parameters.empty }}", Some(json!(""))),
        ("${{ parameters.nil }}", Some(Value::Null)),
        ("${{ parameters.missing }}", None),
        ("${{ parameters.n == 3 and not parameters.no }}", Some(json!(true))),
        ("${{ { host: parameters.s } }}", Some(json!({"host": "x"}))),
        ("${{ 'a' if parameters.no else 'b' }}", Some(json!("b"))),
        ("n is ${{ parameters.n }}", Some(json!("n is 3"))),
        ("${{ parameters.n }}${{ parameters.n }}", Some(json!("33"))),
        ("{% if parameters.no %}x{% endif %}", None),
        ("plain {{ bare }}", Some(json!("plain {{ bare }}"))),
        ("", None),
    ] {
        assert_eq!(value(context(), source), expected, "{source}");
    }
}

#[test]
fn backstages_filters_are_there() {
    let context = || json!({"url": "Git.example.com:3000?owner=pay+ments&repo=check%2Fout", "ref": "group:payments"});
    assert_eq!(
        value(context(), "${{ url | parseRepoUrl }}"),
        Some(json!({"host": "git.example.com:3000", "owner": "pay ments", "repo": "check/out"}))
    );
    assert_eq!(text(context(), "${{ url | parseRepoUrl | pick('owner') }}"), "pay ments");
    assert_eq!(text(context(), "${{ url | projectSlug }}"), "pay ments/check/out");
    assert_eq!(
        value(context(), "${{ ref | parseEntityRef }}"),
        Some(json!({"kind": "group", "namespace": "default", "name": "payments"}))
    );
    assert_eq!(
        text(context(), "${{ 'a/b' | parseEntityRef({ defaultKind: 'user' }) | dump }}"),
        r#"{"kind":"user","namespace":"a","name":"b"}"#
    );
    assert_eq!(text(json!({"a": {"b": [{"c": 5}]}}), "${{ a | pick('b[0].c') }}|${{ a | pick('x.y') }}"), "5|");
    for wrong in
        ["${{ 'host?owner=a' | parseRepoUrl }}", "${{ 'a:b:c' | parseEntityRef }}", "${{ 'x' | parseEntityRef }}"]
    {
        assert!(one(json!({}), Mode::Text, wrong).result.is_err(), "{wrong}");
    }
}

#[test]
fn one_text_leaves_nothing_to_the_next_and_the_same_request_gives_the_same_bytes() {
    let sources = ["${{ list.push(4) }}{% set leak = 1 %}", "${{ list | length }}${{ leak }}", "${{ many | random }}"];
    let jobs = || sources.iter().chain(&sources[2..]).map(|source| job(Mode::Text, source)).collect();
    let context = || json!({"list": [1, 2, 3], "many": (0..1000).collect::<Vec<_>>()});
    let Answer::Done(first) = ask(context(), jobs()) else { panic!("no answer") };
    assert_eq!(first[1].result, Ok(Output::Text("3".into())));
    assert_eq!(first[2], first[3]);
    assert_eq!(ask(context(), jobs()), Answer::Done(first));
}

#[test]
fn options_of_fetch_template_are_heard() {
    let source = "{% if true %}\n  {% set a = 1 %}\nx\n{% endif %}\n";
    let with = |options| {
        let job = Job { options, ..job(Mode::Text, source) };
        let Answer::Done(outcomes) = ask(json!({}), vec![job]) else { panic!("no answer") };
        outcomes.into_iter().next().unwrap().result
    };
    let text = |text: &str| Ok(Output::Text(text.into()));
    assert_eq!(with(Options::default()), text("\n  \nx\n\n"));
    assert_eq!(with(Options { trim_blocks: true, lstrip_blocks: true, ..Options::default() }), text("x\n"));
    let cookiecutter = Job {
        options: Options { cookiecutter: true, ..Options::default() },
        ..job(Mode::Text, "{{ cookiecutter.name | jsonify }} ${{ x }}")
    };
    let Answer::Done(outcomes) = ask(json!({"cookiecutter": {"name": "n"}, "x": 1}), vec![cookiecutter]) else {
        panic!("no answer")
    };
    assert_eq!(outcomes[0].result, text("\"n\" $1"));
}
