//! The words of a commit: one line of text, and trailers that machines read back.

use std::fmt;

use thiserror::Error;
use uuid::Uuid;

/// One line of plain text that begins with a letter or a digit: 1 to 200 characters without control or direction marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneLine(String);

/// Who made a commit, or helped: a name and an address that cannot break out of their line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    email: String,
}

/// A subject, the run that made the commit, and the person who asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitMessage {
    pub subject: OneLine,
    pub run: Uuid,
    pub co_author: Option<Signature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    #[error("Use 1 to {0} characters.")]
    Length(usize),
    #[error("Use plain text on one line, without control characters, direction marks, `<` and `>`.")]
    Character,
    #[error("Begin with a letter or a digit.")]
    Start,
    #[error("Use an address such as name@example.org.")]
    Address,
}

const MAX_LINE: usize = 200;
const MAX_NAME: usize = 80;
const MAX_ADDRESS: usize = 254;
const RUN_TRAILER: &str = "Run-Id: ";
const CO_AUTHOR_TRAILER: &str = "Co-authored-by: ";

impl OneLine {
    pub fn new(text: &str) -> Result<Self, TextError> {
        check_text(text, MAX_LINE)?;
        if !text.starts_with(char::is_alphanumeric) {
            return Err(TextError::Start);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Signature {
    pub fn new(name: &str, email: &str) -> Result<Self, TextError> {
        check_text(name, MAX_NAME)?;
        check_address(email)?;
        Ok(Self { name: name.to_owned(), email: email.to_owned() })
    }

    /// The platform's own; always the same, because the id of a commit depends on it.
    pub fn platform() -> Self {
        Self { name: "Waymark".to_owned(), email: "waymark@noreply.invalid".to_owned() }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

impl fmt::Display for CommitMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{RUN_TRAILER}{}\n", self.subject.0, self.run)?;
        match &self.co_author {
            Some(person) => writeln!(f, "{CO_AUTHOR_TRAILER}{person}"),
            None => Ok(()),
        }
    }
}

/// The run that a commit message names in its last paragraph, if it names exactly one.
pub fn run_id_in(message: &str) -> Option<Uuid> {
    let (_, trailers) = message.trim_end().rsplit_once("\n\n")?;
    let mut runs = trailers.lines().filter_map(|line| line.strip_prefix(RUN_TRAILER));
    let run = runs.next().filter(|_| runs.next().is_none())?;
    run.parse().ok()
}

fn check_text(text: &str, longest: usize) -> Result<(), TextError> {
    if text.trim().is_empty() || text.chars().count() > longest {
        return Err(TextError::Length(longest));
    }
    if text.trim() != text || text.chars().any(|c| c.is_control() || is_invisible(c) || matches!(c, '<' | '>')) {
        return Err(TextError::Character);
    }
    Ok(())
}

/// Characters that change the order or the end of what people see.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn check_address(email: &str) -> Result<(), TextError> {
    let is_local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    let (local, host) = email.split_once('@').ok_or(TextError::Address)?;
    let filled = !local.is_empty() && !host.is_empty() && email.len() <= MAX_ADDRESS;
    if filled && local.bytes().all(is_local) && host.bytes().all(is_host) { Ok(()) } else { Err(TextError::Address) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUN: Uuid = Uuid::from_u128(7);

    fn message(subject: &str, co_author: Option<(&str, &str)>) -> CommitMessage {
        let co_author = co_author.map(|(name, email)| Signature::new(name, email).unwrap());
        CommitMessage { subject: OneLine::new(subject).unwrap(), run: RUN, co_author }
    }

    #[test]
    fn it_reads_as_git_expects() {
        let text = message("Create checkout", Some(("Zoë O'Hara", "zoe+x@example.org"))).to_string();
        let wanted = "Create checkout\n\nRun-Id: 00000000-0000-0000-0000-000000000007\n\
                      Co-authored-by: Zoë O'Hara <zoe+x@example.org>\n";
        assert_eq!(text, wanted);
        assert_eq!(run_id_in(&text), Some(RUN));
    }

    #[test]
    fn only_one_trailer_in_the_last_paragraph_names_the_run() {
        let run = RUN.to_string();
        assert_eq!(run_id_in(&format!("Run-Id: {run}")), None, "a subject is no trailer");
        assert_eq!(run_id_in(&format!("a\n\nRun-Id: {run}\n\nmore words")), None);
        assert_eq!(run_id_in(&format!("a\n\nRun-Id: {run}\nRun-Id: {run}")), None);
        assert_eq!(run_id_in("a\n\nRun-Id: x"), None);
    }

    #[test]
    fn a_person_cannot_break_out_of_the_line() {
        for name in ["a\nb", "a\r", "a<b", "a>b", "a\0", "a\u{202e}b", "a\u{200b}", "", "  ", " a", "a\u{2028}b"] {
            assert!(Signature::new(name, "a@b").is_err(), "{name:?}");
        }
        for email in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a@b>", "<a@b", "a@b c", "ä@b", "a@b;c"] {
            assert_eq!(Signature::new("a", email), Err(TextError::Address), "{email:?}");
        }
        assert!(Signature::new("a", &format!("{}@b", "a".repeat(253))).is_err());
        assert!(Signature::new(&"a".repeat(81), "a@b").is_err());
    }

    #[test]
    fn a_subject_begins_with_a_letter_or_digit() {
        for text in ["-m", "--amend", "#x", "\tx", ".x", "(x"] {
            assert!(OneLine::new(text).is_err(), "{text:?}");
        }
        assert_eq!(OneLine::new(&"a".repeat(201)), Err(TextError::Length(200)));
        assert!(OneLine::new("Éclair: 2 files").is_ok());
    }

    #[test]
    fn the_platform_keeps_its_own_rules() {
        let platform = Signature::platform();
        assert_eq!(Signature::new(&platform.name, &platform.email), Ok(platform));
    }

    proptest! {
        #[test]
        fn accepted_words_never_change_the_trailers(subject in "\\PC{0,40}|[a\\n\\rRun:Id <>-]{0,30}", name in "\\PC{0,20}") {
            let (Ok(subject), Ok(person)) = (OneLine::new(&subject), Signature::new(&name, "a@b")) else { return Ok(()) };
            let text = CommitMessage { subject, run: RUN, co_author: Some(person) }.to_string();
            prop_assert_eq!(text.lines().count(), 4);
            prop_assert_eq!(run_id_in(&text), Some(RUN));
        }
    }
}
