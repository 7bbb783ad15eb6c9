//! Tokens of people for their programs: what they look like, what they may do, and how long they live.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::error::FieldError;

/// The text that a program sends: `wmk_` and 64 hexadecimal digits, 256 random bits. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText(String);

/// What a token may be used for. What its person may not do, it may not do either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Everything that changes nothing.
    Read,
    /// Everything that the person may change; reading is part of it.
    Write,
}

/// A token that somebody asks for, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenWish {
    name: String,
    scopes: Vec<TokenScope>,
    expires_at: OffsetDateTime,
}

/// The longest life of a token.
pub const LONGEST: Duration = Duration::days(365);

const PREFIX: &str = "wmk_";
const DIGITS: usize = 64;
const MAX_NAME: usize = 60;

impl TokenText {
    /// The bits are the caller's to draw.
    pub fn of(secret: [u8; 32]) -> Self {
        let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{PREFIX}{digits}"))
    }

    /// `None` for what no token looks like.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let is_whole = digits.len() == DIGITS && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_whole.then(|| Self(text.to_owned()))
    }

    /// SHA-256, which is what is kept: with 256 random bits there is nothing to guess.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl TokenScope {
    pub const ALL: [TokenScope; 2] = [TokenScope::Read, TokenScope::Write];

    /// As in documents, forms and the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

impl TokenWish {
    /// Checks everything at once; the pointers are `/name`, `/scopes` and `/expires_at`.
    pub fn new(
        name: &str,
        scopes: &[String],
        expires_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Self, Vec<FieldError>> {
        let name = name.trim();
        let mut errors = Vec::new();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(is_invisible) {
            let message = "Name what uses the token in 1 to 60 visible characters, such as build of checkout.";
            errors.push(FieldError::new("/name", message));
        }
        let known: Option<Vec<TokenScope>> = scopes.iter().map(|word| TokenScope::of_word(word)).collect();
        let mut scopes = known.unwrap_or_default();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            errors.push(FieldError::new("/scopes", "Choose what the token may do: read, write, or both."));
        }
        if expires_at <= now || expires_at > now + LONGEST {
            let message = "Choose an end between now and a year from now, such as 2026-12-31T00:00:00Z.";
            errors.push(FieldError::new("/expires_at", message));
        }
        if errors.is_empty() { Ok(Self { name: name.to_owned(), scopes, expires_at }) } else { Err(errors) }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn scopes(&self) -> &[TokenScope] {
        &self.scopes
    }

    pub fn expires_at(&self) -> OffsetDateTime {
        self.expires_at
    }
}

/// What hides in a text or turns its direction around.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn wish(name: &str, scopes: &[&str], expires_at: OffsetDateTime) -> Result<TokenWish, Vec<String>> {
        let scopes: Vec<String> = scopes.iter().map(|word| (*word).to_owned()).collect();
        TokenWish::new(name, &scopes, expires_at, NOW)
            .map_err(|errors| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn name_scopes_and_end_are_checked_together() {
        let in_a_year = NOW + LONGEST;
        let good = wish(" build ", &["write", "read", "read"], in_a_year).unwrap();
        assert_eq!((good.name(), good.scopes()), ("build", &[TokenScope::Read, TokenScope::Write][..]));
        assert!(wish(&"é".repeat(60), &["read"], NOW + Duration::SECOND).is_ok());
        for (name, scopes, end, wrong) in [
            ("", &["read"][..], in_a_year, &["/name"][..]),
            (&"a".repeat(61), &["read"], in_a_year, &["/name"]),
            ("a\u{202e}b", &["read"], in_a_year, &["/name"]),
            ("a\0b", &["read"], in_a_year, &["/name"]),
            ("a", &[], in_a_year, &["/scopes"]),
            ("a", &["read", "admin"], in_a_year, &["/scopes"]),
            ("a", &["read"], NOW, &["/expires_at"]),
            ("a", &["read"], in_a_year + Duration::SECOND, &["/expires_at"]),
            ("", &["Read"], NOW - LONGEST, &["/name", "/scopes", "/expires_at"]),
        ] {
            assert_eq!(wish(name, scopes, end).unwrap_err(), wrong, "{name:?} {scopes:?} {end}");
        }
    }

    #[test]
    fn a_token_is_never_printed_and_its_hash_is_that_of_its_text() {
        let token = TokenText::of([0xab; 32]);
        assert_eq!(token.expose(), format!("wmk_{}", "ab".repeat(32)));
        assert_eq!(format!("{token:?}"), "[hidden]");
        assert_eq!(token.hash(), <[u8; 32]>::from(Sha256::digest(token.expose())));
    }

    proptest! {
        #[test]
        fn every_token_is_read_back(secret: [u8; 32]) {
            let token = TokenText::of(secret);
            prop_assert_eq!(TokenText::parse(token.expose()), Some(token));
        }

        #[test]
        fn nothing_else_is_one(text in "(wmk_)?[0-9a-fA-F ]{60,66}") {
            let is_one = text.len() == 68 && text.starts_with("wmk_") && !text[4..].contains(|c: char| c == ' ' || c.is_ascii_uppercase());
            prop_assert_eq!(TokenText::parse(&text).is_some(), is_one);
        }
    }
}
