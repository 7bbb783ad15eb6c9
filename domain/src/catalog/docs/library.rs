//! The pages of one documentation, where each is found, and what links between them mean.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::natural::{compare, stem};
use crate::catalog::descriptor::inside;

/// Pages by their files. Files are paths in the repository; addresses are what follows `docs/` in Waymark's own, and the
/// first page has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    folder: String,
    addresses: BTreeMap<String, String>,
    order: Vec<String>,
}

/// What a link in a page means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Another page, and the place in it.
    Page { address: String, anchor: Option<String> },
    /// A place in the same page.
    Here(String),
    /// Any other file or folder of the repository.
    File(String),
    /// `https`, `http` or `mailto`.
    Web(String),
    /// It leads nowhere that a page may lead.
    Nowhere,
}

/// Browsers follow no longer ones.
const MOST_LINK: usize = 2_000;

impl Library {
    /// Those of the files that are pages below the folder, in the order of their names.
    pub fn below<'a>(folder: &str, files: impl IntoIterator<Item = &'a str>) -> Self {
        let mut pages: Vec<&str> =
            files.into_iter().filter(|file| is_page(file) && within(folder, file).is_some()).collect();
        pages.sort_by(|a, b| compare(a, b));
        pages.dedup();
        let mut library = Self { folder: folder.to_owned(), ..Self::default() };
        let mut taken = BTreeSet::new();
        for file in pages {
            let name = within(folder, file).unwrap_or(file);
            let address = [address_of(name), name.to_owned()].into_iter().find(|address| !taken.contains(address));
            let address = address.unwrap_or_else(|| file.to_owned());
            taken.insert(address.clone());
            library.addresses.insert(file.to_owned(), address);
            library.order.push(file.to_owned());
        }
        library
    }

    /// Files in order.
    pub fn files(&self) -> &[String] {
        &self.order
    }

    /// Keeps the first of them; how many there were.
    pub fn cut(&mut self, most: usize) -> usize {
        let all = self.order.len();
        for file in self.order.drain(most.min(all)..) {
            self.addresses.remove(&file);
        }
        all
    }

    /// Takes out what could not be read.
    pub fn without(&mut self, file: &str) {
        self.order.retain(|known| known != file);
        self.addresses.remove(file);
    }

    pub fn address(&self, file: &str) -> Option<&str> {
        self.addresses.get(file).map(String::as_str)
    }

    /// The file of a page by its name below the folder of the pages.
    pub fn file(&self, name: &str) -> Option<&str> {
        let path = inside(format!("{}/-", self.folder).trim_start_matches('/'), name)?;
        self.addresses.get_key_value(&path).map(|(file, _)| file.as_str())
    }

    /// What `target` means in the page at `file`.
    pub fn link(&self, file: &str, target: &str) -> Link {
        let target = target.trim();
        let is_odd = |c: char| c.is_control() || c.is_whitespace() && c != ' ' || c == '\\';
        if target.is_empty() || target.len() > MOST_LINK || target.contains(is_odd) || target.starts_with("//") {
            return Link::Nowhere;
        }
        if let Some(anchor) = target.strip_prefix('#') {
            return decoded(anchor).map_or(Link::Nowhere, Link::Here);
        }
        if has_scheme(target) {
            return if is_web(target) { Link::Web(target.to_owned()) } else { Link::Nowhere };
        }
        self.relative(file, target)
    }

    fn relative(&self, file: &str, target: &str) -> Link {
        let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
        let path = path.split('?').next().unwrap_or_default();
        let (Some(path), Some(anchor)) = (decoded(path), anchor.map_or(Some(None), |text| decoded(text).map(Some)))
        else {
            return Link::Nowhere;
        };
        if path.contains(|c: char| c.is_control() || c == '\\') {
            return Link::Nowhere;
        }
        for meant in self.meant(file, &path) {
            if let Some(address) = self.page(&meant) {
                return Link::Page { address: address.to_owned(), anchor: anchor.filter(|anchor| !anchor.is_empty()) };
            }
        }
        let first = self.meant(file, &path).into_iter().last().filter(|path| !path.is_empty());
        first.map_or(Link::Nowhere, Link::File)
    }

    /// From the page's own folder; what begins with a slash from the first page, or else from the repository's root.
    fn meant(&self, file: &str, path: &str) -> Vec<String> {
        match path.strip_prefix('/') {
            None => inside_folder(file, path).into_iter().collect(),
            Some(rest) => {
                let home = if self.folder.is_empty() { "-".to_owned() } else { format!("{}/-", self.folder) };
                let root = inside_folder("-", rest);
                root.map(|root| inside_folder(&home, rest).into_iter().chain([root]).collect()).unwrap_or_default()
            }
        }
    }

    /// A page by its file, by its name without an ending, or by the folder whose first page it is.
    fn page(&self, path: &str) -> Option<&str> {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        let names = [path.to_owned(), format!("{path}.md"), below("index.md"), below("README.md")];
        names.iter().find_map(|name| self.address(name))
    }
}

/// As [`inside`], and the root is empty.
fn inside_folder(file: &str, target: &str) -> Option<String> {
    if target.trim_end_matches('/').is_empty() || target == "." {
        return super::folder_inside(file, ".");
    }
    inside(file, target).or_else(|| super::folder_inside(file, target))
}

fn is_page(file: &str) -> bool {
    let is_hidden = file.split('/').any(|part| part.starts_with('.'));
    !is_hidden && (file.ends_with(".md") || file.ends_with(".markdown"))
}

fn within<'a>(folder: &str, file: &'a str) -> Option<&'a str> {
    if folder.is_empty() { Some(file) } else { file.strip_prefix(folder)?.strip_prefix('/') }
}

/// Without its ending; the first page of a folder is the folder.
fn address_of(name: &str) -> String {
    let plain = stem(name);
    let (folder, last) = plain.rsplit_once('/').unwrap_or(("", plain));
    match last.to_ascii_lowercase().as_str() {
        "index" | "readme" => folder.to_owned(),
        _ => plain.to_owned(),
    }
}

/// Once: what is still encoded after that is a name.
fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned()).filter(|text| !text.contains('\0'))
}

fn has_scheme(target: &str) -> bool {
    let before = target.split(['/', '?', '#']).next().unwrap_or_default();
    before.contains(':')
}

fn is_web(target: &str) -> bool {
    let Some((scheme, rest)) = target.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" => {
            let host = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
            host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
        }
        "mailto" => rest.contains('@'),
        _ => false,
    }
}
