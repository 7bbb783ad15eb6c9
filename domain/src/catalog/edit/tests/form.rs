//! What stands in a form, and what it stands for.

use super::*;

fn sent(pairs: &[(&str, &str)]) -> Form {
    Form::read(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
}

fn seen() -> Fields {
    let first = Link { icon: "docs".to_owned(), ..link("https://a.example", "A") };
    Fields {
        description: "a\nb\n".to_owned(),
        owner: "payments".to_owned(),
        tags: vec!["java".to_owned(), "card reader".to_owned()],
        links: vec![first, link("https://b.example", "B")],
        ..Fields::default()
    }
}

#[test]
fn what_comes_back_untouched_changes_nothing() {
    let form = sent(&[
        ("description", "a\r\nb\r\n"),
        ("owner", "payments"),
        ("tags", "java, card reader"),
        ("link-0-url", "https://a.example"),
        ("link-0-title", "A"),
        ("link-1-url", "https://b.example"),
        ("link-1-title", "B"),
        ("link-2-url", ""),
        ("link-x-url", "https://c.example"),
        ("link-4000000000-url", "https://c.example"),
        ("action", "send"),
    ]);
    assert_eq!(form.links.len(), 3);
    assert_eq!(Change::between(&checkout(), &seen(), &form.fields(&seen())), Ok(Change::default()));
    assert_eq!(form.clone().with_spare_rows().links.len(), 4);
    assert_eq!(Form::of(&seen()).on_top_of(&seen(), &Fields::default()), Form::of(&Fields::default()));
}

#[test]
fn a_link_that_is_taken_out_goes_and_the_others_keep_what_is_not_shown() {
    let mut form = Form::of(&seen());
    form.links[1].is_removed = true;
    form.links[0].title = "Docs".to_owned();
    let change = Change::between(&checkout(), &seen(), &form.fields(&seen())).unwrap();
    let kept = Link { icon: "docs".to_owned(), ..link("https://a.example", "Docs") };
    assert_eq!(change, linked(&[kept]));
    form.links[0] = LinkRow::default();
    let change = Change::between(&checkout(), &seen(), &form.fields(&seen())).unwrap();
    assert_eq!(change.links, Some(Edit::Remove));
}

#[test]
fn each_error_has_its_input() {
    let mut form = Form::of(&seen()).with_spare_rows();
    form.links[3].url = "javascript:alert(1)".to_owned();
    form.tags = "java\nNot A Tag".to_owned();
    let errors = Change::between(&checkout(), &seen(), &form.fields(&seen())).unwrap_err();
    let inputs: Vec<Option<String>> = errors.iter().map(|error| input_at(&error.pointer)).collect();
    assert_eq!(inputs, [Some("tags".to_owned()), Some("link-3-url".to_owned())]);
    for (pointer, input) in [
        ("/description", Some("description")),
        ("/owner", Some("owner")),
        ("/links/7/title", Some("link-7-title")),
        ("/links/7/icon", Some("link-7-url")),
        ("/links/x/url", None),
        ("", None),
        ("/title", None),
    ] {
        assert_eq!(input_at(pointer).as_deref(), input, "{pointer}");
    }
}

#[test]
fn what_was_typed_stands_on_top_of_what_came_meanwhile() {
    let now = Fields {
        description: "theirs".to_owned(),
        tags: vec!["go".to_owned()],
        links: vec![link("https://c.example", "C")],
        ..seen()
    };
    assert_eq!(seen().differing(&now), ["description", "tags", "links"]);
    let mut form = Form::of(&seen());
    form.tags = "java, mine".to_owned();
    let form = form.on_top_of(&seen(), &now);
    assert_eq!((form.description.as_str(), form.tags.as_str()), ("theirs", "java, mine"));
    assert_eq!(form.links, Form::of(&now).links);
    let mut form = Form::of(&seen());
    form.links[0].is_removed = true;
    assert_eq!(form.clone().on_top_of(&seen(), &now).links, form.links);
}

#[test]
fn a_section_is_the_entitys_own_part_of_a_file() {
    let text = format!("{}---\nkind: Other\n", file("  description: Ours"));
    let section = find(&text, &checkout()).unwrap();
    assert_eq!(section.fields.description, "Ours");
    assert!(section.text.starts_with("# Who we are.") && !section.text.contains("Other"), "{}", section.text);
    let other = EntityRef::new("component", "default", "other").unwrap();
    assert_eq!(find(&text, &other), Err(EditError::NotThere(other)));
}
