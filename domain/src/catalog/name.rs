//! The name of a service, team or path: short, ASCII, fit for a DNS label and a repository.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Lower-case ASCII: a letter, then letters, digits and single hyphens, at most 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why something is not a name. The text stands beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("Give it a name.")]
    Empty,
    #[error("Use at most 40 characters; the name becomes part of host names.")]
    TooLong,
    #[error("Begin with a letter from a to z.")]
    Start,
    #[error(
        "Use only the letters a to z, digits and hyphens; other scripts, capitals and spaces do not fit host names."
    )]
    Character,
    #[error("End with a letter or a digit, and put no two hyphens side by side.")]
    Hyphen,
    #[error("This name is reserved for the platform. Choose another one.")]
    Reserved,
}

const MAX_LENGTH: usize = 40;

/// Names that Kubernetes, the platform or its addresses already use.
const RESERVED: [&str; 14] = [
    "admin",
    "api",
    "default",
    "flux-system",
    "kube",
    "kubernetes",
    "login",
    "logout",
    "new",
    "openshift",
    "platform",
    "root",
    "system",
    "waymark",
];
const RESERVED_PREFIXES: [&str; 3] = ["kube-", "openshift-", "waymark-"];

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let first = text.bytes().next().ok_or(NameError::Empty)?;
        if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(NameError::Character);
        }
        if text.len() > MAX_LENGTH {
            return Err(NameError::TooLong);
        }
        if !first.is_ascii_lowercase() {
            return Err(NameError::Start);
        }
        if text.ends_with('-') || text.contains("--") {
            return Err(NameError::Hyphen);
        }
        if RESERVED.contains(&text) || RESERVED_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            return Err(NameError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn table() {
        let longest = "a".repeat(40);
        for good in ["a", "checkout", "checkout-api", "a1-b2", longest.as_str()] {
            assert_eq!(good.parse::<Name>().map(String::from), Ok(good.to_owned()));
        }
        let too_long = "a".repeat(41);
        for (bad, why) in [
            ("", NameError::Empty),
            (too_long.as_str(), NameError::TooLong),
            ("1a", NameError::Start),
            ("-a", NameError::Start),
            ("a-", NameError::Hyphen),
            ("a--b", NameError::Hyphen),
            ("Checkout", NameError::Character),
            ("check out", NameError::Character),
            ("chеckout", NameError::Character),
            ("a\0", NameError::Character),
            ("a٣", NameError::Character),
            ("a\u{202e}b", NameError::Character),
            ("../a", NameError::Character),
            ("kube-system", NameError::Reserved),
            ("default", NameError::Reserved),
        ] {
            assert_eq!(bad.parse::<Name>(), Err(why), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_a_dns_label(text in ".{0,60}") {
            if let Ok(name) = text.parse::<Name>() {
                let s = name.as_str();
                prop_assert!(s.len() <= 63 && !s.is_empty());
                prop_assert!(s.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')));
                prop_assert!(!s.starts_with('-') && !s.ends_with('-'));
            }
        }
    }
}
