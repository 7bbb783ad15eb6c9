use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::golden_paths::parameters::tests::template;

fn pages() -> Vec<Value> {
    vec![
        json!({
            "required": ["name", "owner"],
            "ui:order": ["name", "*", "replicas"],
            "properties": {
                "name": {"title": "Name", "type": "string", "pattern": "^[a-z]+$", "description": "Its name",
                    "ui:autofocus": true, "errorMessage": {"pattern": "Use small letters."}},
                "owner": {"type": "string", "ui:field": "OwnerPicker"},
                "about": {"type": "string", "minLength": 1, "default": "A service.", "ui:widget": "textarea"},
                "replicas": {"type": "integer", "minimum": 1, "maximum": 10, "default": 2},
                "ratio": {"type": "number"},
            },
        }),
        json!({
            "properties": {
                "size": {"enum": ["s", "m"], "enumNames": ["Small", "Medium"], "default": "s", "ui:widget": "radio"},
                "cards": {"type": "integer", "oneOf": [{"const": 1, "title": "One"}, {"const": 2}]},
                "public": {"type": "boolean", "default": true},
                "zones": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 1, "default": ["a"]},
                "tags": {"type": "array", "items": {"type": "string"}},
                "system": {"type": "string", "ui:field": "EntityPicker",
                    "ui:options": {"allowArbitraryValues": false, "catalogFilter": [{"kind": ["System", "Domain"]}]}},
                "limits": {"type": "object", "properties": {"cpu": {"type": "integer"}}},
                "key": {"type": "string", "ui:field": "Secret"},
                "fixed": {"const": 1},
                "origin": {"type": "string", "ui:widget": "hidden", "default": "form"},
                "odd": {"type": "string", "ui:field": "AcmePicker"},
            },
            "dependencies": {"size": {"oneOf": [
                {"properties": {"size": {"const": "s"}}},
                {"properties": {"size": {"const": "m"}, "disk": {"type": "integer", "default": 5}}},
            ]}},
        }),
    ]
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    Typed::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// The defaults with changes.
fn filled(changes: &[(&str, &str)]) -> Typed {
    let mut filled = Form::of(&template(&pages())).defaults();
    for (name, value) in [("name", "checkout"), ("owner", "group:default/payments")].iter().chain(changes) {
        filled.set(name, *value);
    }
    filled
}

fn errors(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let errors = check(&template(&pages()), &filled(changes)).expect_err("this was typed wrongly");
    errors.into_iter().map(|FieldError { pointer, message }| (pointer, message)).collect()
}

#[test]
fn pages_become_fields_in_the_order_that_the_path_wants() {
    let form = Form::of(&template(&pages()));
    let names = |page: usize| form.pages[page].fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names(0), ["name", "about", "owner", "ratio", "replicas"]);
    assert_eq!(names(1), ["cards", "key", "limits", "odd", "public", "size", "system", "tags", "zones", "disk"]);
    let field = |name: &str| form.field(name).unwrap();
    assert!(field("name").is_required && field("name").is_focused && !field("about").is_required);
    assert_eq!(field("name").help.as_deref(), Some("Its name."));
    assert_eq!(field("replicas").help.as_deref(), Some("From 1 to 10."));
    assert!(field("disk").is_conditional && !field("size").is_conditional);
    assert_eq!(field("odd").kind, FieldKind::Text, "an unknown field is that of its type");
    let entity = FieldKind::Entity { kinds: vec!["system".into(), "domain".into()], is_free: false };
    assert_eq!(field("system").kind, entity);
    assert_eq!((&field("limits").kind, &field("tags").kind), (&FieldKind::Json, &FieldKind::Lines));
    assert_eq!((&field("key").kind, &field("owner").kind), (&FieldKind::Withheld, &FieldKind::Owner));
    let FieldKind::Choice { options, is_open: true } = &field("size").kind else { panic!() };
    assert_eq!(options[1], ChoiceOption { value: json!("m"), label: "Medium".into() });
}

#[test]
fn what_was_typed_becomes_values_of_the_right_types() {
    let mut all = filled(&[
        ("ratio", "0.5"),
        ("cards", "2"),
        ("tags", " a\r\n\r\nb "),
        ("limits", "{\"cpu\": 2}"),
        ("about", "One\r\ntwo"),
        ("name", " checkout "),
    ]);
    all = Typed::new([all.pairs(), &[("zones".to_owned(), "c".to_owned())]].concat());
    assert_eq!(
        check(&template(&pages()), &all).unwrap(),
        json!({
            "name": "checkout", "owner": "group:default/payments", "about": "One\ntwo", "replicas": 2, "ratio": 0.5,
            "size": "s", "cards": 2, "public": true, "zones": ["a", "c"], "tags": ["a", "b"], "limits": {"cpu": 2},
            "disk": 5,
        })
    );
    let bare = typed(&[("name", "a"), ("owner", "b"), ("zones", "b")]);
    let read = json!({"name": "a", "owner": "b", "public": false, "zones": ["b"]});
    assert_eq!(check(&template(&pages()), &bare).unwrap(), read, "defaults are filled in by the schema");
}

#[test]
fn each_mistake_is_said_at_its_field_and_nothing_else_is_lost() {
    for (name, value, said) in [
        ("replicas", "+5", "This is no plain number"),
        ("replicas", "1e3", "This is no plain number"),
        ("replicas", "NaN", "This is no plain number"),
        ("replicas", "\u{ff15}", "Use the digits 0 to 9"),
        ("replicas", "", "Fill this in"),
        ("replicas", "11", "Give 10 or less."),
        ("replicas", "1.5", "A fraction is not possible"),
        ("name", "", "Fill this in: it is required."),
        ("name", "Бар", "Use small letters."),
        ("name", "a\0b", "There are invisible characters"),
        ("about", "", "Fill this in: it may not be empty."),
        ("size", "xl", "Choose one of the list."),
        ("cards", "3", "Choose one of the list."),
        ("public", "maybe", "Tick this box"),
        ("limits", "{\"cpu\": }", "This is not JSON at line 1, column 9"),
        ("limits", "\"\\u0000\"", "There are invisible characters"),
        ("key", "hunter2", "Secrets are not taken here"),
        ("a/b", "1", "There is no field `a/b`"),
    ] {
        let found = errors(&[(name, value)]);
        let [(pointer, message)] = found.as_slice() else { panic!("{name}={value:?}: {found:?}") };
        assert_eq!(*pointer, crate::error::pointer([name]));
        assert!(message.starts_with(said), "{name}={value:?}: {message}");
    }
    assert_eq!(errors(&[("limits", "{\"cpu\": \"x\"}")])[0].0, "/limits/cpu");
    let twice = Typed::new([filled(&[]).pairs(), &[("name".to_owned(), "b".to_owned())]].concat());
    assert_eq!(
        Form::of(&template(&pages())).read(&twice).errors[0].message,
        "This came more than once: fill it in once."
    );
    assert_eq!(errors(&[("name", "A"), ("replicas", "x"), ("size", "xl")]).len(), 3);
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered(pairs in prop::collection::vec(
        (prop::sample::select(vec!["name", "owner", "about", "replicas", "ratio", "size", "cards", "public", "zones",
            "tags", "limits", "key", "x"]), "\\PC{0,8}|[\u{0}-\u{20}]{0,4}|[0-9+.e-]{0,6}|true|s|m|a"), 0..12)
    ) {
        let form = Form::of(&template(&pages()));
        let sent = Typed::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        let reading = form.read(&sent);
        for error in &reading.errors {
            let name = error.pointer.trim_start_matches('/');
            prop_assert!(sent.get(name).is_some(), "{} is about what was sent", error.pointer);
            prop_assert!(!reading.values.contains_key(name));
        }
    }

    #[test]
    fn values_that_were_read_are_typed_the_same_way_again(
        replicas in 1..=10_i64, about in "[a-z\n ]{0,10}", tags in prop::collection::vec("[a-z]{1,4}", 0..3),
        public: bool, zones in prop::sample::subsequence(vec!["a", "b", "c"], 0..3),
    ) {
        let form = Form::of(&template(&pages()));
        let values = json!({"name": "a", "owner": "b", "about": about, "replicas": replicas, "tags": tags,
            "public": public, "zones": zones, "limits": {"cpu": replicas}, "size": "m"});
        let again = Value::Object(form.read(&form.typed(&values)).values);
        for (name, value) in values.as_object().unwrap() {
            let is_empty_list = value.as_array().is_some_and(Vec::is_empty);
            prop_assert!(again.get(name) == Some(value) || is_empty_list, "{}: {:?}", name, again.get(name));
        }
    }
}
