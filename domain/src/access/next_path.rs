//! Where to go after sign-in: a path of ours and nothing else, or the sign-in becomes an open redirector.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A path with optional query, such as `/catalog?kind=component`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPath(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a path of this site")]
pub struct NotOurs;

const MAX_LENGTH: usize = 2_000;

impl NextPath {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for NextPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for NextPath {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let rest = text.strip_prefix('/').ok_or(NotOurs)?;
        // Browsers read `//host` and `/\host` as another host, and drop tabs and line ends before they look.
        let printable = text.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'\\');
        if rest.starts_with('/') || !printable || text.len() > MAX_LENGTH {
            return Err(NotOurs);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for NextPath {
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
        for good in ["/", "/catalog", "/catalog?kind=component&x=%2F", "/a//b", "/a#b"] {
            assert!(good.parse::<NextPath>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "catalog",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil",
            "/a\r\nb",
            "/é",
            "/a b",
        ] {
            assert!(bad.parse::<NextPath>().is_err(), "{bad:?}");
        }
        assert!(format!("/{}", "a".repeat(2_000)).parse::<NextPath>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_accepted_stays_on_this_host(text in "[/\\\\a:.@?#\t ]{0,12}") {
            if let Ok(path) = text.parse::<NextPath>() {
                prop_assert!(path.as_str().starts_with('/'));
                prop_assert!(!path.as_str().starts_with("//"));
                prop_assert!(!path.as_str().contains('\\'));
            }
        }
    }
}
