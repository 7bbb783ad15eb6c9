//! Texts as YAML writes them on one line.

use std::fmt::Write;

use granit_parser::ScalarStyle;

/// What readers of YAML 1.1 take for something other than a text.
const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"];

/// A text in the style that its place had before, as far as that can say it.
pub(super) fn inline(text: &str, style: ScalarStyle, is_flow: bool) -> String {
    match style {
        ScalarStyle::DoubleQuoted => double(text),
        _ if !is_printable(text) => double(text),
        ScalarStyle::SingleQuoted => format!("'{}'", text.replace('\'', "''")),
        _ if is_plain(text, is_flow) => text.to_owned(),
        _ => double(text),
    }
}

/// In double quotes, which can say everything.
pub(super) fn double(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            c if is_visible(c) => written.push(c),
            c => escape(c, &mut written),
        }
    }
    written.push('"');
    written
}

/// Whether a text can stand as it is within one line.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().all(is_visible)
}

/// What YAML 1.2 calls printable, without what ends a line or is not seen.
pub(super) fn is_visible(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn escape(c: char, written: &mut String) {
    let code = u32::from(c);
    // Writing into a text cannot fail.
    let _ = if code > 0xffff { write!(written, "\\U{code:08X}") } else { write!(written, "\\u{code:04X}") };
}

/// Whether every reader takes it as that text without quotes.
fn is_plain(text: &str, is_flow: bool) -> bool {
    let begins_well = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '(' | '_'));
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_cut = text.contains(": ") || text.contains(" #") || text.ends_with([':', ' ']);
    let is_flow_end = is_flow && text.contains([',', '[', ']', '{', '}', ':', '#']);
    begins_well && !is_word && !is_cut && !is_flow_end
}
