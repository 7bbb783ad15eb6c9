//! Escaping for the two places where Leptos 0.8 writes text as it is: inside `<textarea>` (its children count as raw) and
//! inside the document's `<title>`. Everywhere else the framework escapes.

/// `text` so that an HTML parser reads it back unchanged in a `<textarea>` or `<title>`.
pub(crate) fn escape_raw_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_end_its_element() {
        assert_eq!(escape_raw_text("</textarea><b>&lt;"), "&lt;/textarea&gt;&lt;b&gt;&amp;lt;");
    }
}
