use serde_json::json;

use super::{Mode, Output, one};
use crate::renderer::protocol::{FaultKind, Missing, UsedFilter, UsedPath};

fn missing(line: u32, column: u32, expression: &str) -> Missing {
    Missing { line, column, expression: expression.into() }
}

#[test]
fn printing_what_is_not_there_is_noted_with_its_place() {
    let source = "a\nb ${{ values.owner }}\n\n  🦀${{- values.deep.er | upper -}}\n${{ values.nil }}{% if values.absent %}x{% endif %}";
    let outcome = one(json!({"values": {"nil": null}}), Mode::Text, source);
    assert_eq!(outcome.result, Ok(Output::Text("a\nb \n\n  🦀".into())));
    assert_eq!(outcome.missing, [missing(2, 3, "values.owner"), missing(5, 1, "values.nil")]);
}

#[test]
fn testing_what_is_not_there_is_false_and_not_noted() {
    for source in [
        "{% if values.x %}a{% else %}b{% endif %}",
        "{% if values.x.y.z %}a{% else %}b{% endif %}",
        "{% if not values.x %}b{% endif %}",
        "{% for i in values.x %}a{% else %}b{% endfor %}",
        "${{ 'a' if values.x else 'b' }}",
        "${{ values.x or 'b' }}",
        "${{ values.x | default('b') }}",
        "{% set y = values.x %}b",
    ] {
        let outcome = one(json!({"values": {}}), Mode::Text, source);
        assert_eq!((outcome.result, outcome.missing), (Ok(Output::Text("b".into())), vec![]), "{source}");
    }
}

#[test]
fn errors_stand_at_their_place() {
    for (source, kind, line, column, says) in [
        ("a\n${{ values. }}", FaultKind::Syntax, 2, 13, "expected name as lookup value"),
        ("a\nb\n{% nosuch %}", FaultKind::Syntax, 3, 4, "unknown block tag: nosuch"),
        ("{% if a %}\n\n", FaultKind::Syntax, 1, 1, "parseIf: expected elif, else, or endif"),
        ("a\n b ${{ x() }}", FaultKind::Evaluation, 2, 9, "Unable to call `x`"),
        ("a\n\n ${{ 'x' | nosuch }}", FaultKind::Evaluation, 3, 12, "filter not found: nosuch"),
        ("a\n ${{ 1 | parseEntityRef }}", FaultKind::Evaluation, 2, 10, "had missing or empty kind"),
        ("{% include 'x' %}", FaultKind::Evaluation, 1, 1, "template not found: x"),
    ] {
        let fault = one(json!({}), Mode::Text, source).result.unwrap_err();
        assert_eq!((fault.kind, fault.line, fault.column), (kind, line, column), "{source}: {}", fault.message);
        assert!(fault.message.contains(says), "{source}: {}", fault.message);
    }
}

#[test]
fn a_check_lists_names_and_unknown_filters_without_rendering() {
    let source = "${{ values.a.b | upper }}\n{% if values['c'] and x.y(z) %}{% for i in values.list %}${{ i | nosuch(values.d) }}{% endfor %}{% endif %}";
    let Ok(Output::Names(names)) = one(json!({}), Mode::Check, source).result else { panic!("no names") };
    let paths: Vec<(String, u32, u32)> =
        names.paths.iter().map(|UsedPath { path, line, column }| (path.join("."), *line, *column)).collect();
    for expected in [
        ("values.a.b", 1, 5),
        ("values.c", 2, 7),
        ("x.y", 2, 23),
        ("z", 2, 27),
        ("values.list", 2, 44),
        ("values.d", 2, 73),
    ] {
        let expected = (expected.0.to_owned(), expected.1, expected.2);
        assert!(paths.contains(&expected), "{expected:?} is not in {paths:?}");
    }
    assert_eq!(names.unknown_filters, [UsedFilter { name: "nosuch".into(), line: 2, column: 66 }]);
    let fault = one(json!({}), Mode::Check, "x\n{% if %}").result.unwrap_err();
    assert_eq!((fault.kind, fault.line), (FaultKind::Syntax, 2));
}
