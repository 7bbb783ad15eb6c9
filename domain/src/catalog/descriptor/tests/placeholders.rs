//! Files that entities ask for.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// An API whose definition is asked for like that.
fn api(definition: &str) -> String {
    of_kind("API", &format!("\n  type: openapi\n  lifecycle: x\n  owner: a\n  definition: {definition}"))
}

fn others(files: &[(&str, Other)]) -> Others {
    files.iter().map(|(name, other)| ((*name).to_owned(), other.clone())).collect()
}

fn text(text: &str) -> Other {
    Other::Text(text.to_owned())
}

#[test]
fn what_was_read_stands_where_it_was_asked_for() {
    let said = api("{$text: ./openapi.yaml}");
    let asked = read(&said).asked;
    assert_eq!(asked, [Asked { target: "./openapi.yaml".into(), place: Place { line: 10, column: 23 } }]);
    assert_eq!(entity(&said).document["spec"]["definition"], json!({"$text": "./openapi.yaml"}));
    let reading = read_with(&said, &others(&[("./openapi.yaml", text("openapi: 3.1.0\n"))]));
    assert_eq!((reading.findings.len(), reading.asked.len()), (0, 0), "{:?}", reading.findings);
    let found = &reading.descriptors[0];
    assert_eq!(found.document["spec"]["definition"], "openapi: 3.1.0\n");
    assert_eq!(found.text, said, "what it said stays what it said");
}

#[test]
fn every_format_is_read_as_what_it_is() {
    let said = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout\n  tags:\n    $json: tags.json\nspec:\n  type: service\n  lifecycle: production\n  owner: {$text: owner}\n  dependsOn:\n    - {$text: first}\n  more: [{$yaml: more.yaml}, {$unknown: more.yaml}, {$text: a, b: c}]\n";
    let files = [
        ("tags.json", text("\u{feff}[\"java\"]")),
        ("owner", text("payments")),
        ("first", text("component:ledger")),
        ("more.yaml", text("---\n# one\na: {$text: ./no.yaml}\n")),
    ];
    let reading = read_with(said, &others(&files));
    assert_eq!((reading.findings.as_slice(), reading.asked.as_slice()), ([].as_slice(), [].as_slice()));
    let found = &reading.descriptors[0];
    assert_eq!(found.document["metadata"]["tags"], json!(["java"]));
    let more = json!([{"a": {"$text": "./no.yaml"}}, {"$unknown": "more.yaml"}, {"$text": "a", "b": "c"}]);
    assert_eq!(found.document["spec"]["more"], more, "what is read asks for nothing");
    let told = relations(found);
    assert!(told.contains(&"component:default/checkout ownedBy group:default/payments".to_owned()), "{told:?}");
    assert!(told.contains(&"component:default/checkout dependsOn component:default/ledger".to_owned()), "{told:?}");
}

#[test]
fn what_cannot_be_read_keeps_its_entity_out_and_says_where() {
    for (key, other, rule, words) in [
        ("$text", Other::Outside, "placeholder-outside", "outside of this repository"),
        ("$text", Other::Missing, "placeholder-missing", "There is no file"),
        ("$text", Other::TooLarge, "too-large", "larger"),
        ("$text", Other::NotText, "utf-8", "UTF-8"),
        ("$json", text("{"), "placeholder", "line 1"),
        ("$json", text(&"[".repeat(5_000)), "placeholder", "not JSON"),
        ("$yaml", text("a: 1\n---\nb: 2\n"), "placeholder", "2 YAML documents"),
        ("$yaml", text("# nothing\n"), "placeholder", "is empty"),
        ("$yaml", text("a: [\n"), "placeholder", "not YAML"),
        ("$text", text("a\0b"), "nul", "NUL"),
        ("$json", text("[1]"), "definition", "text"),
    ] {
        let said = format!("{}---\n{MINIMAL}", api(&format!("{{{key}: ./f}}")));
        let reading = read_with(&said, &others(&[("./f", other)]));
        assert_eq!(reading.descriptors.len(), 1, "the other document is read: {rule}");
        let found: Vec<&Finding> = reading.findings.iter().filter(|finding| finding.rule == rule).collect();
        assert_eq!((found.len(), found[0].line), (1, 10), "{rule}: {:?}", reading.findings);
        assert!(found[0].message.contains(words) && found[0].message.ends_with('.'), "{}", found[0].message);
    }
}

#[test]
fn entities_ask_for_no_more_than_they_may() {
    let many = format!("[{}]", vec!["{$text: a}"; 101].join(", "));
    let said = MINIMAL.replace("  owner: payments\n", &format!("  owner: payments\n  more: {many}\n"));
    let reading = read_with(&said, &others(&[("a", text("a"))]));
    assert!(reading.findings.iter().any(|finding| finding.rule == "too-large"), "{:?}", reading.findings);
    assert!(reading.descriptors.is_empty() && reading.asked.is_empty());
    let long = read_with(&said.replacen("{$text: a}, ", "", 60), &others(&[("a", text(&"x".repeat(1 << 20)))]));
    assert_eq!(long.findings.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["too-large"]);
}

proptest! {
    #[test]
    fn a_text_comes_out_as_it_went_in(content in "[ -~\n\u{e9}\u{4e2d}]{0,60}") {
        let reading = read_with(&api("{$text: f}"), &others(&[("f", text(&content))]));
        prop_assume!(!content.is_empty());
        prop_assert_eq!(reading.findings.len(), 0, "{:?}", reading.findings);
        prop_assert_eq!(&reading.descriptors[0].document["spec"]["definition"], &json!(content));
    }
}
