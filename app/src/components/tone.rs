//! What a colour means here.

use super::Glyph;

/// How something stands. Every tone has a shape and a word beside its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Somebody should look.
    Warn,
    /// Broken or refused.
    Bad,
    /// Under way, or worth knowing.
    Info,
    /// Not known: hatched, never grey-as-good or red-as-bad.
    Unknown,
}

impl Tone {
    pub const ALL: [Tone; 5] = [Tone::Good, Tone::Warn, Tone::Bad, Tone::Info, Tone::Unknown];

    /// The shape that goes with the tone where nothing more exact is said.
    pub fn glyph(self) -> Glyph {
        match self {
            Tone::Good => Glyph::Check,
            Tone::Warn => Glyph::Alert,
            Tone::Bad => Glyph::Cross,
            Tone::Info => Glyph::Info,
            Tone::Unknown => Glyph::Question,
        }
    }

    /// Text, ground and edge of something small in this tone, for an element with a border: where colours are forced, the
    /// border is what remains.
    pub(super) fn fill(self) -> &'static str {
        match self {
            Tone::Good => "border-transparent bg-good-soft text-good",
            Tone::Warn => "border-transparent bg-warn-soft text-warn",
            Tone::Bad => "border-transparent bg-bad-soft text-bad",
            Tone::Info => "border-transparent bg-accent-soft text-accent",
            Tone::Unknown => "hatched border-line text-unknown",
        }
    }

    /// The edge of something large in this tone.
    pub(super) fn edge(self) -> &'static str {
        match self {
            Tone::Good => "border-l-good",
            Tone::Warn => "border-l-warn",
            Tone::Bad => "border-l-bad",
            Tone::Info => "border-l-accent",
            Tone::Unknown => "border-l-unknown",
        }
    }
}
