//! The files of a repository, in memory, in the order of their paths.

use std::collections::{BTreeMap, btree_map::Entry};

use thiserror::Error;

use super::RelPath;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileContent {
    pub bytes: Vec<u8>,
    pub executable: bool,
}

impl FileContent {
    pub fn text(text: impl Into<String>) -> Self {
        Self { bytes: text.into().into_bytes(), executable: false }
    }
}

/// At most 2 000 files, 1 MiB each and 20 MiB together. No two paths differ by case alone, and none is both a file
/// and a folder, so that the tree is the same on every file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<RelPath, FileContent>,
    /// Every file and folder by its lower-case path.
    places: BTreeMap<String, Place>,
    bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    spelling: String,
    is_file: bool,
}

/// Which file is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The file `{path}` {fault}")]
pub struct TreeError {
    pub path: RelPath,
    pub fault: TreeFault,
}

/// The second half of a sentence that begins with the path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TreeFault {
    #[error("is there twice: keep one of them.")]
    Twice,
    #[error("differs from `{0}` by capital letters alone, which some file systems do not tell apart: rename one.")]
    Case(String),
    #[error("clashes with `{0}`, because one of them would be a file and a folder at once: rename one.")]
    FileAndFolder(String),
    #[error("has {0} bytes and 1048576 are the most: make it smaller or fetch it when it is needed.")]
    FileTooLarge(usize),
    #[error("makes the tree larger than 20 MiB: leave out what can be fetched when it is needed.")]
    TreeTooLarge,
    #[error("is one more than the 2000 files that a tree may hold: leave some out.")]
    TooManyFiles,
    #[error("sets `filter=` or `working-tree-encoding`, which runs programs or changes bytes on checkout: remove it.")]
    Attributes,
}

pub const MAX_FILE_BYTES: usize = 1024 * 1024;
pub const MAX_TREE_BYTES: usize = 20 * 1024 * 1024;
pub const MAX_FILES: usize = 2_000;

impl FileTree {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one file, or says why it cannot be there; then the tree is as it was.
    pub fn insert(&mut self, path: RelPath, content: FileContent) -> Result<(), TreeError> {
        if let Err(fault) = self.check(&path, &content) {
            return Err(TreeError { path, fault });
        }
        for folder in path.folders() {
            self.places.insert(folder.to_ascii_lowercase(), Place { spelling: folder.to_owned(), is_file: false });
        }
        let spelling = path.as_str().to_owned();
        self.places.insert(spelling.to_ascii_lowercase(), Place { spelling, is_file: true });
        self.bytes += content.bytes.len();
        if let Entry::Vacant(vacant) = self.files.entry(path) {
            vacant.insert(content);
        }
        Ok(())
    }

    pub fn get(&self, path: &RelPath) -> Option<&FileContent> {
        self.files.get(path)
    }

    /// In the byte order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &FileContent)> {
        self.files.iter()
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The sum of all contents, in bytes.
    pub fn total_bytes(&self) -> usize {
        self.bytes
    }

    fn check(&self, path: &RelPath, content: &FileContent) -> Result<(), TreeFault> {
        for folder in path.folders() {
            self.check_place(folder, false)?;
        }
        self.check_place(path.as_str(), true)?;
        if content.bytes.len() > MAX_FILE_BYTES {
            return Err(TreeFault::FileTooLarge(content.bytes.len()));
        }
        if self.bytes + content.bytes.len() > MAX_TREE_BYTES {
            return Err(TreeFault::TreeTooLarge);
        }
        if self.files.len() == MAX_FILES {
            return Err(TreeFault::TooManyFiles);
        }
        if path.file_name() == ".gitattributes" && runs_programs(&content.bytes) {
            return Err(TreeFault::Attributes);
        }
        Ok(())
    }

    fn check_place(&self, spelling: &str, is_file: bool) -> Result<(), TreeFault> {
        match self.places.get(&spelling.to_ascii_lowercase()) {
            None => Ok(()),
            Some(place) if place.spelling != spelling => Err(TreeFault::Case(place.spelling.clone())),
            Some(place) if place.is_file != is_file => Err(TreeFault::FileAndFolder(place.spelling.clone())),
            Some(_) if is_file => Err(TreeFault::Twice),
            Some(_) => Ok(()),
        }
    }
}

/// Attribute names cannot be quoted or escaped, so looking for their letters finds every way to set them.
fn runs_programs(attributes: &[u8]) -> bool {
    let has = |needle: &[u8]| attributes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
    has(b"filter=") || has(b"working-tree-encoding")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> RelPath {
        text.parse().unwrap()
    }

    fn tree(files: &[(&str, &str)]) -> FileTree {
        let mut tree = FileTree::new();
        for (name, text) in files {
            tree.insert(path(name), FileContent::text(*text)).unwrap();
        }
        tree
    }

    fn refused(tree: &mut FileTree, name: &str, bytes: Vec<u8>) -> TreeFault {
        let before = tree.clone();
        let error = tree.insert(path(name), FileContent { bytes, executable: false }).unwrap_err();
        assert_eq!(*tree, before, "a refused file leaves no trace");
        assert!(error.to_string().starts_with(&format!("The file `{name}` ")), "{error}");
        error.fault
    }

    #[test]
    fn clashing_names_are_refused() {
        let mut tree = tree(&[("src/main.rs", ""), ("README", "")]);
        for (name, fault) in [
            ("src/main.rs", TreeFault::Twice),
            ("src/Main.rs", TreeFault::Case("src/main.rs".into())),
            ("Src/other.rs", TreeFault::Case("src".into())),
            ("readme/x", TreeFault::Case("README".into())),
            ("README/x", TreeFault::FileAndFolder("README".into())),
            ("src", TreeFault::FileAndFolder("src".into())),
            ("SRC", TreeFault::Case("src".into())),
        ] {
            assert_eq!(refused(&mut tree, name, Vec::new()), fault, "{name}");
        }
        assert_eq!(tree.len(), 2);
    }

    #[test]
    fn the_limits_are_the_last_allowed_sizes() {
        let mut tree = FileTree::new();
        assert_eq!(refused(&mut tree, "a", vec![0; MAX_FILE_BYTES + 1]), TreeFault::FileTooLarge(MAX_FILE_BYTES + 1));
        for n in 0..20 {
            let content = FileContent { bytes: vec![0; MAX_FILE_BYTES], executable: false };
            tree.insert(path(&format!("f{n}")), content).unwrap();
        }
        assert_eq!(tree.total_bytes(), MAX_TREE_BYTES);
        assert_eq!(refused(&mut tree, "more", vec![0]), TreeFault::TreeTooLarge);
        let mut many = FileTree::new();
        for n in 0..MAX_FILES {
            many.insert(path(&format!("d/{n}")), FileContent::default()).unwrap();
        }
        assert_eq!(refused(&mut many, "more", Vec::new()), TreeFault::TooManyFiles);
    }

    #[test]
    fn attributes_that_run_programs_are_refused_at_any_depth() {
        let mut tree = FileTree::new();
        for text in ["*.c filter=evil\n", "* FILTER=x", "[attr]m filter=x", "*.txt working-tree-encoding=UTF-16"] {
            assert_eq!(refused(&mut tree, "a/.gitattributes", text.into()), TreeFault::Attributes, "{text}");
        }
        tree.insert(path(".gitattributes"), FileContent::text("* text=auto eol=lf\n*.png -filter binary\n")).unwrap();
        tree.insert(path("docs/filters.md"), FileContent::text("filter=x")).unwrap();
    }

    proptest! {
        #[test]
        fn the_order_of_insertion_does_not_matter(names in proptest::collection::btree_set("[a-c]{1,2}(/[A-Ca-c]{1,2}){0,2}", 0..12)) {
            let mut forth = FileTree::new();
            for name in &names {
                let _ = forth.insert(path(name), FileContent::text(name));
            }
            let kept: Vec<_> = forth.iter().map(|(path, content)| (path.clone(), content.clone())).collect();
            let mut back = FileTree::new();
            for (path, content) in kept.iter().rev() {
                prop_assert!(back.insert(path.clone(), content.clone()).is_ok());
            }
            prop_assert_eq!(back.iter().collect::<Vec<_>>(), forth.iter().collect::<Vec<_>>());
            prop_assert!(kept.is_sorted_by(|a, b| a.0 < b.0));
        }

        #[test]
        fn no_two_places_fold_to_one(names in proptest::collection::vec("[aAbB]{1,2}(/[aAbB]{1,2}){0,2}", 0..12)) {
            let mut tree = FileTree::new();
            for name in &names {
                let _ = tree.insert(path(name), FileContent::default());
            }
            let files: Vec<&str> = tree.iter().map(|(path, _)| path.as_str()).collect();
            let mut seen = std::collections::BTreeMap::new();
            for file in &files {
                for (at, _) in file.match_indices('/').chain([(file.len(), "")]) {
                    let spelling = &file[..at];
                    let first = *seen.entry(spelling.to_lowercase()).or_insert((spelling, at == file.len()));
                    prop_assert_eq!(first, (spelling, at == file.len()));
                }
            }
        }
    }
}
