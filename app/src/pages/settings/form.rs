//! The form of a new token, as it is typed.

use domain::{
    access::{TokenScope, TokenWish},
    error::FieldError,
};
use time::{Duration, OffsetDateTime};

/// What was typed and chosen; it comes back with the page when something is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenForm {
    pub name: String,
    /// `read` or `write`; writing includes reading.
    pub access: String,
    /// How long the token lives: one of [`DAYS`].
    pub days: String,
}

/// What can be chosen, with its words.
pub(super) const DAYS: [(&str, &str); 4] = [("7", "a week"), ("30", "30 days"), ("90", "90 days"), ("365", "a year")];

impl TokenForm {
    /// The token that is asked for; the pointers of what is wrong are `/name`, `/access` and `/days`.
    pub fn wish(&self, now: OffsetDateTime) -> Result<TokenWish, Vec<FieldError>> {
        let scopes: &[TokenScope] = match TokenScope::of_word(&self.access) {
            Some(TokenScope::Write) => &TokenScope::ALL,
            Some(TokenScope::Read) => &[TokenScope::Read],
            None => &[],
        };
        let words: Vec<String> = scopes.iter().map(|scope| scope.word().to_owned()).collect();
        let days = DAYS.iter().find(|(days, _)| *days == self.days).and_then(|(days, _)| days.parse().ok());
        // What is none of the choices ends now, which is refused.
        let expires_at = now + Duration::days(days.unwrap_or(0));
        TokenWish::new(&self.name, &words, expires_at, now).map_err(|errors| errors.into_iter().map(of_form).collect())
    }
}

/// The form has other fields than the document of the API.
fn of_form(error: FieldError) -> FieldError {
    match error.pointer.as_str() {
        "/scopes" => FieldError::new("/access", "Choose whether the token may only read, or also change things."),
        "/expires_at" => FieldError::new("/days", "Choose one of the lengths."),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn choices_become_scopes_and_an_end() {
        let now = datetime!(2026-11-21 12:00 UTC);
        let form = |name: &str, access: &str, days: &str| TokenForm {
            name: name.into(),
            access: access.into(),
            days: days.into(),
        };
        let wish = form("build", "write", "30").wish(now).unwrap();
        assert_eq!(wish.scopes(), TokenScope::ALL);
        assert_eq!(wish.expires_at(), datetime!(2026-12-21 12:00 UTC));
        assert_eq!(form("build", "read", "365").wish(now).unwrap().scopes(), [TokenScope::Read]);
        let errors = form(" ", "admin", "3650").wish(now).unwrap_err();
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/access", "/days"]);
    }
}
