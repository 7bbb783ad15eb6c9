//! The boxes of MkDocs (`!!! note "Title"` with an indented text) as the alerts that GitHub knows.

/// What MkDocs calls them, and what they are here.
const KINDS: [(&str, &str); 19] = [
    ("note", "NOTE"),
    ("abstract", "NOTE"),
    ("info", "NOTE"),
    ("example", "NOTE"),
    ("quote", "NOTE"),
    ("question", "NOTE"),
    ("seealso", "NOTE"),
    ("todo", "NOTE"),
    ("tip", "TIP"),
    ("hint", "TIP"),
    ("success", "TIP"),
    ("important", "IMPORTANT"),
    ("warning", "WARNING"),
    ("attention", "WARNING"),
    ("failure", "WARNING"),
    ("bug", "WARNING"),
    ("caution", "CAUTION"),
    ("danger", "CAUTION"),
    ("error", "CAUTION"),
];

/// Everything else stays as it is; what stands in a block of code does too.
pub fn as_alerts(text: &str) -> String {
    if !text.contains("!!!") && !text.contains("???") {
        return text.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    let (mut fence, mut is_inside) = (None, false);
    for line in text.lines() {
        let plain = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| plain.starts_with(mark));
        if is_inside {
            if plain.is_empty() {
                lines.push(">".to_owned());
                continue;
            }
            if let Some(rest) = line.strip_prefix("    ").or_else(|| line.strip_prefix('\t')) {
                lines.push(format!("> {rest}"));
                continue;
            }
            is_inside = false;
            lines.push(String::new());
        }
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(close)) if open == close => fence = None,
            _ => {}
        }
        match opening(line).filter(|_| fence.is_none()) {
            Some(opened) => {
                is_inside = true;
                lines.push(opened);
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

fn opening(line: &str) -> Option<String> {
    let rest = ["!!! ", "???+ ", "??? "].into_iter().find_map(|mark| line.strip_prefix(mark))?.trim();
    let (kind, title) = rest.split_once(' ').unwrap_or((rest, ""));
    let (_, alert) = KINDS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(kind))?;
    let title = title.trim().trim_matches('"');
    Some(format!("> [!{alert}] {title}").trim_end().to_owned())
}
