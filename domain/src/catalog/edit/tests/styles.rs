//! Before and after, line for line.

use super::*;

/// The lines of the metadata before and after.
fn table(cases: &[(&str, Change, &str)]) {
    for (before, change, after) in cases {
        assert_eq!(
            write(&file(before), &checkout(), change).as_deref(),
            Ok(file(after).as_str()),
            "{before}\n{change:?}"
        );
        // The same in a file of Windows, and without an end to its last line.
        let (before, after) = (file(before).replace('\n', "\r\n"), file(after).replace('\n', "\r\n"));
        assert_eq!(write(&before, &checkout(), change).as_deref(), Ok(after.as_str()), "{before}\n{change:?}");
        let (before, after) = (before.trim_end(), after.trim_end());
        assert_eq!(write(before, &checkout(), change).as_deref(), Ok(after), "{before}\n{change:?}");
    }
}

#[test]
fn texts_keep_their_style() {
    table(&[
        ("  title: Old  # said", titled("New name"), "  title: New name  # said"),
        ("  title: 'Old'", titled("It's: new"), "  title: 'It''s: new'"),
        ("  title: \"Old\"", titled("A \"new\" \\ one"), "  title: \"A \\\"new\\\" \\\\ one\""),
        ("  title: Old", titled("yes"), "  title: \"yes\""),
        ("  \"title\": Old", titled("New"), "  \"title\": New"),
        ("  title: Old\n    and longer\n  # next", titled("New"), "  title: New\n  # next"),
        ("  description: one", described("a\n\nb"), "  description: |-\n    a\n\n    b"),
        ("  description: one # why", described("a\nb"), "  description: |- # why\n    a\n    b"),
        ("  description: one", described(" a\nb"), "  description: \" a\\nb\""),
    ]);
}

#[test]
fn texts_of_lines_keep_theirs() {
    table(&[
        (
            "  description: | # c\n     a\n     b\n\n  labels: {}",
            described("a\nc\n"),
            "  description: | # c\n     a\n     c\n\n  labels: {}",
        ),
        ("  description: |-\n    a", described("b"), "  description: |-\n    b"),
        (
            "  description: |\n    a\n    # no comment\n  # comment",
            described("b"),
            "  description: |-\n    b\n  # comment",
        ),
        ("  description: |+\n    a\n\n  labels: {}", described("b\n\n"), "  description: |+\n    b\n\n  labels: {}"),
        ("  description: |2\n     a\n    b", described("b\n"), "  description: |2\n    b"),
        ("  description: |\n    a", described("\u{1}"), "  description: \"\\u0001\""),
        (
            "  description: >-\n    first line of words\n    second line\n    third",
            described("first line of words second word third"),
            "  description: >-\n    first line of words\n    second word\n    third",
        ),
        ("  description: >\n    a\n    b", described("a\nb\n"), "  description: |\n    a\n    b"),
    ]);
}

#[test]
fn keys_come_where_people_look_and_go_with_their_lines() {
    let both = Change { title: set("T"), ..described("D") };
    table(&[
        ("  labels: {a: b}", both, "  title: T\n  description: D\n  labels: {a: b}"),
        (
            "  title: T\n  # about labels\n  labels: {}",
            described("D"),
            "  title: T\n  description: D\n  # about labels\n  labels: {}",
        ),
        (
            "  annotations:\n    a/b: |\n      x\n\n  zzz: 1",
            tagged(&["a"]),
            "  annotations:\n    a/b: |\n      x\n  tags:\n    - a\n\n  zzz: 1",
        ),
        ("  title: T\n  tags: [a]", Change { title: Some(Edit::Remove), ..Change::default() }, "  tags: [a]"),
        (
            "  tags:\n    - a # x\n    - b\n  # kept\n  x: 1",
            Change { tags: Some(Edit::Remove), ..Change::default() },
            "  # kept\n  x: 1",
        ),
        (
            "  labels: {}",
            linked(&[link("https://a.example", "A b")]),
            "  labels: {}\n  links:\n    - url: https://a.example\n      title: A b",
        ),
    ]);
}

#[test]
fn lists_change_by_the_item() {
    table(&[
        (
            "  tags:\n  - a\n  # about b\n  - 'b' # x\n  - c",
            tagged(&["a", "b", "d"]),
            "  tags:\n  - a\n  # about b\n  - 'b' # x\n  - d",
        ),
        ("  tags:\n    - b", tagged(&["a", "b", "1"]), "  tags:\n    - a\n    - b\n    - \"1\""),
        ("  tags: [a,  b, c] # all", tagged(&["b", "c", "d"]), "  tags: [b, c,  d] # all"),
        ("  tags: []", tagged(&["a", "c#"]), "  tags: [a, \"c#\"]"),
        ("  tags: [\n    a, # one\n    b,\n  ]", tagged(&["a", "b", "c"]), "  tags: [\n    a, # one\n    b, c,\n  ]"),
        ("  tags: [\"a\"]", tagged(&["a", "b"]), "  tags: [\"a\", \"b\"]"),
    ]);
}

#[test]
fn links_keep_what_is_said_of_them_besides() {
    let before = "  links:\n    - title: A # first\n      url: https://a.example\n      weight: 3\n    - {url: \"https://b.example\", x: [1]}";
    table(&[
        (
            before,
            linked(&[link("https://a.example", "AA"), link("https://b.example", "B")]),
            "  links:\n    - title: AA # first\n      url: https://a.example\n      weight: 3\n    - {url: \"https://b.example\", title: B, x: [1]}",
        ),
        (
            before,
            linked(&[link("https://c.example", "A")]),
            "  links:\n    - title: A # first\n      url: https://c.example\n      weight: 3",
        ),
        (
            before,
            linked(&[link("https://a.example", ""), link("https://b.example", "")]),
            "  links:\n    - url: https://a.example\n      weight: 3\n    - {url: \"https://b.example\", x: [1]}",
        ),
    ]);
}

#[test]
fn one_entity_of_many_and_all_of_json() {
    let (one, other) = (file("  x: 1"), file("  x: 1").replace("checkout", "other"));
    let broken = "a: [\n";
    let text = format!("\u{feff}---\n{other}---\n{broken}---\n# mine\n{one}...\n---\n{other}");
    let text = text.replacen("name: other", "name: second", 1);
    let written = write(&text, &checkout(), &owned("group:search/search")).unwrap();
    let at = text.find("# mine").unwrap();
    assert_eq!(written[..at], text[..at]);
    assert_eq!(written[at..], text[at..].replacen("owner: payments", "owner: group:search/search", 1));

    let json = r#"{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"checkout"},"spec":{"type":"a","lifecycle":"b","owner":"c"}}"#;
    let change = Change { owner: set("d"), links: linked(&[link("https://a.example", "")]).links, ..tagged(&["x"]) };
    let expected = json
        .replace("\"c\"", "\"d\"")
        .replace("\"checkout\"", r#""checkout", "tags": ["x"], "links": [{"url": "https://a.example"}]"#);
    assert_eq!(write(json, &checkout(), &change), Ok(expected));
}

#[test]
fn a_missing_spec_is_added() {
    let text = "apiVersion: example.org/v1\nkind: Robot\nmetadata:\n    name: checkout";
    let robot = EntityRef::new("robot", "default", "checkout").unwrap();
    let change = Change { description: set("D"), ..owned("payments") };
    assert_eq!(
        write(text, &robot, &change).unwrap(),
        "apiVersion: example.org/v1\nkind: Robot\nmetadata:\n    name: checkout\n    description: D\nspec:\n    owner: payments"
    );
}
