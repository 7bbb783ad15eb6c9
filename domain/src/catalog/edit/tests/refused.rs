//! What is not written, and why.

use super::*;

fn refusal(lines: &str, change: &Change) -> EditError {
    write(&file(lines), &checkout(), change).unwrap_err()
}

#[test]
fn what_is_shared_stays() {
    let shared = EditError::Shared { line: 6 };
    assert_eq!(refusal("  title: &t Old\n  x: *t", &titled("New")), shared);
    assert_eq!(refusal("  x: &t Old\n  title: *t", &titled("New")), EditError::Shared { line: 7 });
    assert_eq!(refusal("  title: !!str Old", &titled("New")), shared);
    assert_eq!(refusal("  tags: &t [a]\n  x: *t", &tagged(&["b"])), shared);
    let merged = "  <<: {a: b}\n  title: Old";
    assert_eq!(refusal(merged, &titled("New")), shared);
    assert_eq!(refusal("  tags:\n    - &a x\n    - y\n  z: *a", &tagged(&["y"])), EditError::Shared { line: 7 });
    // Where nothing of it changes, anchors are no matter.
    let text = file("  x: &a 1\n  y: *a\n  title: Old");
    assert_eq!(write(&text, &checkout(), &titled("New")), Ok(text.replace("Old", "New")));
}

#[test]
fn what_stands_elsewhere_is_changed_there() {
    let text = file("").replace("owner: payments", "owner:\n    $text: ./owner.txt");
    let error = write(&text, &checkout(), &owned("search")).unwrap_err();
    assert_eq!(error, EditError::Elsewhere { field: "spec.owner".to_owned() });
    assert!(write(&text, &checkout(), &titled("New")).is_ok());

    let at = text.find("spec:").unwrap();
    let text = format!("{}spec:\n  $yaml: ./spec.yaml\n", &text[..at]);
    let error = write(&text, &checkout(), &owned("search")).unwrap_err();
    assert_eq!(error, EditError::Elsewhere { field: "spec.owner".to_owned() });
    for lines in [
        "  description: {$text: ./README.md}",
        "  tags: {$json: ./tags.json}",
        "  tags: [{$text: ./tag}]",
        "  labels: {$yaml: ./l.yaml}",
    ] {
        let text = text.replace("metadata:\n", &format!("metadata:\n{lines}\n"));
        assert_eq!(write(&text, &checkout(), &titled("New")), Ok(text.replace("# ours\n", "# ours\n  title: New\n")));
    }
    let text = file("  description: {$text: ./README.md}\n  tags: [{$text: ./tag}]");
    for (change, field) in [(described("D"), "metadata.description"), (tagged(&["a"]), "metadata.tags")] {
        assert_eq!(write(&text, &checkout(), &change), Err(EditError::Elsewhere { field: field.to_owned() }));
    }
}

#[test]
fn what_is_not_there_cannot_change() {
    let text = file("");
    let other = EntityRef::new("component", "default", "other").unwrap();
    assert_eq!(write(&text, &other, &titled("New")), Err(EditError::NotThere(other.clone())));
    let twice = format!("{text}---\n{text}");
    let error = EditError::Twice { reference: checkout(), first: 1, second: 11 };
    assert_eq!(write(&twice, &checkout(), &titled("New")), Err(error));
    // Two keys of the same name: nobody knows which one is meant.
    let text = file("  title: A\n  title: B");
    assert_eq!(write(&text, &checkout(), &titled("New")), Err(EditError::NotThere(checkout())));
}

#[test]
fn unusual_ways_are_left_alone() {
    assert_eq!(
        refusal("  ? title\n  : Old", &Change { title: Some(Edit::Remove), ..Change::default() }),
        EditError::Style { line: 6 }
    );
    assert_eq!(
        refusal(
            "  links: [{url: https://a.example}, # one\n    {url: https://b.example}]",
            &linked(&[link("https://a.example", "")])
        ),
        EditError::Style { line: 6 }
    );
}

#[test]
fn what_the_catalog_would_refuse_is_not_written() {
    let error = refusal("  title: Old", &tagged(&["Not A Tag"]));
    assert!(matches!(error, EditError::Refused { line: 8, .. }), "{error:?}");
    let error = refusal("", &Change { owner: Some(Edit::Remove), ..Change::default() });
    assert!(matches!(error, EditError::Refused { .. }), "{error:?}");
}

#[test]
fn nothing_is_written_that_reads_as_something_else() {
    // The anchor stands before its item and stays where it is; only reading the result shows that.
    let change = tagged(&["b", "x", "y"]);
    assert_eq!(refusal("  tags: [&a x, y]\n  z: *a", &change), EditError::Unproven);
}

#[test]
fn messages_say_what_to_do() {
    let all = [
        EditError::NotThere(checkout()),
        EditError::Twice { reference: checkout(), first: 1, second: 2 },
        EditError::Shared { line: 1 },
        EditError::Elsewhere { field: "spec.owner".to_owned() },
        EditError::Style { line: 1 },
        EditError::Unproven,
        EditError::TooLarge,
    ];
    for error in all {
        let words = error.to_string();
        assert!(words.ends_with('.') && words.split(". ").count() >= 2, "{words}");
    }
}
