//! What changes in a file. Added and removed lines carry a sign, not only a colour.

use leptos::prelude::*;

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    pub kind: DiffKind,
    /// Without the sign.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffKind {
    Added,
    Removed,
    Same,
    /// Where lines are left out: the header of a hunk.
    Gap,
}

impl DiffLine {
    /// Reads the body of a unified difference, as Git writes it. The lines that name the two files are left out: the
    /// caption names the file.
    pub fn parse_unified(diff: &str) -> Vec<DiffLine> {
        let mut is_in_hunk = false;
        let mut lines = Vec::new();
        for line in diff.lines() {
            is_in_hunk |= line.starts_with("@@");
            let kind = match line.as_bytes().first() {
                Some(b'@') => DiffKind::Gap,
                _ if !is_in_hunk => continue,
                Some(b'+') => DiffKind::Added,
                Some(b'-') => DiffKind::Removed,
                Some(b'\\') => continue,
                _ => DiffKind::Same,
            };
            let text = if kind == DiffKind::Gap { line } else { line.get(1..).unwrap_or_default() };
            lines.push(DiffLine { kind, text: text.to_owned() });
        }
        lines
    }
}

/// A difference, line by line.
#[component]
pub fn DiffView(
    /// The file it belongs to.
    #[prop(into)]
    caption: String,
    lines: Vec<DiffLine>,
) -> impl IntoView {
    let count = |kind| lines.iter().filter(|line| line.kind == kind).count();
    let summary = format!("{} added, {} removed", count(DiffKind::Added), count(DiffKind::Removed));
    let label = format!("Changes in {caption}");
    view! {
        <figure class="overflow-hidden rounded-sm border border-line">
            <figcaption class="flex flex-wrap items-baseline gap-x-3 border-b border-line bg-sunken px-3 py-1.5 text-sm">
                <code class="min-w-0">{caption}</code>
                <span class="ml-auto text-ink-2">{summary}</span>
            </figcaption>
            <div class="overflow-x-auto py-1.5" role="group" tabindex="0" aria-label=label>
                <div class="w-max min-w-full font-mono text-xs leading-[1.65] whitespace-pre">
                    {lines.into_iter().map(|line| view! { <Line line=line /> }).collect_view()}
                </div>
            </div>
        </figure>
    }.into_any()
}

const ROW: &str = "grid grid-cols-[1.75rem_1fr] pr-3 no-underline";
const SIGN: &str = "text-center select-none";

#[component]
fn Line(line: DiffLine) -> impl IntoView {
    let DiffLine { kind, text } = line;
    match kind {
        DiffKind::Added => view! {
            <ins class=format!("{ROW} bg-good-soft")>
                <span class=format!("{SIGN} font-bold text-good")>"+"</span>
                <span>{text}</span>
            </ins>
        }
        .into_any(),
        DiffKind::Removed => view! {
            <del class=format!("{ROW} bg-bad-soft")>
                <span class=format!("{SIGN} font-bold text-bad")>"−"</span>
                <span>{text}</span>
            </del>
        }
        .into_any(),
        DiffKind::Same => view! {
            <div class=ROW>
                <span class=SIGN></span>
                <span>{text}</span>
            </div>
        }
        .into_any(),
        DiffKind::Gap => view! {
            <div class="my-1 border-y border-line bg-sunken px-3 text-ink-2">{text}</div>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_not_lines_but_content_that_looks_like_them_is() {
        let diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n--- old\n+++ new\n\\ No newline at end of file\n";
        let lines: Vec<(DiffKind, String)> =
            DiffLine::parse_unified(diff).into_iter().map(|line| (line.kind, line.text)).collect();
        assert_eq!(
            lines,
            [
                (DiffKind::Gap, "@@ -1,2 +1,2 @@".to_owned()),
                (DiffKind::Same, "same".to_owned()),
                (DiffKind::Removed, "-- old".to_owned()),
                (DiffKind::Added, "++ new".to_owned()),
            ]
        );
    }
}
