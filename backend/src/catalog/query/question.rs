//! Predicates in the words of the index: a text search query over terms, with flags for what is not among an entity's
//! own terms.

use domain::catalog::query::{MOST_CHARS, ORPHAN, Predicate, Test};
use serde_json::{Value, json};

use crate::catalog::found_by::term;

/// What the database is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Question {
    /// It holds of every entity.
    Everything,
    /// It holds of none.
    Nothing,
    /// The argument of `catalog_found`.
    Asked(Value),
}

/// A flag begins with this, and no path does.
const FLAG: char = '\u{1d}';
const RELATIONS: &str = "relations.";

impl Question {
    pub(super) fn of(predicate: &Predicate) -> Self {
        let mut relations = Vec::new();
        let exact = written(predicate, true, &mut |path, test, _| flagged(path, test, &mut relations));
        let Written::Text(exact) = exact else {
            return if exact == Written::Always { Self::Everything } else { Self::Nothing };
        };
        if relations.is_empty() {
            return Self::Asked(json!({ "loose": exact }));
        }
        // Whoever has no flag may still be meant; whoever has one may have it.
        let loose = match written(predicate, true, &mut |_, _, is_wanted| Written::of(is_wanted)) {
            Written::Text(text) => Some(text),
            Written::Always => None,
            Written::Never => return Self::Nothing,
        };
        let needs = written(predicate, true, &mut |_, _, _| Written::Never) == Written::Never;
        Self::Asked(json!({ "loose": loose, "exact": exact, "needs": needs, "relations": relations }))
    }
}

/// A part of a text search query, or what is known without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    Always,
    Never,
    Text(String),
}

impl Written {
    fn of(is_true: bool) -> Self {
        if is_true { Self::Always } else { Self::Never }
    }

    fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Text(text) => Self::Text(format!("!({text})")),
        }
    }

    /// All of them with `&`, one of them with `|`.
    fn joined(parts: impl IntoIterator<Item = Self>, operator: char) -> Self {
        let (neutral, deciding) =
            if operator == '&' { (Self::Always, Self::Never) } else { (Self::Never, Self::Always) };
        let mut texts: Vec<String> = Vec::new();
        for part in parts {
            match part {
                Self::Text(text) => texts.push(text),
                known if known == deciding => return deciding,
                _ => {}
            }
        }
        match texts.len() {
            0 => neutral,
            1 => Self::Text(texts.remove(0)),
            _ => Self::Text(format!("({})", texts.join(&format!(" {operator} ")))),
        }
    }
}

/// What is not among the terms of an entity, `elsewhere` writes; it is told whether that is wanted, or not wanted.
fn written(
    predicate: &Predicate,
    is_wanted: bool,
    elsewhere: &mut impl FnMut(&str, &Test, bool) -> Written,
) -> Written {
    match predicate {
        Predicate::All(parts) => {
            let parts: Vec<Written> = parts.iter().map(|part| written(part, is_wanted, elsewhere)).collect();
            Written::joined(parts, '&')
        }
        Predicate::Any(parts) => {
            let parts: Vec<Written> = parts.iter().map(|part| written(part, is_wanted, elsewhere)).collect();
            Written::joined(parts, '|')
        }
        Predicate::Not(part) => written(part, !is_wanted, elsewhere).not(),
        Predicate::At(path, _) if is_too_long(path) => Written::Never,
        Predicate::At(path, test) if path.starts_with(RELATIONS) => elsewhere(path, test, is_wanted),
        Predicate::At(path, test) if path == ORPHAN && test.holds("true") => {
            Written::joined([told(path, test), elsewhere(path, test, is_wanted)], '|')
        }
        Predicate::At(path, test) => told(path, test),
    }
}

/// What holds of one of an entity's own terms.
fn told(path: &str, test: &Test) -> Written {
    match test {
        Test::Exists => Written::Text(format!("{}:*", quoted(&term(path, "")))),
        Test::Prefix(prefix) if is_too_long(prefix) => Written::Never,
        Test::Prefix(prefix) => Written::Text(format!("{}:*", quoted(&term(path, prefix)))),
        Test::OneOf(values) => {
            let known = values.iter().filter(|value| !is_too_long(value));
            Written::joined(known.map(|value| Written::Text(quoted(&term(path, value)))), '|')
        }
    }
}

/// The flag of a relation, or of an entity without an origin, which is put on the list of what to look up.
fn flagged(path: &str, test: &Test, relations: &mut Vec<Value>) -> Written {
    let flag = format!("{FLAG}{}", relations.len());
    let (targets, prefix) = match test {
        Test::Exists => (None, None),
        Test::OneOf(values) => (Some(values.iter().filter(|value| !is_too_long(value)).collect::<Vec<_>>()), None),
        Test::Prefix(prefix) if is_too_long(prefix) => return Written::Never,
        Test::Prefix(prefix) => (None, Some(prefix)),
    };
    let name = path.strip_prefix(RELATIONS);
    relations.push(json!({ "flag": flag, "name": name, "targets": targets, "prefix": prefix }));
    Written::Text(quoted(&flag))
}

/// Nothing that is stored is this long or holds the character NUL.
fn is_too_long(text: &str) -> bool {
    text.contains('\0') || text.chars().count() > MOST_CHARS
}

fn quoted(term: &str) -> String {
    format!("'{}'", term.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use domain::catalog::query::{filters, predicate};

    use super::*;

    fn asked(value: Value) -> Question {
        Question::of(&predicate(&value).unwrap())
    }

    fn text(question: &Value, key: &str) -> String {
        question[key].as_str().unwrap_or("-").replace('\u{1f}', "=").replace(FLAG, "#")
    }

    #[test]
    fn conditions_become_terms() {
        for (filter, loose) in [
            ("kind=Component", "'kind=component'"),
            ("kind=component,spec.type=a,spec.type=b'\\", "('kind=component' & ('spec.type=a' | 'spec.type=b''\\\\'))"),
            ("spec.type", "'spec.type=':*"),
        ] {
            let Question::Asked(question) = Question::of(&filters([filter]).unwrap()) else { panic!("{filter}") };
            assert_eq!((text(&question, "loose").as_str(), &question["exact"]), (loose, &Value::Null), "{filter}");
        }
        let Question::Asked(question) = asked(json!({"$not": {"a": {"$hasPrefix": "B"}, "c": 1}})) else { panic!() };
        assert_eq!(text(&question, "loose"), "!(('a=b':* & 'c=1'))");
    }

    #[test]
    fn what_is_known_without_asking_is_not_asked() {
        let long = "x".repeat(201);
        for (value, known) in [
            (json!({}), Question::Everything),
            (json!({"$any": []}), Question::Nothing),
            (json!({"$not": {"$any": []}}), Question::Everything),
            (json!({"a": long}), Question::Nothing),
            (json!({ long: {"$exists": true} }), Question::Nothing),
            (json!({"a": "b\0"}), Question::Nothing),
            (json!({"$any": [{"$all": []}, {"a": "b"}]}), Question::Everything),
            (json!({"a": {"$in": []}}), Question::Nothing),
        ] {
            assert_eq!(asked(value.clone()), known, "{value}");
        }
    }

    #[test]
    fn relations_are_flags_and_leave_nothing_out() {
        let owned = json!({"relations": {"$contains": {"type": "ownedBy", "targetRef": "group:default/a"}}});
        let of = |value: Value| match asked(value.clone()) {
            Question::Asked(question) => {
                (text(&question, "loose"), text(&question, "exact"), question["needs"].clone())
            }
            known => panic!("{value}: {known:?}"),
        };
        let kind = json!({"kind": "api"});
        assert_eq!(
            of(json!({"$all": [kind, owned]})),
            ("'kind=api'".into(), "('kind=api' & '#0')".into(), json!(true))
        );
        assert_eq!(of(json!({"$any": [kind, owned]})), ("-".into(), "('kind=api' | '#0')".into(), json!(false)));
        assert_eq!(
            of(json!({"$all": [kind, {"$not": owned}]})),
            ("'kind=api'".into(), "('kind=api' & !('#0'))".into(), json!(false))
        );
        assert_eq!(of(json!({"$not": {"$not": owned}})), ("-".into(), "!(!('#0'))".into(), json!(true)));
        let orphan = of(json!({ ORPHAN: "true" }));
        assert_eq!((orphan.0.as_str(), &orphan.2), ("-", &json!(false)));
        assert!(orphan.1.ends_with("=true' | '#0')"), "{}", orphan.1);
    }
}
