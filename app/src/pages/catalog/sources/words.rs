//! How a source is spoken of.

use backend::catalog::living::{Pushes, SourceKind, SourceView};
use leptos::prelude::*;

use crate::components::{Badge, Tone};

pub(super) fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::File => "a file that was handed over",
        SourceKind::Git => "a file at the Git host",
        SourceKind::Platform => "a file at the Git host, made by a golden path",
    }
}

pub(super) fn state(source: &SourceView) -> AnyView {
    let (tone, word) = match source {
        SourceView { ended_at: Some(_), .. } => (Tone::Unknown, "ended"),
        SourceView { moved_to: Some(_), .. } => (Tone::Bad, "moved"),
        SourceView { trouble: Some(_), .. } => (Tone::Bad, "cannot be read"),
        SourceView { read_at: None, .. } => (Tone::Unknown, "not read yet"),
        SourceView { errors: 1.., .. } => (Tone::Warn, "read, with errors"),
        _ => (Tone::Good, "read"),
    };
    view! { <Badge tone=tone word=word /> }.into_any()
}

pub(super) fn pushes(pushes: &Pushes) -> String {
    match pushes {
        Pushes::Told => "The Git host tells of them at once.".to_owned(),
        Pushes::LookedFor { reason: None } => "Looked for every two minutes.".to_owned(),
        Pushes::LookedFor { reason: Some(reason) } => format!("Looked for every two minutes. {reason}"),
    }
}

pub(super) fn to_mend(errors: i64, warnings: i64) -> String {
    let told = |count: i64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let told: Vec<String> = [told(errors, "error"), told(warnings, "warning")].into_iter().flatten().collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// Repository and file of an address at the Git host; anything else as it is called.
pub(in crate::pages::catalog) fn short(origin: &str) -> String {
    let parts = origin.strip_prefix("url:").and_then(|address| address.split_once("://"));
    let found = parts.and_then(|(_, rest)| {
        let (repository, file) = rest.split_once("/src/branch/")?;
        let (_, repository) = repository.split_once('/')?;
        let (branch, path) = file.split_once('/')?;
        let branch = if branch == "main" { String::new() } else { format!(" ({branch})") };
        Some(format!("{repository}: {path}{branch}"))
    });
    found.unwrap_or_else(|| origin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{short, to_mend};

    #[test]
    fn origins_are_as_short_as_they_are_clear() {
        for (origin, words) in [
            ("url:http://localhost:3/p/c/src/branch/main/a/catalog-info.yaml", "p/c: a/catalog-info.yaml"),
            ("url:https://git.example/p/c/src/branch/next/b.yaml", "p/c: b.yaml (next)"),
            ("file:organisation.yaml", "file:organisation.yaml"),
            ("url:broken", "url:broken"),
        ] {
            assert_eq!(short(origin), words);
        }
        assert_eq!((to_mend(0, 0), to_mend(1, 2)), ("nothing".into(), "1 error, 2 warnings".into()));
    }
}
