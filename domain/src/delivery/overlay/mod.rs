//! The list `images` of an overlay: read, and set to what another overlay has. Lines that need not change stay as they
//! are, comments included; a file in a style that is not understood is refused rather than rewritten.

mod block;
mod scalar;

use thiserror::Error;

use self::block::{Block, Entry, Field};

/// One entry: which image of the base is replaced, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageOverride {
    pub name: String,
    pub new_name: Option<String>,
    pub new_tag: Option<String>,
    /// With its algorithm.
    pub digest: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OverlayError {
    #[error(
        "Line {0} of kustomization.yaml is written in a way that cannot be changed safely. Write `images` as a plain \
         list, each entry beginning with its name, or make this change by hand."
    )]
    Style(usize),
    #[error("This overlay sets no image, so there is nothing to take over. Add an entry under `images` first.")]
    NoImages,
}

impl ImageOverride {
    /// What the workload will name: `name:tag@digest`, as far as given.
    pub fn image(&self) -> String {
        let mut image = self.new_name.clone().unwrap_or_else(|| self.name.clone());
        // A digest wins; kustomize leaves the tag out then.
        match (&self.digest, &self.new_tag) {
            (Some(digest), _) => image.extend(["@", digest]),
            (None, Some(tag)) => image.extend([":", tag]),
            (None, None) => {}
        }
        image
    }

    fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => Some(&self.name),
            Field::NewName => self.new_name.as_deref(),
            Field::NewTag => self.new_tag.as_deref(),
            Field::Digest => self.digest.as_deref(),
        }
    }
}

/// What an overlay sets, in its order. No list is an empty one.
pub fn image_overrides(text: &str) -> Result<Vec<ImageOverride>, OverlayError> {
    let block = Block::find(text)?;
    Ok(block.map(|block| block.entries.iter().map(Entry::value).collect()).unwrap_or_default())
}

/// `target` with the images of `source`. Images that the source does not name stay.
pub fn promote(target: &str, source: &[ImageOverride]) -> Result<String, OverlayError> {
    if source.is_empty() {
        return Err(OverlayError::NoImages);
    }
    let mut lines: Vec<String> = target.split_inclusive('\n').map(str::to_owned).collect();
    let eol = if lines.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let Some(block) = Block::find(target)? else {
        end_last_line(&mut lines, eol);
        lines.push(format!("images:{eol}"));
        let new = source.iter().map(|wanted| whole_entry(wanted, 2, eol));
        lines.extend(new);
        return Ok(lines.concat());
    };
    // From the end, so that the line numbers before stay true.
    let last = block.entries.last().map_or(block.at, Entry::last_line);
    let is_new = |wanted: &&ImageOverride| !block.entries.iter().any(|e| e.value().name == wanted.name);
    let indent = block.entries.first().map_or(2, |entry| entry.dash);
    let added: Vec<String> = source.iter().filter(is_new).map(|wanted| whole_entry(wanted, indent, eol)).collect();
    insert(&mut lines, last + 1, added, eol);
    for entry in block.entries.iter().rev() {
        let present = entry.value();
        if let Some(wanted) = source.iter().find(|wanted| wanted.name == present.name) {
            set(&mut lines, entry, &present, wanted, eol);
        }
    }
    Ok(lines.concat())
}

fn set(lines: &mut Vec<String>, entry: &Entry, present: &ImageOverride, wanted: &ImageOverride, eol: &str) {
    let fields = [Field::NewName, Field::NewTag, Field::Digest];
    let added = fields.into_iter().filter(|f| present.get(*f).is_none()).filter_map(|field| {
        let value = wanted.get(field)?;
        Some(format!("{}{}: {}{eol}", " ".repeat(entry.key_column), field.as_str(), scalar::write(value)))
    });
    let added: Vec<String> = added.collect();
    insert(lines, entry.last_line() + 1, added, eol);
    for line in entry.lines.iter().rev() {
        let (Some(field), Some(text)) = (line.field, lines.get_mut(line.at)) else { continue };
        match (wanted.get(field), present.get(field)) {
            (Some(wanted), Some(present)) if wanted != present => {
                text.replace_range(line.value.clone(), &scalar::write(wanted));
            }
            (None, Some(_)) => {
                lines.remove(line.at);
            }
            _ => {}
        }
    }
}

fn whole_entry(wanted: &ImageOverride, indent: usize, eol: &str) -> String {
    let pad = " ".repeat(indent);
    let mut text = format!("{pad}- name: {}{eol}", scalar::write(&wanted.name));
    for field in [Field::NewName, Field::NewTag, Field::Digest] {
        if let Some(value) = wanted.get(field) {
            text.push_str(&format!("{pad}  {}: {}{eol}", field.as_str(), scalar::write(value)));
        }
    }
    text
}

fn insert(lines: &mut Vec<String>, at: usize, added: Vec<String>, eol: &str) {
    if added.is_empty() {
        return;
    }
    if at >= lines.len() {
        end_last_line(lines, eol);
    }
    let at = at.min(lines.len());
    lines.splice(at..at, added);
}

fn end_last_line(lines: &mut [String], eol: &str) {
    if let Some(last) = lines.last_mut().filter(|line| !line.ends_with('\n')) {
        last.push_str(eol);
    }
}

#[cfg(test)]
mod tests;
