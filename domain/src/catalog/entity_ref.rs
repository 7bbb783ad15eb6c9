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

    proptest! {
        #[test]
        fn round_trip(text in "[a-zA-Z]{1,8}:[a-z0-9-]{1,8}x/[a-zA-Z0-9._-]{1,8}y") {
            let reference: EntityRef = text.parse().unwrap();
            prop_assert_eq!(reference.to_string().parse::<EntityRef>(), Ok(reference));
        }
    }
}
