//! Files on this machine.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use url::Url;

use super::{Collected, Found, Listing, Shelf, ancestors, collected_with_docs, remote::Remote};
use crate::{Error, Result, catalog::living::Address};

/// Folders below a pattern hold no more than this.
const MOST_WALKED: usize = 20_000;

/// Reads a file and all that it leads to, documentation among it. They lie in the same repository: below the nearest folder above the file that
/// holds `.git`, or else below the file's own folder. Addresses of that repository mean files of it: `repository` is where
/// its page is, where that is not what the checkout was cloned from.
pub async fn collect(path: &Path, repository: Option<&Url>) -> Result<Collected> {
    let unreadable = |error: io::Error| Error::internal(format!("cannot read {}: {error}", path.display()));
    let start = fs::canonicalize(path).map_err(unreadable)?;
    fs::File::open(&start).map_err(unreadable)?;
    let home = start.parent().unwrap_or(&start).to_owned();
    let root = home.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&home).to_owned();
    let shown = path.parent().unwrap_or(Path::new("")).to_owned();
    let own = match repository {
        Some(page) => Remote::at(page),
        None => Remote::of_checkout(&root),
    };
    let folder = Folder { root, home, shown, own };
    match folder.path_of(&start) {
        Some(first) => collected_with_docs(&folder, &first).await,
        None => Err(Error::internal(format!("the name of {} is not UTF-8", path.display()))),
    }
}

struct Folder {
    /// What all files lie below.
    root: PathBuf,
    /// The folder of the first file, and how whoever named that file called it.
    home: PathBuf,
    shown: PathBuf,
    /// What it is a clone of.
    own: Option<Remote>,
}

impl Folder {
    fn path_of(&self, file: &Path) -> Option<String> {
        let parts = file.strip_prefix(&self.root).ok()?.components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    fn find(&self, path: &str, most: usize) -> Found {
        let is_link = |part: &str| self.root.join(part).is_symlink();
        if ancestors(path).any(is_link) {
            return Found::Link;
        }
        let Ok(file) = fs::canonicalize(self.root.join(path)) else { return Found::Missing };
        if !file.starts_with(&self.root) {
            return Found::Outside;
        }
        let Some(path) = self.path_of(&file).filter(|_| file.is_file()) else { return Found::Missing };
        let mut bytes = Vec::new();
        let read = fs::File::open(&file).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() > most => Found::TooLarge,
            Ok(_) => Found::Bytes { path, bytes },
            Err(_) => Found::Missing,
        }
    }
}

impl Shelf for Folder {
    /// As whoever named the first file would call it.
    fn name(&self, path: &str) -> String {
        match self.root.join(path).strip_prefix(&self.home) {
            Ok(rest) => self.shown.join(rest).display().to_string(),
            Err(_) => path.to_owned(),
        }
    }

    fn own(&self, address: &str) -> Option<String> {
        self.own.as_ref()?.here(address)?
    }

    fn own_folder(&self, address: &str) -> Option<String> {
        Some(self.own.as_ref()?.here(address)?.unwrap_or_default())
    }

    fn elsewhere(&self, address: &str) -> std::result::Result<Address, String> {
        Err(format!("{address} is not in this repository and was not read. Import it by itself."))
    }

    async fn list(&self, below: &str) -> Result<Listing> {
        let mut found = Listing { paths: Vec::new(), is_complete: true };
        let mut folders = vec![self.root.join(below)];
        let mut walked = 0;
        while let Some(next) = folders.pop() {
            let entries = fs::read_dir(&next).into_iter().flatten().flatten();
            for entry in entries.filter(|entry| entry.file_name() != ".git") {
                walked += 1;
                if walked > MOST_WALKED {
                    found.is_complete = false;
                    return Ok(found);
                }
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_symlink() => {}
                    _ => found.paths.extend(self.path_of(&entry.path())),
                }
            }
        }
        Ok(found)
    }

    async fn read(&self, paths: &[String], most: usize) -> Result<Vec<Found>> {
        Ok(paths.iter().map(|path| self.find(path, most)).collect())
    }
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

    async fn names(folder: &Path, file: &str) -> (Vec<String>, Vec<String>) {
        let found = collect(&folder.join(file), None).await.unwrap();
        let short = |name: &str| name.trim_start_matches(folder.to_str().unwrap()).trim_start_matches('/').to_owned();
        (
            found.files.iter().map(|file| short(&file.name)).collect(),
            found.findings.into_iter().filter(|(_, f)| f.is_error()).map(|(_, error)| error.message).collect(),
        )
    }

    #[tokio::test]
    async fn locations_lead_to_files_and_patterns_each_once() {
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
        let (files, errors) = names(folder.path(), "all.yaml").await;
        assert_eq!(errors, Vec::<String>::new());
        let expected =
            ["all.yaml", "a.yaml", "services/one/catalog-info.yaml", "services/two/catalog-info.yaml", "more.yaml"];
        assert_eq!(files, expected);
        let all = collect(&folder.path().join("all.yaml"), None).await.unwrap();
        assert_eq!((all.findings.len(), all.is_whole), (1, true), "an address elsewhere is named and not read");
    }

    #[tokio::test]
    async fn what_is_missing_or_outside_is_said() {
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
            ("by_link", 1, "symbolic link"),
            ("bytes", 1, "UTF-8"),
        ] {
            let (files, errors) = names(folder.path(), &format!("repo/{file}.yaml")).await;
            assert_eq!((files.len(), errors.len()), (1, count), "{file}: {errors:?}");
            assert!(errors.iter().all(|error| error.contains(word)), "{errors:?}");
        }
        // In one repository they may name each other.
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(names(folder.path(), "repo/up.yaml").await.0, ["repo/up.yaml", "secret.yaml"]);
    }

    #[tokio::test]
    async fn entities_get_what_they_ask_for_within_the_repository_alone() {
        let api = |file: &str| {
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: a}}\nspec:\n  type: openapi\n  lifecycle: x\n  owner: a\n  definition: {{$text: '{file}'}}\n"
            )
        };
        let folder = repository(&[
            ("secret.txt", "secret".to_owned()),
            ("repo/.git/HEAD", String::new()),
            ("repo/openapi.yaml", "openapi: 3.1.0\n".to_owned()),
            ("repo/a/good.yaml", api("../openapi.yaml")),
            ("repo/a/none.yaml", api("./nothing.yaml")),
            ("repo/a/up.yaml", api("../../secret.txt")),
            ("repo/a/far.yaml", api("https://a.example/openapi.yaml")),
            ("repo/a/link.yaml", api("./link.txt")),
        ]);
        std::os::unix::fs::symlink(folder.path().join("secret.txt"), folder.path().join("repo/a/link.txt")).unwrap();
        let read = async |name: &str| {
            collect(&folder.path().join(format!("repo/a/{name}.yaml")), None).await.unwrap().files.remove(0).read()
        };
        let good = read("good").await;
        assert_eq!(good.descriptors[0].document["spec"]["definition"], "openapi: 3.1.0\n");
        for (name, rule) in [
            ("none", "placeholder-missing"),
            ("up", "placeholder-outside"),
            ("far", "placeholder-outside"),
            ("link", "placeholder-link"),
        ] {
            let reading = read(name).await;
            assert_eq!(
                (reading.descriptors.len(), reading.findings[0].rule.as_str(), reading.findings[0].line),
                (0, rule, 8),
                "{name}"
            );
        }
    }
}
