//! The name of a namespace: made once from team, service and environment, then stored.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::FieldError;

/// A DNS label (RFC 1123) of at most 63 characters that is nobody else's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamespaceName(String);

/// Why something is not the name of a namespace. The text stands beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NamespaceNameError {
    #[error("Give it a name.")]
    Empty,
    #[error(
        "Team, service and environment together make a namespace name of more than 63 characters. Choose a shorter name."
    )]
    TooLong,
    #[error("Use the letters a to z, digits and hyphens, and begin and end with a letter or a digit.")]
    Character,
    #[error("This namespace belongs to the cluster or to the platform. Choose another name.")]
    Reserved,
}

const MAX_LENGTH: usize = 63;
const RESERVED: [&str; 3] = ["default", "flux-system", "waymark"];
const RESERVED_PREFIXES: [&str; 3] = ["kube-", "openshift-", "waymark-"];

impl NamespaceName {
    /// `payments`, `checkout` and `dev` give `payments-checkout-dev`.
    pub fn of(team: &str, service: &str, environment: &str) -> Result<Self, NamespaceNameError> {
        if [team, service, environment].iter().any(|part| part.is_empty()) {
            return Err(NamespaceNameError::Empty);
        }
        format!("{team}-{service}-{environment}").parse()
    }

    /// One of the platform's own, `waymark-scratch-small` for the purpose `scratch-small`; no tenant can have it.
    pub fn of_platform(purpose: &str) -> Result<Self, NamespaceNameError> {
        // Judged behind a prefix that is not reserved and one letter longer, then named.
        let mut judged: Self = format!("xwaymark-{purpose}").parse()?;
        Ok(Self(judged.0.split_off(1)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NamespaceNameError {
    /// Where the person who asked can change it.
    pub fn at_name(self) -> FieldError {
        FieldError::new("/name", self.to_string())
    }
}

impl FromStr for NamespaceName {
    type Err = NamespaceNameError;

    fn from_str(text: &str) -> Result<Self, NamespaceNameError> {
        if text.is_empty() {
            return Err(NamespaceNameError::Empty);
        }
        let is_label = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !is_label || text.starts_with('-') || text.ends_with('-') {
            return Err(NamespaceNameError::Character);
        }
        if text.len() > MAX_LENGTH {
            return Err(NamespaceNameError::TooLong);
        }
        if RESERVED.contains(&text) || RESERVED_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            return Err(NamespaceNameError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for NamespaceName {
    type Error = NamespaceNameError;

    fn try_from(text: String) -> Result<Self, NamespaceNameError> {
        text.parse()
    }
}

impl From<NamespaceName> for String {
    fn from(name: NamespaceName) -> Self {
        name.0
    }
}

impl fmt::Display for NamespaceName {
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
        assert_eq!(
            NamespaceName::of("payments", "checkout", "dev").map(String::from),
            Ok("payments-checkout-dev".into())
        );
        assert!("a".repeat(63).parse::<NamespaceName>().is_ok());
        for (bad, why) in [
            ("", NamespaceNameError::Empty),
            ("Payments", NamespaceNameError::Character),
            ("a_b", NamespaceNameError::Character),
            ("a.b", NamespaceNameError::Character),
            ("-a", NamespaceNameError::Character),
            ("a-", NamespaceNameError::Character),
            ("chеckout", NamespaceNameError::Character),
            ("default", NamespaceNameError::Reserved),
            ("kube-system", NamespaceNameError::Reserved),
            ("openshift-dns", NamespaceNameError::Reserved),
            ("waymark-system", NamespaceNameError::Reserved),
            ("flux-system", NamespaceNameError::Reserved),
        ] {
            assert_eq!(bad.parse::<NamespaceName>(), Err(why), "{bad}");
        }
        let long = "a".repeat(64);
        assert_eq!(long.parse::<NamespaceName>(), Err(NamespaceNameError::TooLong));
        assert_eq!(NamespaceNameError::TooLong.at_name().pointer, "/name");
        assert_eq!(NamespaceName::of("payments", "", "dev"), Err(NamespaceNameError::Empty));
        assert_eq!(NamespaceName::of_platform("scratch-small").map(String::from), Ok("waymark-scratch-small".into()));
        assert_eq!(NamespaceName::of_platform("Scratch"), Err(NamespaceNameError::Character));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_a_dns_label(text in ".{0,80}") {
            if let Ok(name) = text.parse::<NamespaceName>() {
                prop_assert!(name.as_str().len() <= 63);
                prop_assert!(!name.as_str().starts_with('-') && !name.as_str().ends_with('-'));
            }
        }
    }
}
