//! Where the list stands in the text.

use std::ops::Range;

use super::{ImageOverride, OverlayError, scalar};

pub(super) struct Block {
    /// Index of the line `images:`.
    pub(super) at: usize,
    pub(super) entries: Vec<Entry>,
}

pub(super) struct Entry {
    /// Column of the dash.
    pub(super) dash: usize,
    pub(super) key_column: usize,
    /// In order; the first holds the name.
    pub(super) lines: Vec<Line>,
}

pub(super) struct Line {
    pub(super) at: usize,
    /// `None` for a key that is none of ours.
    pub(super) field: Option<Field>,
    /// Where the value stands in the line, quotes included.
    pub(super) value: Range<usize>,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    NewName,
    NewTag,
    Digest,
}

impl Field {
    const ALL: [Self; 4] = [Self::Name, Self::NewName, Self::NewTag, Self::Digest];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NewName => "newName",
            Self::NewTag => "newTag",
            Self::Digest => "digest",
        }
    }
}

impl Entry {
    pub(super) fn last_line(&self) -> usize {
        self.lines.last().map_or(0, |line| line.at)
    }

    pub(super) fn value(&self) -> ImageOverride {
        let get = |field| self.lines.iter().find(|line| line.field == Some(field)).map(|line| line.text.clone());
        ImageOverride {
            name: get(Field::Name).unwrap_or_default(),
            new_name: get(Field::NewName),
            new_tag: get(Field::NewTag),
            digest: get(Field::Digest),
        }
    }
}

impl Block {
    /// `None` when the file has no such list.
    pub(super) fn find(text: &str) -> Result<Option<Self>, OverlayError> {
        let mut block: Option<Self> = None;
        let (mut is_inside, mut has_content) = (false, false);
        for (at, line) in text.lines().enumerate() {
            let refused = OverlayError::Style(at + 1);
            let indent = line.len() - line.trim_start_matches(' ').len();
            let rest = line.get(indent..).unwrap_or_default();
            if rest.is_empty() || rest.starts_with('#') || rest.trim().is_empty() {
                continue;
            }
            if line.starts_with("---") || line.starts_with("...") {
                // A second document would be another file.
                if has_content {
                    return Err(refused);
                }
                continue;
            }
            has_content = true;
            if indent == 0 && !rest.starts_with('-') {
                is_inside = is_images(rest).ok_or(refused)?;
                if is_inside && block.is_some() {
                    return Err(refused);
                }
                if is_inside {
                    block = Some(Self { at, entries: Vec::new() });
                }
                continue;
            }
            if let Some(block) = block.as_mut().filter(|_| is_inside) {
                block.take(at, indent, rest).ok_or(refused)?;
            }
        }
        if let Some(block) = &block {
            block.check().ok_or(OverlayError::Style(block.at + 1))?;
        }
        Ok(block)
    }

    fn take(&mut self, at: usize, indent: usize, rest: &str) -> Option<()> {
        let (column, rest) = match rest.strip_prefix('-') {
            Some(after) => {
                let spaces = after.len() - after.trim_start_matches(' ').len();
                (spaces > 0).then_some(())?;
                let column = indent + 1 + spaces;
                self.entries.push(Entry { dash: indent, key_column: column, lines: Vec::new() });
                (column, after.get(spaces..)?)
            }
            None => (indent, rest),
        };
        let entry = self.entries.last_mut()?;
        (entry.key_column == column).then_some(())?;
        entry.lines.push(line(at, column, rest)?);
        Some(())
    }

    /// Every entry begins with its name, no name and no key stands twice, and all dashes stand below each other.
    fn check(&self) -> Option<()> {
        let mut names: Vec<String> = self.entries.iter().map(|entry| entry.value().name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        let is_whole = |entry: &Entry| {
            let mut fields: Vec<Field> = entry.lines.iter().filter_map(|line| line.field).collect();
            let count = fields.len();
            fields.sort_unstable_by_key(|field| *field as u8);
            fields.dedup();
            entry.lines.first().is_some_and(|line| line.field == Some(Field::Name)) && fields.len() == count
        };
        let first = self.entries.first().map(|entry| entry.dash);
        let fits = names.len() == all
            && self.entries.iter().all(is_whole)
            && self.entries.iter().all(|entry| Some(entry.dash) == first);
        fits.then_some(())
    }
}

/// Whether a top-level line begins the list; `None` when it does so in another style.
fn is_images(line: &str) -> Option<bool> {
    let Some(rest) = ["images", "\"images\"", "'images'"].iter().find_map(|key| line.strip_prefix(key)) else {
        return Some(false);
    };
    let Some(rest) = rest.trim_start().strip_prefix(':') else { return Some(false) };
    let rest = rest.trim();
    (line.starts_with("images:") && (rest.is_empty() || rest.starts_with('#'))).then_some(true)
}

fn line(at: usize, column: usize, rest: &str) -> Option<Line> {
    let (key, after) = rest.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_key && after.starts_with(' ')).then_some(())?;
    let spaces = after.len() - after.trim_start_matches(' ').len();
    let (text, length) = scalar::read(after.get(spaces..)?)?;
    let start = column + key.len() + 1 + spaces;
    let field = Field::ALL.into_iter().find(|field| field.as_str() == key);
    Some(Line { at, field, value: start..start + length, text })
}
