//! Pages and components are drawn on the server alone. Reactive code compiles there and silently does nothing, so it is
//! looked for by name; islands are the place for it.

use std::fs;
use std::path::Path;

use super::{Findings, source};
use crate::failure::{Result, While};
use crate::workshop::Workshop;

const PLACES: [&str; 2] = ["app/src/pages", "app/src/components"];
const REACTIVE: [&str; 6] = ["RwSignal", "signal(", "Effect::", "Action::new", "create_effect", "#[island]"];

pub(super) fn check(workshop: &Workshop) -> Result<Findings> {
    let mut findings = Findings::new();
    for file in source::files(workshop)? {
        if !PLACES.iter().any(|place| file.starts_with(place)) {
            continue;
        }
        let text = fs::read_to_string(workshop.path(&file)).world(format_args!("read {}", file.display()))?;
        findings.extend(judge(&file, &text));
    }
    Ok(findings)
}

fn judge(file: &Path, text: &str) -> Findings {
    let mut findings = Findings::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if let Some(word) = reactive(code) {
            findings.push(format!(
                "{}:{}: `{word}` does nothing in a page or component. Move it to an island.",
                file.display(),
                index + 1
            ));
        }
    }
    findings
}

fn reactive(line: &str) -> Option<&'static str> {
    let named = REACTIVE.into_iter().find(|word| line.match_indices(word).any(|(at, _)| starts_a_word(line, at)));
    named.or_else(|| listener(line).then_some("on:"))
}

/// `on:click`, but neither `version: 1` nor `on: Monday`.
fn listener(line: &str) -> bool {
    line.match_indices("on:").any(|(at, word)| {
        let event = line[at + word.len()..].chars().next().is_some_and(|next| next.is_ascii_lowercase());
        event && starts_a_word(line, at)
    })
}

fn starts_a_word(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back();
    !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> usize {
        judge(Path::new("app/src/pages/home.rs"), text).len()
    }

    #[test]
    fn every_reactive_word_is_found_with_its_line() {
        for word in ["let s = RwSignal::new(1);", "let (a, b) = signal(1);", "Effect::new(|| ());", "<a on:click=f>"] {
            assert_eq!(words(word), 1, "{word}");
        }
        let findings = judge(Path::new("app/src/pages/home.rs"), "fn a() {}\n  <a on:click=f>\n");
        assert!(findings[0].starts_with("app/src/pages/home.rs:2: `on:`"), "{findings:?}");
    }

    #[test]
    fn ordinary_words_and_comments_are_not_meant() {
        for line in ["struct A { version:u8 }", "open on: Monday", "// on:click", "traffic_signal(1)", "my-on:click"] {
            assert_eq!(words(line), 0, "{line}");
        }
    }
}
