//! Whole files: several documents, broken ones among them, and what is meant to do harm.

use proptest::prelude::*;

use super::*;

#[test]
fn a_broken_document_does_not_stop_the_rest() {
    let other = MINIMAL.replace("checkout", "basket");
    let text = format!("# all of ours\n---\n{MINIMAL}---\nkind: [\n---\n~\n---\n# nothing\n---\n{other}");
    let reading = read(&text);
    let names: Vec<String> = reading.descriptors.iter().map(|found| found.reference.name().to_owned()).collect();
    assert_eq!(names, ["checkout", "basket"]);
    assert_eq!(reading.findings.len(), 1);
    assert_eq!(reading.findings[0].rule, "yaml-syntax");
    assert!((12..=13).contains(&reading.findings[0].line), "{:?}", reading.findings);
    assert_eq!(reading.descriptors[1].place.line, 21);
}

#[test]
fn the_text_of_each_document_is_its_own() {
    let text = format!("{MINIMAL}---\n# second\n{}", MINIMAL.replace("checkout", "basket"));
    let reading = read(&text);
    assert_eq!(reading.descriptors[0].text, MINIMAL);
    assert!(reading.descriptors[1].text.starts_with("---\n# second\n"));
    assert_eq!(reading.descriptors[1].line, 9);
}

#[test]
fn marks_and_line_ends_of_other_systems_are_read() {
    for text in [
        format!("\u{feff}{MINIMAL}"),
        MINIMAL.replace('\n', "\r\n"),
        format!("\u{feff}{}", MINIMAL.replace('\n', "\r\n")),
        format!("%YAML 1.2\n---\n{MINIMAL}...\n"),
    ] {
        assert_eq!(entity(&text).document, entity(MINIMAL).document, "{text:?}");
    }
}

#[test]
fn the_usual_mistakes_get_words() {
    for (text, rule, line, word) in [
        (MINIMAL.replace("  type", "\ttype"), "yaml-syntax", 6, "spaces"),
        (MINIMAL.replace("  type: service", "  type: service\n  type: website"), "duplicate-key", 7, "`type`"),
        (with_metadata("  labels: {tier: a, Tier: b}"), "key-case", 5, "`Tier`"),
        (with_metadata("  title: \"a\\0b\""), "nul", 5, "NUL"),
        (with_metadata("  title: \"a\\u202Eb\""), "bidi", 5, "U+202E"),
        (with_metadata("  \"a\\0\": b"), "nul", 5, "NUL"),
        (MINIMAL.replace("service", "[") + "\n", "yaml-syntax", 6, "YAML"),
    ] {
        let findings = read(&text).findings;
        let found =
            findings.iter().find(|finding| finding.rule == rule).unwrap_or_else(|| panic!("{rule}: {findings:?}"));
        assert!(found.line >= line && found.line <= line + 2, "{found:?}");
        assert!(found.message.contains(word), "{found:?}");
    }
    assert_eq!(read(&with_metadata("  title: \"a\\u202Eb\"")).descriptors.len(), 1);
    assert!(read(&MINIMAL.replace("checkout", "check\0out")).descriptors.is_empty());
}

#[test]
fn aliases_that_explode_are_refused_and_the_rest_is_read() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..9 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    }
    let reading = read(&format!("{bomb}---\n{MINIMAL}"));
    assert_eq!((reading.descriptors.len(), reading.findings.len()), (1, 1));
    assert_eq!(reading.findings[0].rule, "too-large", "{:?}", reading.findings);
    let deep = format!("a: {}{}", "[".repeat(3000), "]".repeat(3000));
    assert_eq!(read(&deep).descriptors, []);
    let alias = with_metadata("  annotations: {a: &a text, b: *a}");
    assert_eq!(entity(&alias).document.pointer("/metadata/annotations/b").and_then(Value::as_str), Some("text"));
}

#[test]
fn large_files_are_read_as_far_as_they_may_be() {
    let long = with_metadata(&format!("  description: \"{}\"", "word ".repeat(60_000)));
    assert!(long.len() > 300_000);
    entity(&long);
    let definition = "x".repeat(MAX_DOCUMENT_BYTES);
    let too_long = format!("{}---\n{MINIMAL}", with_metadata(&format!("  description: {definition}")));
    let reading = read(&too_long);
    assert_eq!((reading.descriptors.len(), reading.findings[0].rule.as_str()), (1, "too-large"));
    let many: String =
        (0..=MAX_DOCUMENTS).map(|n| format!("---\n{}", MINIMAL.replace("checkout", &format!("c{n}")))).collect();
    let reading = read(&many);
    assert_eq!(reading.descriptors.len(), MAX_DOCUMENTS);
    assert_eq!(reading.findings.len(), 1);
    assert_eq!(reading.findings[0].rule, "too-large");
    let bad =
        format!("{}{}", with_metadata("  tags:"), "").replace("  tags:", &format!("  tags: [{}]", "A,".repeat(5_000)));
    assert_eq!(read(&bad).findings.len(), MAX_FINDINGS + 1);
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "(\\PC|[\\n\\t\\r:{}\\[\\]&*#-]){0,200}") {
        let reading = read(&text);
        prop_assert!(reading.findings.iter().all(|finding| finding.line >= 1 && finding.column >= 1));
    }

    #[test]
    fn no_part_of_an_entity_breaks_the_reader(line in 0usize..8, put in "\\PC{0,40}") {
        let mut lines: Vec<&str> = MINIMAL.lines().collect();
        lines[line] = &put;
        read(&lines.join("\n"));
    }
}

#[test]
fn what_a_location_names_has_its_place() {
    let found = entity(&of_kind(
        "Location",
        "\n  targets:\n    - ./a.yaml\n    - 'https://git.example.org/shop/cart'\n  target: ./b.yaml",
    ));
    let targets: Vec<(&str, u32, u32)> =
        found.targets.iter().map(|(target, place)| (target.as_str(), place.line, place.column)).collect();
    assert_eq!(targets, [("./b.yaml", 10, 11), ("./a.yaml", 8, 7), ("https://git.example.org/shop/cart", 9, 7)]);
    assert!(entity(MINIMAL).targets.is_empty());
}

#[test]
fn the_skeleton_of_a_template_is_called_so() {
    for name in ["${{ values.name }}", "'{{ values.app_name }}'", "${{ values.name | dump }}"] {
        let reading = read(&MINIMAL.replace("name: checkout", &format!("name: {name}")));
        let found = &reading.findings[0];
        assert_eq!((reading.findings.len(), found.rule.as_str(), found.line), (1, "name", 4), "{name}");
        assert!(found.message.contains("skeleton"), "{found:?}");
    }
}
