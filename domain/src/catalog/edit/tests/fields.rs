//! From a form to a change.

use super::*;
use crate::catalog::descriptor;

fn fields(lines: &str) -> Fields {
    Fields::of(&said(&file(lines)))
}

fn between(old: &Fields, new: &Fields) -> Result<Change, Vec<(String, String)>> {
    let told = |errors: Vec<crate::error::FieldError>| errors.into_iter().map(|e| (e.pointer, e.message)).collect();
    Change::between(&checkout(), old, new).map_err(told)
}

#[test]
fn what_was_not_touched_does_not_change() {
    let old =
        fields("  description: |\n    a\n    b\n  tags: [x]\n  links:\n    - url: https://a.example\n      icon: i");
    assert_eq!(old.description, "a\nb\n");
    let posted = Fields { description: "a\r\nb\r\n".to_owned(), ..old.clone() };
    assert_eq!(between(&old, &posted), Ok(Change::default()));
    assert!(between(&old, &posted).unwrap().is_empty());
    // A form shows nothing of a tag that stands in another file.
    let old = fields("  tags: [{$text: ./tag}, a, a]");
    let posted = Fields { tags: vec!["a".to_owned()], ..old.clone() };
    assert_eq!(between(&old, &posted), Ok(Change::default()));
    // Nor is it judged.
    let odd = Fields { tags: vec!["Not A Tag".to_owned()], ..Fields::default() };
    assert_eq!(between(&odd, &Fields { title: "T".to_owned(), ..odd.clone() }), Ok(titled("T")));
}

#[test]
fn what_was_touched_is_set_or_taken_out() {
    let old = fields("  title: T\n  description: |\n    a\n  tags: [x]");
    let new = Fields {
        title: " ".to_owned(),
        description: "b\r\nc".to_owned(),
        tags: vec![" y ".to_owned(), String::new(), "y".to_owned()],
        links: vec![Link::default(), link(" https://a.example ", "A")],
        ..old.clone()
    };
    let expected = Change {
        title: Some(Edit::Remove),
        description: set("b\nc\n"),
        links: linked(&[link("https://a.example", "A")]).links,
        ..tagged(&["y"])
    };
    assert_eq!(between(&old, &new), Ok(expected));
    let none = Fields { tags: Vec::new(), ..old.clone() };
    assert_eq!(between(&old, &none).unwrap().tags, Some(Edit::Remove));
}

#[test]
fn each_field_says_what_is_wrong_with_it() {
    let old = fields("");
    let script = Link { link_type: "\u{7}".to_owned(), ..link("javascript:alert(1)", "a\nb") };
    let new = Fields {
        title: "two\nlines".to_owned(),
        description: "nul \0".to_owned(),
        owner: String::new(),
        tags: vec![String::new(), "Big".to_owned()],
        links: vec![Link::default(), link("", "only a title"), script],
    };
    let pointers: Vec<String> = between(&old, &new).unwrap_err().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        [
            "/title",
            "/description",
            "/owner",
            "/tags/1",
            "/links/1/url",
            "/links/2/title",
            "/links/2/type",
            "/links/2/url"
        ]
    );
    let errors = between(&old, &Fields { owner: "a:b:c".to_owned(), ..old.clone() }).unwrap_err();
    assert_eq!(errors[0].0, "/owner");
    let user = EntityRef::new("user", "default", "jo").unwrap();
    assert!(Change::between(&user, &Fields::default(), &old).is_err());
}

#[test]
fn a_change_can_be_kept_and_carried_out_without_a_file() {
    let change =
        Change { title: Some(Edit::Remove), links: linked(&[link("https://a.example", "A")]).links, ..owned("search") };
    assert_eq!(change.fields(), ["title", "links", "owner"]);
    let kept = serde_json::to_string(&change).unwrap();
    assert_eq!(serde_json::from_str::<Change>(&kept).unwrap(), change);
    assert!(serde_json::from_str::<Change>(r#"{"titel": null}"#).is_err());

    let text = file("  title: T\n  x: [1]");
    let document = descriptor::read(&text).descriptors.remove(0).document;
    let written = write(&text, &checkout(), &change).unwrap();
    assert_eq!(apply(&document, &change), Ok(descriptor::read(&written).descriptors.remove(0).document));
}
