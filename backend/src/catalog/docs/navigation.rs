//! The lines beside a page.

use std::collections::BTreeSet;

use domain::catalog::docs::{Library, Step, Target};
use serde::{Deserialize, Serialize};

/// One line of the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavRow {
    /// How many headings stand above it.
    pub depth: usize,
    pub title: String,
    /// What follows `docs/` in the address of a page; empty for the first one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// Somewhere else: `https` or `http`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

/// As the steps say, or else all pages in their order, under the folders that they lie in. Names of pages that are not there
/// come back beside it.
pub(super) fn navigation(
    steps: Option<&[Step]>,
    library: &Library,
    title: impl Fn(&str) -> String,
) -> (Vec<NavRow>, Vec<String>) {
    match steps {
        Some(steps) => as_said(steps, library, title),
        None => (as_found(library, title), Vec::new()),
    }
}

fn as_said(steps: &[Step], library: &Library, title_of: impl Fn(&str) -> String) -> (Vec<NavRow>, Vec<String>) {
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for Step { depth, title, target } in steps {
        let row =
            |title: String, address: Option<String>, url: Option<String>| NavRow { depth: *depth, title, address, url };
        match target {
            Target::Heading => rows.push(row(title.clone().unwrap_or_default(), None, None)),
            Target::Address(url) => {
                rows.push(row(title.clone().unwrap_or_else(|| url.clone()), None, Some(url.clone())))
            }
            Target::Page(name) => match library.file(name) {
                Some(file) => {
                    let title = title.clone().unwrap_or_else(|| title_of(file));
                    rows.push(row(title, library.address(file).map(str::to_owned), None));
                }
                None => missing.push(name.clone()),
            },
        }
    }
    (rows, missing)
}

fn as_found(library: &Library, title: impl Fn(&str) -> String) -> Vec<NavRow> {
    let (mut rows, mut headings) = (Vec::new(), BTreeSet::new());
    for file in library.files() {
        let Some(address) = library.address(file) else { continue };
        // The first page of a folder has the folder's own address, and stands for its heading.
        let folders: Vec<&str> = address.split('/').collect();
        for depth in 1..folders.len() {
            let folder = folders[..depth].join("/");
            if headings.insert(folder.clone()) {
                rows.push(NavRow { depth: depth - 1, title: worded(folders[depth - 1]), address: None, url: None });
            }
        }
        headings.insert(address.to_owned());
        rows.push(NavRow {
            depth: folders.len() - 1,
            title: title(file),
            address: Some(address.to_owned()),
            url: None,
        });
    }
    rows
}

/// A name of a file or folder as words.
pub(super) fn worded(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let words = name.trim_end_matches(".md").trim_end_matches(".markdown").replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
