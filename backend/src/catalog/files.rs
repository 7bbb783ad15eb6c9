//! Files on this machine, and those that the locations in them name.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::{
    catalog::descriptor::{Descriptor, read},
    golden_paths::{Finding, Place},
};
use globset::GlobBuilder;
use serde_json::Value;

use super::FileText;

/// A file and all that it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    pub files: Vec<FileText>,
    /// What could not be read.
    pub errors: Vec<Finding>,
    /// What is not read from here.
    pub warnings: Vec<Finding>,
}

/// A location leads to no more than this.
const MOST_FILES: usize = 1_000;

/// Folders below a pattern hold no more than this.
const MOST_WALKED: usize = 20_000;

/// Reads a file, and the files that locations in it name relative to themselves, each once. They lie in the same
/// repository: below the nearest folder above the file that holds `.git`, or else below the file's own folder.
pub fn collect(path: &Path) -> io::Result<Collected> {
    let start = fs::canonicalize(path)?;
    let home = start.parent().unwrap_or(&start).to_owned();
    let root = home.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&home).to_owned();
    let shown = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut collector =
        Collector { root, home, shown, queue: VecDeque::new(), seen: BTreeSet::new(), found: Collected::default() };
    collector.add(start);
    while let Some(file) = collector.queue.pop_front() {
        collector.read(&file)?;
    }
    Ok(collector.found)
}

struct Collector {
    /// What all files lie below.
    root: PathBuf,
    /// The folder of the first file, and how whoever named that file called it.
    home: PathBuf,
    shown: PathBuf,
    queue: VecDeque<PathBuf>,
    seen: BTreeSet<PathBuf>,
    found: Collected,
}

impl Collector {
    fn add(&mut self, file: PathBuf) {
        if self.seen.insert(file.clone()) {
            self.queue.push_back(file);
        }
    }

    fn read(&mut self, file: &Path) -> io::Result<()> {
        let name = self.name(file);
        let bytes = fs::read(file)?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 };
                let message = "This is not UTF-8. Save the file in that encoding.";
                self.found.errors.push(Finding::new(name, place, "utf-8", message));
                return Ok(());
            }
        };
        for location in read(&text).descriptors.iter().filter(|found| found.reference.kind() == "location") {
            for target in targets(location) {
                self.follow(file, &name, location, target);
            }
        }
        self.found.files.push(FileText { name, text });
        Ok(())
    }

    fn follow(&mut self, file: &Path, name: &str, location: &Descriptor, target: &str) {
        let at = |message: String| Finding::new(name, location.place, "location", message);
        if target.contains("://") {
            let message = format!("{target} is not on this machine and was not read. Name its files themselves.");
            return self.found.warnings.push(at(message));
        }
        let folder = file.parent().unwrap_or(file);
        let found =
            if target.contains(['*', '?', '[', '{']) { matching(folder, target) } else { vec![folder.join(target)] };
        let found: Vec<PathBuf> = found.into_iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        let is_optional = location.document.pointer("/spec/presence").and_then(Value::as_str) == Some("optional");
        if found.iter().any(|path| !path.starts_with(&self.root)) {
            let message = format!("{target} lies outside of this repository. Name a file within it.");
            self.found.errors.push(at(message));
        } else if found.iter().all(|path| !path.is_file()) {
            if !is_optional {
                let message =
                    format!("There is no file {target}. Name one that is there, or add `presence: optional`.");
                self.found.errors.push(at(message));
            }
        } else if self.seen.len() + found.len() > MOST_FILES {
            self.found.errors.push(at(format!("Locations lead to more than {MOST_FILES} files. Name fewer.")));
        } else {
            found.into_iter().filter(|path| path.is_file()).for_each(|path| self.add(path));
        }
    }

    /// As whoever named the first file would call it.
    fn name(&self, file: &Path) -> String {
        match file.strip_prefix(&self.home) {
            Ok(rest) => self.shown.join(rest).display().to_string(),
            Err(_) => file.strip_prefix(&self.root).unwrap_or(file).display().to_string(),
        }
    }
}

fn targets(location: &Descriptor) -> Vec<&str> {
    let spec = location.document.get("spec");
    let one = spec.and_then(|spec| spec.get("target")).and_then(Value::as_str);
    let many = spec.and_then(|spec| spec.get("targets")).and_then(Value::as_array);
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str)).collect()
}

/// The files below a folder that a pattern means; `*` and `?` stand for no slash, `**` for any number of folders.
fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let (mut folder, mut rest) = (folder, pattern.trim_start_matches("./"));
    while let (Some(further), Some(parent)) = (rest.strip_prefix("../"), folder.parent()) {
        (folder, rest) = (parent, further);
    }
    let Ok(glob) = GlobBuilder::new(rest).literal_separator(true).build() else { return Vec::new() };
    let matcher = glob.compile_matcher();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut walked = 0;
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name() != ".git") {
            walked += 1;
            let (path, kind) = (entry.path(), entry.file_type());
            if walked < MOST_WALKED && kind.as_ref().is_ok_and(fs::FileType::is_dir) {
                folders.push(path);
            } else if path.strip_prefix(folder).is_ok_and(|path| matcher.is_match(path)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(name: &str) -> String {
        format!("apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {{name: {name}}}\nspec: {{owner: a}}\n")
    }

    fn location(spec: &str) -> String {
        format!("apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: all}}\nspec: {{{spec}}}\n")
    }

    fn repository(files: &[(&str, String)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn names(folder: &Path, file: &str) -> (Vec<String>, Vec<String>) {
        let found = collect(&folder.join(file)).unwrap();
        let short = |name: &str| name.trim_start_matches(folder.to_str().unwrap()).trim_start_matches('/').to_owned();
        (
            found.files.iter().map(|file| short(&file.name)).collect(),
            found.errors.into_iter().map(|error| error.message).collect(),
        )
    }

    #[test]
    fn locations_lead_to_files_and_patterns_each_once() {
        let all =
            location("targets: [./a.yaml, 'services/*/catalog-info.yaml', ./more.yaml, 'https://a.example/b.yaml']");
        let folder = repository(&[
            ("all.yaml", all),
            ("a.yaml", entity("a")),
            ("more.yaml", location("targets: [./all.yaml, ./a.yaml]").replace("all}", "more}")),
            ("services/one/catalog-info.yaml", entity("one")),
            ("services/two/catalog-info.yaml", entity("two")),
            ("services/two/deep/catalog-info.yaml", entity("deep")),
        ]);
        let (files, errors) = names(folder.path(), "all.yaml");
        assert_eq!(errors, Vec::<String>::new());
        let expected =
            ["all.yaml", "a.yaml", "services/one/catalog-info.yaml", "services/two/catalog-info.yaml", "more.yaml"];
        assert_eq!(files, expected);
        assert_eq!(collect(&folder.path().join("all.yaml")).unwrap().warnings.len(), 1);
    }

    #[test]
    fn what_is_missing_or_outside_is_said() {
        let folder = repository(&[
            ("secret.yaml", entity("secret")),
            ("repo/missing.yaml", location("target: ./none.yaml")),
            ("repo/optional.yaml", location("target: ./none.yaml, presence: optional")),
            ("repo/up.yaml", location("target: ../secret.yaml")),
            ("repo/pattern.yaml", location("targets: ['../*.yaml']")),
            ("repo/bytes.yaml", location("target: ./b.yaml")),
        ]);
        std::os::unix::fs::symlink(folder.path().join("secret.yaml"), folder.path().join("repo/link.yaml")).unwrap();
        fs::write(folder.path().join("repo/b.yaml"), b"a\n\xff").unwrap();
        fs::write(folder.path().join("repo/by_link.yaml"), location("target: ./link.yaml")).unwrap();
        for (file, count, word) in [
            ("missing", 1, "presence: optional"),
            ("optional", 0, ""),
            ("up", 1, "outside"),
            ("pattern", 1, "outside"),
            ("by_link", 1, "outside"),
            ("bytes", 1, "UTF-8"),
        ] {
            let (files, errors) = names(folder.path(), &format!("repo/{file}.yaml"));
            assert_eq!((files.len(), errors.len()), (1, count), "{file}: {errors:?}");
            assert!(errors.iter().all(|error| error.contains(word)), "{errors:?}");
        }
        // In one repository they may name each other.
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(names(folder.path(), "repo/up.yaml").0, ["repo/up.yaml", "secret.yaml"]);
    }
}
