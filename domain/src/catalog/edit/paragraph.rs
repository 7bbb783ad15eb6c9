//! Texts of several lines as YAML writes them below a header (`|`, `>`).

use super::scalar::is_visible;

/// What stands before such a text: `|`, `>-`, `|2+`.
pub(super) struct Header {
    pub(super) is_folded: bool,
    /// By how much the lines stand to the right of their key, where that is said.
    pub(super) indent: Option<usize>,
    chomping: &'static str,
}

/// Where folded texts end a line when nothing of the old text says where.
const WIDTH: usize = 80;

/// The end of a header: what becomes of the line breaks at the end of a text.
pub(super) fn chomping(text: &str) -> &'static str {
    match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    }
}

impl Header {
    pub(super) fn read(written: &str) -> Self {
        Self {
            is_folded: written.starts_with('>'),
            indent: written.chars().find_map(|c| c.to_digit(10)).map(|digit| digit as usize),
            chomping: ["+", "-"].into_iter().find(|sign| written.contains(sign)).unwrap_or_default(),
        }
    }

    /// All line breaks at the end belong to the text.
    pub(super) fn keeps(&self) -> bool {
        self.chomping == "+"
    }

    /// The header of a text in the same place; nothing where it is the same header.
    pub(super) fn of(&self, text: &str, is_folded: bool) -> Option<String> {
        let chomping = if self.keeps() && text.ends_with('\n') { "+" } else { chomping(text) };
        let indent = self.indent.map(|indent| indent.to_string()).unwrap_or_default();
        let sign = if is_folded { '>' } else { '|' };
        let is_same = self.is_folded == is_folded && self.chomping == chomping;
        (!is_same).then(|| format!("{sign}{indent}{chomping}"))
    }
}

/// Whether a text can be written line by line below a header without further words in it.
pub(super) fn has_lines(text: &str) -> bool {
    let is_said = text.chars().all(|c| is_visible(c) || matches!(c, '\n' | '\t'));
    is_said && !text.starts_with([' ', '\t', '\n']) && !text.trim_end_matches('\n').is_empty()
}

/// The lines below the header.
pub(super) fn literal(text: &str, indent: usize, eol: &str) -> String {
    let pad = " ".repeat(indent);
    let line = |line: &str| if line.is_empty() { eol.to_owned() } else { format!("{pad}{line}{eol}") };
    text.strip_suffix('\n').unwrap_or(text).split('\n').map(line).collect()
}

/// Lines that a reader joins with spaces. Those of the old text that need not change stay. Nothing where the text has
/// more than one paragraph.
pub(super) fn folded(text: &str, old: &str, indent: usize, eol: &str) -> Option<String> {
    let text = text.trim_end_matches('\n');
    if text.contains(['\n', '\t']) {
        return None;
    }
    let old: Vec<&str> = old.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (mut rest, mut head, mut tail) = (text, Vec::new(), Vec::new());
    for line in &old {
        match rest.strip_prefix(line).and_then(|rest| rest.strip_prefix(' ')).filter(|rest| begins_word(rest)) {
            Some(after) => (rest, _) = (after, head.push(*line)),
            None => break,
        }
    }
    for line in old.iter().skip(head.len()).rev() {
        match rest.strip_suffix(line).and_then(|rest| rest.strip_suffix(' ')).filter(|rest| ends_word(rest)) {
            Some(before) => (rest, _) = (before, tail.push(*line)),
            None => break,
        }
    }
    let width = old.iter().map(|line| line.chars().count()).max().unwrap_or(0).max(WIDTH);
    let lines = head.into_iter().chain(wrapped(rest, width)).chain(tail.into_iter().rev());
    let pad = " ".repeat(indent);
    Some(lines.map(|line| format!("{pad}{line}{eol}")).collect())
}

fn begins_word(text: &str) -> bool {
    text.starts_with(|c: char| c != ' ')
}

fn ends_word(text: &str) -> bool {
    text.ends_with(|c: char| c != ' ')
}

/// Cut at single spaces only: a reader puts one back.
fn wrapped(text: &str, width: usize) -> Vec<&str> {
    let (mut lines, mut start, mut last) = (Vec::new(), 0, None);
    let mut length = 0;
    for (at, c) in text.char_indices() {
        if c == ' ' && ends_word(&text[..at]) && begins_word(&text[at + 1..]) {
            if length > width
                && let Some(cut) = last.filter(|cut| *cut > start)
            {
                lines.push(&text[start..cut]);
                length = text[cut + 1..at].chars().count();
                start = cut + 1;
            }
            last = Some(at);
        }
        length += 1;
    }
    if length > width
        && let Some(cut) = last.filter(|cut| *cut > start)
    {
        lines.push(&text[start..cut]);
        start = cut + 1;
    }
    lines.push(&text[start..]);
    lines
}
