//! Text on one line of YAML.

/// What reads as something other than text.
const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];

/// The text at the beginning of `rest` and how many bytes it takes; only a comment may follow.
pub(super) fn read(rest: &str) -> Option<(String, usize)> {
    let (text, length) = match rest.chars().next()? {
        '"' => double(rest)?,
        '\'' => single(rest)?,
        _ => plain(rest)?,
    };
    let after = rest.get(length..)?;
    let trimmed = after.trim();
    (trimmed.is_empty() || (trimmed.starts_with('#') && after.starts_with([' ', '\t']))).then_some((text, length))
}

/// Plain where every reader takes it as text, else in double quotes.
pub(super) fn write(text: &str) -> String {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b':' | b'@' | b'+');
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(is_name)
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn double(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, at + 1)),
            // Other escapes have no place in the name of an image.
            '\\' => match chars.next()? {
                (_, escaped @ ('"' | '\\')) => text.push(escaped),
                _ => return None,
            },
            c => text.push(c),
        }
    }
    None
}

fn single(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if chars.next_if(|(_, next)| *next == '\'').is_some() => text.push('\''),
            '\'' => return Some((text, at + 1)),
            c => text.push(c),
        }
    }
    None
}

/// Names, tags and digests; numbers too, which kustomize itself would refuse.
fn plain(rest: &str) -> Option<(String, usize)> {
    let end = rest.find(" #").unwrap_or(rest.len());
    let text = rest.get(..end)?.trim_end();
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/');
    let is_one = !text.contains(": ") && !text.ends_with(':') && !text.contains('\t');
    (starts_well && is_one).then(|| (text.to_owned(), text.len()))
}
