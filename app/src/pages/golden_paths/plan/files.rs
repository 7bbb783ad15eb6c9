//! The files as a tree; each opens to its content.

use std::collections::BTreeMap;

use domain::scaffold::{FileChange, FileStatus};
use leptos::prelude::*;

use crate::components::{DiffLine, DiffView};

#[derive(Default)]
struct Folder {
    folders: BTreeMap<String, Folder>,
    files: Vec<(String, FileChange)>,
}

impl Folder {
    fn of(files: Vec<FileChange>) -> Self {
        let mut root = Self::default();
        for file in files {
            let path = file.path.clone();
            let mut parts: Vec<&str> = path.split('/').collect();
            let name = parts.pop().unwrap_or_default().to_owned();
            let folder =
                parts.into_iter().fold(&mut root, |folder, part| folder.folders.entry(part.into()).or_default());
            folder.files.push((name, file));
        }
        root
    }
}

pub(super) fn draw(files: Vec<FileChange>) -> AnyView {
    if files.is_empty() {
        return view! { <p class="text-ink-2">"No files are made."</p> }.into_any();
    }
    inside(Folder::of(files))
}

fn inside(folder: Folder) -> AnyView {
    let below = |(name, folder): (String, Folder)| {
        view! {
            <li>
                <p class="py-1 font-mono text-sm text-ink-2">{name} "/"</p>
                <div class="border-l border-line pl-3.5">{inside(folder)}</div>
            </li>
        }
    };
    view! {
        <ul role="list">
            {folder.folders.into_iter().map(below).collect_view()}
            {folder.files.into_iter().map(file).collect_view()}
        </ul>
    }
    .into_any()
}

fn file((name, change): (String, FileChange)) -> impl IntoView {
    let (sign, word, class) = look(change.status);
    let lines = DiffLine::parse_unified(&change.diff);
    let content = if lines.is_empty() {
        view! { <p class="text-sm text-ink-2">"There is nothing to show: it is empty, or not made of text."</p> }
            .into_any()
    } else {
        view! { <DiffView caption=change.path lines=lines /> }.into_any()
    };
    view! {
        <li>
            <details>
                <summary class="flex min-h-[30px] cursor-pointer items-baseline gap-x-2 py-1 pointer-coarse:min-h-11">
                    <span aria-hidden="true" class=format!("w-3 shrink-0 text-center font-mono font-bold {class}")>{sign}</span>
                    <code class="min-w-0 text-sm break-all">{name}</code>
                    <span class="ml-auto shrink-0 text-sm text-ink-3 tabular-nums">{word} " · " {size(change.size)}</span>
                </summary>
                <div class="pb-2.5 pl-5">
                    <p class="mb-1.5 text-sm text-ink-2">{change.why}</p>
                    {content}
                </div>
            </details>
        </li>
    }
}

fn look(status: FileStatus) -> (&'static str, &'static str, &'static str) {
    match status {
        FileStatus::Added => ("+", "added", "text-good"),
        FileStatus::Modified => ("~", "changed", "text-warn"),
        FileStatus::Deleted => ("−", "removed", "text-bad"),
        FileStatus::Unchanged => ("=", "as it is", "text-ink-3"),
        FileStatus::Conflict => ("!", "in conflict", "text-bad"),
    }
}

/// "812 B", "3.4 KiB".
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        // Shown, not counted with: a lost digit is of no account.
        _ => format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_a_tree_and_sizes_are_read_easily() {
        let file = |path: &str| FileChange {
            path: path.into(),
            status: FileStatus::Added,
            diff: "@@ -0,0 +1 @@\n+<b>\n".into(),
            size: 4,
            why: "Of the skeleton.".into(),
        };
        let root = Folder::of(["README.md", "deploy/base/a.yaml", "deploy/b.yaml"].map(file).into());
        assert_eq!(root.files.len(), 1);
        assert_eq!(root.folders["deploy"].files[0].0, "b.yaml");
        assert_eq!(root.folders["deploy"].folders["base"].files[0].0, "a.yaml");
        let html = crate::components::tests::html(|| draw(vec![file("a/b.html")]));
        assert!(html.contains("&lt;b&gt;") && html.contains("added"), "{html}");
        assert_eq!((size(812), size(3500), size(1024)), ("812 B".into(), "3.4 KiB".into(), "1.0 KiB".into()));
    }
}
