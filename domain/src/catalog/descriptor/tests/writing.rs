//! What is written reads back as the same, and the same gives the same bytes.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

#[test]
fn the_order_of_the_export_is_fixed() {
    let text = "spec:\n  owner: payments\n  lifecycle: production\n  type: service\n  dependsOn: [resource:b, component:a]\n  custom: {b: 1, a: [~]}\nmetadata:\n  tags: [b, a]\n  uid: x\n  name: checkout\nkind: Component\napiVersion: backstage.io/v1alpha1\n";
    let written = write([&entity(text).document]);
    let expected = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout\n  tags:\n  - b\n  - a\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n  custom:\n    a:\n    - null\n    b: 1\n  dependsOn:\n  - component:a\n  - resource:b\n";
    assert_eq!(written, expected);
    assert_eq!(write([&entity(&written).document]), written);
}

#[test]
fn where_a_catalog_had_it_from_is_not_exported() {
    let document = |annotations: serde_json::Value| json!({"kind": "Component", "metadata": {"name": "a", "annotations": annotations}});
    let managed = json!({"backstage.io/managed-by-location": "url:x", "backstage.io/managed-by-origin-location": "url:x", "backstage.io/orphan": "true"});
    assert_eq!(write([&document(managed.clone())]), "kind: Component\nmetadata:\n  name: a\n");
    let mut kept = managed;
    kept["backstage.io/source-location"] = json!("url:https://a.example/b/");
    let written = write([&document(kept)]);
    assert!(
        written.contains("source-location: ") && !written.contains("managed-by") && !written.contains("orphan"),
        "{written}"
    );
}

#[test]
fn texts_that_look_like_something_else_stay_texts() {
    for odd in [
        "yes",
        "no",
        "on",
        "true",
        "null",
        "~",
        "1",
        "1.0",
        "0x1f",
        "1e3",
        ".inf",
        "2026-01-01",
        "",
        " a",
        "a ",
        "a: b",
        "a #b",
        "- a",
        "---",
        "...",
        "a\nb",
        "a\n",
        "\na",
        "a\r\nb",
        "\ta",
        "a\tb",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "'",
        "\"",
        "\\",
        "{a}",
        "[a]",
        "<<",
        "=",
        "é",
        "\u{85}",
        "\u{2028}",
        "\u{feff}a",
        "a\u{7f}b",
        "🦀",
        "? a",
        ": a",
        "#",
        "-",
        "a\n  b\n c\n",
    ] {
        let mut document = entity(MINIMAL).document;
        document["metadata"]["description"] = json!(odd);
        document["metadata"]["annotations"] = json!({"key": odd});
        document["spec"]["list"] = json!([odd, [odd], {"a": odd}]);
        document["spec"][odd] = json!(1);
        let written = write([&document]);
        assert_eq!(entity(&written).document, document, "{odd:?}\n{written}");
    }
}

#[test]
fn several_are_one_text() {
    let [a, b] = ["a", "b"].map(|name| entity(&MINIMAL.replace("checkout", name)).document);
    let read = read(&write([&a, &b]));
    assert_eq!(read.descriptors.into_iter().map(|found| found.document).collect::<Vec<_>>(), [a, b]);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9f64..1e9).prop_map(Value::from),
        "\\PC{0,30}".prop_map(Value::from),
        "[ \\n\\ta:#-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z0-9_.~ -]{1,8}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(extra in value(), metadata in value(), description in "\\PC{0,60}") {
        let mut document = entity(MINIMAL).document;
        document["spec"]["extra"] = extra;
        document["metadata"]["more"] = metadata;
        document["metadata"]["description"] = json!(description);
        let written = write([&document]);
        let reading = read(&written);
        let placeholder = reading.findings.iter().any(|finding| finding.rule == "placeholder");
        prop_assume!(!placeholder);
        prop_assert_eq!(&reading.descriptors[0].document, &document, "{}", written);
        prop_assert_eq!(write([&reading.descriptors[0].document]), written);
    }
}
