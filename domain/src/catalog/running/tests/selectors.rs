use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn selectors_choose_as_kubernetes_does() {
    let workload = labels(&[("app", "checkout"), ("tier", ""), ("example.com/team", "payments")]);
    for (selector, is_chosen) in [
        ("app=checkout", true),
        ("app==checkout", true),
        (" app = checkout ", true),
        ("app=cart", false),
        ("app!=cart", true),
        ("app!=checkout", false),
        ("zone!=a", true),
        ("app in (cart, checkout)", true),
        ("app in (cart)", false),
        ("app  in(checkout)", true),
        ("zone in (a)", false),
        ("app notin (cart,checkout)", false),
        ("app notin (cart)", true),
        ("zone notin (a)", true),
        ("app", true),
        ("zone", false),
        ("!zone", true),
        ("!app", false),
        ("tier=", true),
        ("tier in ()", true),
        ("zone=", false),
        ("example.com/team=payments,app in (checkout),!zone", true),
        ("example.com/team=payments,app in (cart, pay),!zone", false),
    ] {
        assert_eq!(Selector::parse(selector).unwrap().selects(&workload), is_chosen, "{selector}");
    }
}

#[test]
fn what_is_no_selector_is_refused_with_the_reason() {
    for (text, why) in [
        ("", SelectorError::Empty),
        ("  ", SelectorError::Empty),
        ("app=a,", SelectorError::Key(String::new())),
        ("=a", SelectorError::Key(String::new())),
        ("-app=a", SelectorError::Key("-app".into())),
        ("A.b/app=a", SelectorError::Key("A.b/app".into())),
        ("a/b/c", SelectorError::Key("a/b/c".into())),
        ("app=a b", SelectorError::Value("a b".into())),
        ("app=a=b", SelectorError::Value("a=b".into())),
        ("app in a", SelectorError::List("in")),
        ("app notin (a", SelectorError::List("notin")),
        ("app like (a)", SelectorError::Form("app like (a)".into())),
        ("app > 1", SelectorError::Form("app > 1".into())),
        ("app)in(a", SelectorError::Key("app)in(a".into())),
    ] {
        assert_eq!(Selector::parse(text), Err(why), "{text}");
    }
}

#[test]
fn what_everything_has_that_is_chosen_is_told() {
    let selector = Selector::parse("a=b, c in (d), e in (f, g), !h, i, j!=k").unwrap();
    assert_eq!(selector.certain(), labels(&[("a", "b"), ("c", "d")]));
}

fn requirement() -> impl Strategy<Value = String> {
    let key = "([a-z]{1,3}/)?[a-zA-Z][a-z._-]{0,3}[a-z0-9]";
    prop_oneof![
        (key, "[a-z0-9]{0,3}", prop_oneof!["=", "==", "!="])
            .prop_map(|(key, value, sign)| format!("{key}{sign}{value}")),
        (key, vec("[a-z0-9]{0,2}", 1..4), any::<bool>()).prop_map(|(key, values, is_in)| {
            format!("{key} {} ({})", if is_in { "in" } else { "notin" }, values.join(", "))
        }),
        (key, any::<bool>()).prop_map(|(key, is_not)| format!("{}{key}", if is_not { "!" } else { "" })),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_it_was_meant(parts in vec(requirement(), 1..5)) {
        let selector = Selector::parse(&parts.join(",")).unwrap();
        prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
    }

    #[test]
    fn a_selector_chooses_what_each_of_its_parts_chooses(
        parts in vec(requirement(), 1..5), keys in vec(("[a-zA-Z][a-z]", "[a-z0-9]{0,2}"), 0..6),
    ) {
        let found: Labels = keys.into_iter().collect();
        let each = parts.iter().all(|part| Selector::parse(part).unwrap().selects(&found));
        let whole = Selector::parse(&parts.join(",")).unwrap();
        prop_assert_eq!(whole.selects(&found), each);
        let has_certain = whole.certain().iter().all(|(key, value)| found.get(key) == Some(value));
        prop_assert!(!each || has_certain);
    }

    #[test]
    fn no_text_breaks_it(text in ".{0,60}") {
        if let Ok(selector) = Selector::parse(&text) {
            prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
        }
    }
}
