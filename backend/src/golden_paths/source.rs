//! The files of one path, as a folder or a commit holds them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use domain::golden_paths::{Finding, Node, Place, TEMPLATE_FILE};
use domain::scaffold::tree::{MAX_FILE_BYTES, MAX_FILES, MAX_TREE_BYTES};
use domain::yaml;

/// By path relative to the folder, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathFiles {
    files: BTreeMap<String, SourceFile>,
    findings: Vec<Finding>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    pub bytes: Vec<u8>,
    pub executable: bool,
}

/// Of `template.yaml`.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

impl SourceFile {
    /// What is no UTF-8 or holds a zero byte is copied and never rendered.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok().filter(|text| !text.contains('\0'))
    }
}

impl PathFiles {
    pub fn new(files: BTreeMap<String, SourceFile>) -> Self {
        Self { files, findings: Vec::new() }
    }

    /// Reads a folder. Links and too large files are left out and said.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut read = Self::default();
        read.read_folder(folder, "", 0)?;
        Ok(read)
    }

    /// What was left out.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub fn get(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path).and_then(SourceFile::text)
    }

    /// The files below a folder (all for the empty text), with their paths from there.
    pub fn below(&self, folder: &str) -> Vec<(&str, &SourceFile)> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = self.files.iter().filter_map(|(path, file)| Some((path.strip_prefix(&start)?, file)));
        inside.collect()
    }

    pub(super) fn document(&self) -> Result<Node, Vec<Finding>> {
        let find = |place, rule: &str, message: String| vec![Finding::new(TEMPLATE_FILE, place, rule, message)];
        let Some(file) = self.get(TEMPLATE_FILE) else {
            let message = format!("There is no {TEMPLATE_FILE} here: name the folder that holds it.");
            return Err(find(Place::START, "document", message));
        };
        if file.bytes.len() > MAX_DOCUMENT_BYTES {
            let message = "The document is larger than 256 KiB: move what is long into files.".to_owned();
            return Err(find(Place::START, "document", message));
        }
        let text =
            file.text().ok_or_else(|| find(Place::START, "yaml-syntax", "Write the document in UTF-8.".into()))?;
        yaml::read(text)
            .map_err(|fault| find(fault.place, "yaml-syntax", format!("This is not YAML: {}.", fault.message)))
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                self.leave_out(prefix, "has a name that is no UTF-8: rename it.");
                continue;
            };
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() && name != ".git" && depth < 20 {
                self.read_folder(&entry.path(), &path, depth + 1)?;
            } else if kind.is_file() {
                self.read_file(&entry, path)?;
            } else if name != ".git" {
                self.leave_out(
                    &path,
                    "is a link, a special file or too deep: put a file there, at most 20 folders down.",
                );
            }
        }
        Ok(())
    }

    fn read_file(&mut self, entry: &fs::DirEntry, path: String) -> io::Result<()> {
        let metadata = entry.metadata()?;
        let held: usize = self.files.values().map(|file| file.bytes.len()).sum();
        if metadata.len() > MAX_FILE_BYTES as u64 {
            self.leave_out(&path, "is larger than 1 MiB: make it smaller or fetch it when it is needed.");
        } else if self.files.len() >= MAX_FILES || held >= MAX_TREE_BYTES {
            self.leave_out(&path, "is more than the 2000 files and 20 MiB that a path may hold: leave some out.");
        } else {
            let executable = metadata.permissions().mode() & 0o100 != 0;
            self.files.insert(path, SourceFile { bytes: fs::read(entry.path())?, executable });
        }
        Ok(())
    }

    fn leave_out(&mut self, path: &str, why: &str) {
        self.findings.push(Finding::new(path, Place::START, "source-file", format!("The file `{path}` {why}")));
    }
}
