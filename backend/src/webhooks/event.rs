//! What is read of an event: its kind and the repository that it is about. Whatever else it claims is left unread.

use domain::error::FieldError;
use serde::Deserialize;

use super::Message;
use crate::{Error, Result, git_host::RepositoryName};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event<'a> {
    pub(super) kind: &'a str,
    /// None where it is about none, or about one that could not be one of ours.
    pub(super) repository: Option<RepositoryName>,
}

#[derive(Deserialize)]
struct Body {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

const MOST_ID: usize = 100;
const MOST_KIND: usize = 50;

impl<'a> Event<'a> {
    pub(super) fn read(message: &Message<'a>) -> Result<Self> {
        let is_kind = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !(1..=MOST_ID).contains(&message.delivery.len()) || !message.delivery.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(unreadable("/delivery", "The id of a delivery has 1 to 100 visible ASCII characters."));
        }
        if !(1..=MOST_KIND).contains(&message.event.len()) || !is_kind(message.event) {
            return Err(unreadable("/event", "The name of an event has 1 to 50 lower-case letters, digits and `_`."));
        }
        let body: Body = serde_json::from_slice(message.body)
            .map_err(|_| unreadable("", "The body must be JSON. Set the content type of the webhook to JSON."))?;
        let repository = body.repository.and_then(|repository| repository.full_name.parse().ok());
        Ok(Self { kind: message.event, repository })
    }
}

fn unreadable(pointer: &str, sentence: &str) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, sentence)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::Source;

    fn read(delivery: &'static str, event: &'static str, body: &'static str) -> Result<Event<'static>> {
        Event::read(&Message { source: Source::Gitea, delivery, event, body: body.as_bytes() })
    }

    #[test]
    fn kind_and_repository_are_read_and_nothing_else() {
        for (body, repository) in [
            (r#"{"repository": {"full_name": "payments/checkout", "id": 1}, "ref": 7}"#, Some("payments/checkout")),
            (r#"{"repository": {"full_name": "../../etc"}}"#, None),
            (r#"{"repository": {"full_name": "a/b/c"}}"#, None),
            (r#"{"repository": null}"#, None),
            (r#"{}"#, None),
        ] {
            let event = read("1", "push", body).unwrap();
            assert_eq!(event.repository.map(|name| name.to_string()).as_deref(), repository, "{body}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_a_sentence() {
        let id: &'static str = "i".repeat(101).leak();
        let deep: &'static str = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).leak();
        for (delivery, event, body) in [
            ("", "push", "{}"),
            ("a b", "push", "{}"),
            ("a\0", "push", "{}"),
            ("é", "push", "{}"),
            (id, "push", "{}"),
            ("1", "", "{}"),
            ("1", "Push", "{}"),
            ("1", "push'--", "{}"),
            ("1", "push", ""),
            ("1", "push", "payload=%7B%7D"),
            ("1", "push", "{\"repository\": {\"full_name\": 1}}"),
            ("1", "push", "\u{feff}{}"),
            ("1", "push", deep),
        ] {
            match read(delivery, event, body) {
                Err(Error::Invalid(fields)) => assert!(fields[0].message.ends_with('.'), "{fields:?}"),
                other => panic!("{event} {body:.20}: {other:?}"),
            }
        }
    }
}
