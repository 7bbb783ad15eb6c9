//! The kinds of failure. This is the one place that maps a kind to a status code and to words.

mod pointer;

use serde::{Deserialize, Serialize};

pub use pointer::{pointer, pointer_keys};

/// Why something was not done, as far as the person who asked is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorKind {
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// Visible, but not theirs to do.
    Forbidden,
    /// Missing, or hidden from this person: both look the same.
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    /// The world has moved, or the name is taken.
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    /// Sent to a host name that is not ours.
    Misdirected,
    /// One or more fields do not hold what they should.
    Invalid,
    TooManyRequests,
    /// Our own fault.
    Internal,
    /// Something we depend on does not answer.
    Unavailable,
}

/// Status, machine code, title and remedy of a kind.
struct Words(u16, &'static str, &'static str, &'static str);

impl ErrorKind {
    pub const ALL: [ErrorKind; 13] = [
        ErrorKind::Unauthenticated,
        ErrorKind::Forbidden,
        ErrorKind::NotFound,
        ErrorKind::MethodNotAllowed,
        ErrorKind::RequestTimeout,
        ErrorKind::Conflict,
        ErrorKind::TooLarge,
        ErrorKind::UnsupportedMediaType,
        ErrorKind::Misdirected,
        ErrorKind::Invalid,
        ErrorKind::TooManyRequests,
        ErrorKind::Internal,
        ErrorKind::Unavailable,
    ];

    /// The HTTP status code (RFC 9110, RFC 6585).
    pub fn status(self) -> u16 {
        self.words().0
    }

    /// The stable `code` of problem documents (RFC 9457).
    pub fn code(self) -> &'static str {
        self.words().1
    }

    /// What happened, in one line.
    pub fn title(self) -> &'static str {
        self.words().2
    }

    /// What to do about it, in one sentence.
    pub fn remedy(self) -> &'static str {
        self.words().3
    }

    /// The kind that stands for a status code set by somebody else, such as a router or a size limit.
    pub fn of_status(status: u16) -> Option<Self> {
        match status {
            400..=499 => Some(Self::ALL.into_iter().find(|kind| kind.status() == status).unwrap_or(ErrorKind::Invalid)),
            500.. => Some(if status == 503 { ErrorKind::Unavailable } else { ErrorKind::Internal }),
            _ => None,
        }
    }

    fn words(self) -> Words {
        match self {
            Self::Unauthenticated => Words(401, "unauthenticated", "You are not signed in", "Sign in and try again."),
            Self::Forbidden => Words(
                403,
                "forbidden",
                "This is not yours to do",
                "Ask the team that owns it, or the platform team, to do it or to give you the role.",
            ),
            Self::NotFound => Words(
                404,
                "not_found",
                "There is nothing here that you can see",
                "Check the address, or search for what you were looking for.",
            ),
            Self::MethodNotAllowed => Words(
                405,
                "method_not_allowed",
                "This address does not take that kind of request",
                "Go back and use the form or link on the page.",
            ),
            Self::RequestTimeout => Words(408, "timeout", "That took too long", "Try again in a moment."),
            Self::Conflict => Words(
                409,
                "conflict",
                "The world has moved since you looked",
                "Look at the current state, then try again.",
            ),
            Self::TooLarge => Words(
                413,
                "too_large",
                "What you sent is too large",
                "Shorten it and send it again; nothing was stored.",
            ),
            Self::UnsupportedMediaType => Words(
                415,
                "unsupported_media_type",
                "This address does not read that content type",
                "Send a form, or JSON with the content type application/json.",
            ),
            Self::Misdirected => Words(
                421,
                "misdirected",
                "This server does not answer for that host name",
                "Use the address that your platform team gave you.",
            ),
            Self::Invalid => Words(
                422,
                "invalid",
                "Some of what you entered needs a change",
                "Each field below says what it expects.",
            ),
            Self::TooManyRequests => {
                Words(429, "too_many_requests", "That was too often", "Wait a moment and try again.")
            }
            Self::Internal => Words(
                500,
                "internal",
                "Something broke on our side",
                "It has been recorded. Try again; if it stays, give the platform team the reference below.",
            ),
            Self::Unavailable => Words(
                503,
                "unavailable",
                "Something that this page needs does not answer",
                "Nothing was lost. Try again in a minute.",
            ),
        }
    }
}

/// What is wrong with one field of a form or document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field, such as `/name`.
    pub pointer: String,
    /// A full sentence that says what the field expects.
    pub message: String,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_status_and_code() {
        for (i, a) in ErrorKind::ALL.iter().enumerate() {
            for b in &ErrorKind::ALL[i + 1..] {
                assert_ne!(a.status(), b.status());
                assert_ne!(a.code(), b.code());
            }
            assert_eq!(ErrorKind::of_status(a.status()), Some(*a));
            assert!(a.remedy().ends_with('.'), "{a:?}: a remedy is a sentence");
        }
    }

    #[test]
    fn foreign_statuses_fall_into_a_kind() {
        assert_eq!(ErrorKind::of_status(200), None);
        assert_eq!(ErrorKind::of_status(303), None);
        assert_eq!(ErrorKind::of_status(400), Some(ErrorKind::Invalid));
        assert_eq!(ErrorKind::of_status(502), Some(ErrorKind::Internal));
    }
}
