//! Why a definition cannot be shown as a reference.

use thiserror::Error;

use crate::golden_paths::Place;

/// Each says what to do; the raw text can be shown whatever it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error("This API has no definition. Write one, or name its file with `$text`.")]
    Empty,
    #[error("This definition has more than 1 MiB, which is too much to lay out. Divide it, or read it as it is.")]
    TooLarge,
    #[error("Definitions of the type `{api_type}` are shown as they are. Open the text to read it.")]
    NoReader { api_type: String },
    #[error("Line {}, column {}: {message}. Mend the definition there, or read it as it is.", .place.line, .place.column)]
    Syntax { place: Place, message: String },
    #[error(
        "{} Give `openapi` 3, `swagger` 2 or `asyncapi` 2 or 3 at the top.",
        if .found.is_empty() { "This definition does not say which format it has.".to_owned() }
        else { format!("The format {found} is not known here.") }
    )]
    Version { found: String },
}

impl Unreadable {
    /// Where the text is to be mended, as far as that is one place.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Syntax { place, .. } => Some(*place),
            Self::Version { .. } => Some(Place::START),
            Self::Empty | Self::TooLarge | Self::NoReader { .. } => None,
        }
    }
}

/// The place of a byte of a text.
pub(super) fn place(text: &str, byte: usize) -> Place {
    let end = (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = &text[..end];
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    let lines = before.bytes().filter(|b| *b == b'\n').count();
    Place { line: number(lines + 1), column: number(line.chars().count() + 1) }
}
