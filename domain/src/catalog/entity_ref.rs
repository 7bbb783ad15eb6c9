//! References to catalog entities, `kind:namespace/name` (Backstage's entity reference format).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A full reference. The three parts compare without regard to case, as the format wants, so they are kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntityRef {
    kind: String,
    namespace: String,
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EntityRefError {
    #[error("Write a reference as kind:namespace/name, such as component:default/checkout.")]
    Shape,
    /// No kind is written, and nothing says which is meant.
    #[error("Write the kind as well, such as component:checkout or resource:orders-db.")]
    Kind,
    #[error("Each part of a reference has 1 to 63 letters, digits, hyphens, dots or underscores.")]
    Part,
}

impl EntityRef {
    pub fn new(kind: &str, namespace: &str, name: &str) -> Result<Self, EntityRefError> {
        if ![kind, namespace, name].into_iter().all(is_part) {
            return Err(EntityRefError::Part);
        }
        Ok(Self {
            kind: kind.to_ascii_lowercase(),
            namespace: namespace.to_ascii_lowercase(),
            name: name.to_ascii_lowercase(),
        })
    }

    /// Reads `[kind:][namespace/]name` as Backstage does: the kind ends at the first colon unless a slash comes earlier,
    /// the namespace at the first slash after it. What is not written is what stands around the reference.
    pub fn relative(text: &str, kind: Option<&str>, namespace: &str) -> Result<Self, EntityRefError> {
        let (written_kind, rest) = match text.split_once(':') {
            Some((kind, rest)) if !kind.contains('/') => (Some(kind), rest),
            _ => (None, text),
        };
        let (written_namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        if written_kind == Some("") || written_namespace == Some("") || name.is_empty() {
            return Err(EntityRefError::Shape);
        }
        let kind = written_kind.or(kind).ok_or(EntityRefError::Kind)?;
        Self::new(kind, written_namespace.unwrap_or(namespace), name)
    }

    pub fn kind(&self) -> &str {
        &self.kind
    }

    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

fn is_part(part: &str) -> bool {
    (1..=63).contains(&part.len())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && part.bytes().any(|b| b.is_ascii_alphanumeric())
}

impl FromStr for EntityRef {
    type Err = EntityRefError;

    fn from_str(text: &str) -> Result<Self, EntityRefError> {
        let (kind, rest) = text.split_once(':').ok_or(EntityRefError::Shape)?;
        let (namespace, name) = rest.split_once('/').ok_or(EntityRefError::Shape)?;
        Self::new(kind, namespace, name)
    }
}

impl TryFrom<String> for EntityRef {
    type Error = EntityRefError;

    fn try_from(text: String) -> Result<Self, EntityRefError> {
        text.parse()
    }
}

impl From<EntityRef> for String {
    fn from(reference: EntityRef) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind, self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_and_writes() {
        let reference: EntityRef = "Component:default/Checkout".parse().unwrap();
        assert_eq!(reference.to_string(), "component:default/checkout");
        assert_eq!((reference.kind(), reference.namespace(), reference.name()), ("component", "default", "checkout"));
        for bad in ["", "checkout", "component:checkout", "default/checkout", "a:b"] {
            assert_eq!(bad.parse::<EntityRef>(), Err(EntityRefError::Shape), "{bad}");
        }
        for bad in ["component:default/", ":a/b", "a:b/c/d", "a:b/c d", "a:b/é", "a:b/.."] {
            assert_eq!(bad.parse::<EntityRef>(), Err(EntityRefError::Part), "{bad}");
        }
    }

    #[test]
    fn four_spellings_mean_what_stands_around_them() {
        let read = |text| EntityRef::relative(text, Some("group"), "shop").map(String::from);
        for (text, full) in [
            ("team-a", "group:shop/team-a"),
            ("ns/team-a", "group:ns/team-a"),
            ("user:jdoe", "user:shop/jdoe"),
            ("Group:Default/Team-A", "group:default/team-a"),
        ] {
            assert_eq!(read(text), Ok(full.to_owned()), "{text}");
        }
        for bad in ["", ":a", "a:", "/a", "a/", "a:/b", "a:b/", "a:/"] {
            assert_eq!(read(bad), Err(EntityRefError::Shape), "{bad}");
        }
        // After a slash a colon is part of the name, and no name holds one.
        for bad in ["a/b:c", "a:b:c", "a:b/c/d", "é", "a b"] {
            assert_eq!(read(bad), Err(EntityRefError::Part), "{bad}");
        }
        assert_eq!(EntityRef::relative("team-a", None, "shop"), Err(EntityRefError::Kind));
        assert_eq!(EntityRef::relative("ns/team-a", None, "shop"), Err(EntityRefError::Kind));
        assert!(EntityRef::relative("group:team-a", None, "shop").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_left_out_makes_no_difference(
            kind in "[a-zA-Z]{1,8}", namespace in "[a-z0-9]{1,8}", name in "[a-zA-Z0-9]{1,4}[._-]?[a-zA-Z0-9]{1,4}",
        ) {
            let full: EntityRef = format!("{kind}:{namespace}/{name}").parse().unwrap();
            for text in [
                format!("{kind}:{namespace}/{name}"), format!("{kind}:{name}"), format!("{namespace}/{name}"), name.clone(),
            ] {
                prop_assert_eq!(EntityRef::relative(&text, Some(&kind), &namespace), Ok(full.clone()));
            }
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,80}") {
            if let Ok(reference) = EntityRef::relative(&text, Some("group"), "default") {
                prop_assert_eq!(reference.to_string().parse::<EntityRef>(), Ok(reference));
            }
        }

        #[test]
        fn round_trip(text in "[a-zA-Z]{1,8}:[a-z0-9-]{1,8}x/[a-zA-Z0-9._-]{1,8}y") {
            let reference: EntityRef = text.parse().unwrap();
            prop_assert_eq!(reference.to_string().parse::<EntityRef>(), Ok(reference));
        }
    }
}
