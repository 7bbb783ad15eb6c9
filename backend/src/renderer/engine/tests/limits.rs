use std::time::{Duration, Instant};

use serde_json::json;

use super::{Answer, Mode, Output, Request, ask, job, one, render};
use crate::renderer::protocol::{FaultKind, Limit};

fn stopped(sources: &[&str], time: Duration) -> Answer {
    let jobs = sources.iter().map(|source| job(Mode::Text, source)).collect();
    let begun = Instant::now();
    let answer = render(&Request { contexts: vec![json!({})], jobs }, time);
    assert!(begun.elapsed() < Duration::from_secs(20), "{sources:?} took {:?}", begun.elapsed());
    answer
}

#[test]
fn loops_without_end_are_stopped_by_time() {
    for source in [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "${{ ''.constructor.constructor('for(;;);')() }}",
        "${{ ''.constructor.constructor('for(;;) { try { for(;;); } catch {} finally {} }')() }}",
        "${{ r/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab') }}",
    ] {
        let answer = stopped(&["fine", source, "never"], Duration::from_secs(1));
        assert_eq!(answer, Answer::Stopped { job: 1, limit: Limit::Time }, "{source}");
    }
}

#[test]
fn growth_without_end_is_stopped_by_memory() {
    for source in [
        "{% set l = [] %}{% for a in range(99999) %}${{ l.push('x'.repeat(1000000)) | length }}{% endfor %}",
        "${{ ''.constructor.constructor('const l = []; for (;;) l.push(new ArrayBuffer(1 << 20))')() }}",
        "${{ ''.constructor.constructor('return new Uint8Array(400 * 1024 * 1024).length')() }}",
    ] {
        let answer = stopped(&[source], Duration::from_secs(10));
        assert_eq!(answer, Answer::Stopped { job: 0, limit: Limit::Memory }, "{source}");
    }
}

#[test]
fn a_file_prints_one_mebibyte_and_no_more() {
    let print = |n: usize| one(json!({}), Mode::Text, &format!("${{{{ 'x'.repeat({n}) }}}}")).result;
    assert!(matches!(print(1024 * 1024), Ok(Output::Text(text)) if text.len() == 1024 * 1024));
    for n in [1024 * 1024 + 1, 40_000_000] {
        assert_eq!(print(n).map_err(|fault| fault.kind), Err(FaultKind::Size), "{n}");
    }
    let huge = job(Mode::Text, "${{ 'x'.repeat(200000000) }}");
    assert_eq!(ask(json!({}), vec![huge]), Answer::Stopped { job: 0, limit: Limit::Memory });
    let wide = one(json!({}), Mode::Text, "${{ 'é'.repeat(600 * 1024) }}").result;
    assert_eq!(wide.map_err(|fault| fault.kind), Err(FaultKind::Size));
}

#[test]
fn all_files_print_twenty_mebibytes_and_no_more() {
    let jobs = |n: usize| (0..n).map(|_| job(Mode::Text, "${{ 'x'.repeat(1024 * 1024) }}")).collect();
    assert!(matches!(ask(json!({}), jobs(20)), Answer::Done(outcomes) if outcomes.len() == 20));
    assert_eq!(ask(json!({}), jobs(21)), Answer::Stopped { job: 20, limit: Limit::Output });
}

#[test]
fn recursion_without_end_is_a_fault_of_the_text() {
    for source in [
        "{% macro a() %}${{ a() }}{% endmacro %}${{ a() }}",
        "${{ ''.constructor.constructor('(function f() { f() })()')() }}",
    ] {
        let fault = one(json!({}), Mode::Text, source).result.unwrap_err();
        assert!(fault.message.contains("stack"), "{}", fault.message);
    }
    let deep = format!("${{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(one(json!({}), Mode::Text, &deep).result.is_err());
}

#[test]
fn nothing_of_the_world_can_be_reached() {
    for name in ["std", "os", "require", "process", "fetch", "XMLHttpRequest", "setTimeout", "console", "Deno", "bjson"]
    {
        let source = format!("${{{{ ''.constructor.constructor('return typeof {name}')() }}}}");
        assert_eq!(one(json!({}), Mode::Text, &source).result, Ok(Output::Text("undefined".into())), "{name}");
    }
    let import = "${{ ''.constructor.constructor('return import(\"/etc/passwd\").then')() }}";
    assert!(!matches!(one(json!({}), Mode::Text, import).result, Ok(Output::Text(text)) if text.contains("root:")));
}
