//! Addresses of files at the Git host, as people copy them out of its pages. No other host is ever asked.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::{
    git_host::{Branch, RepositoryName},
    is_https_or_loopback,
};

/// The root of the Git host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host(Url);

/// What an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) repository: RepositoryName,
    /// None: the one that the host takes for the main one.
    pub(crate) branch: Option<Branch>,
    /// Of a file; none for a whole repository.
    pub(crate) path: Option<String>,
}

/// The file that is read where an address names a repository.
pub(crate) const USUAL_FILE: &str = "catalog-info.yaml";
const MOST_ADDRESS: usize = 1_000;
const NOT_A_FILE: &str = "This is no address of a repository or of a file on a branch. Open the file at the Git host and copy \
                          the address from there.";

impl Host {
    /// Nothing for an address that is never called.
    pub(crate) fn new(url: &str) -> Option<Self> {
        Url::parse(url).ok().filter(is_https_or_loopback).map(Self)
    }

    /// From the page of a repository there.
    pub(crate) fn of_page(page: &Url, repository: &RepositoryName) -> Option<Self> {
        let mut root = page.clone();
        let ending = format!("/{}/{}", repository.owner, repository.name);
        if !page.path().ends_with(&ending) {
            return None;
        }
        root.path_segments_mut().ok()?.pop().pop();
        Self::new(root.as_str())
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Why it cannot be read is a full sentence for who typed it.
    pub(crate) fn address(&self, text: &str) -> Result<Address, String> {
        let text = text.trim();
        let url = Url::parse(text).ok().filter(|_| text.len() <= MOST_ADDRESS);
        let url = url.ok_or("Write the whole address, such as https://git.example.com/team/service.")?;
        let is_here = url.origin() == self.0.origin() && url.username().is_empty() && url.password().is_none();
        let rest = url.path().strip_prefix(self.0.path().trim_end_matches('/')).filter(|_| is_here);
        let rest = rest.filter(|rest| rest.starts_with('/')).ok_or_else(|| {
            format!("Only {} is read from. Give the address of a repository or a file there.", self.0)
        })?;
        let parts: Option<Vec<String>> = rest.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let parts = parts.ok_or(NOT_A_FILE)?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        read(&parts)
    }

    /// Where people look at a repository.
    pub(crate) fn repository(&self, repository: &RepositoryName) -> String {
        let mut url = self.0.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend([repository.owner.as_str(), repository.name.as_str()]);
        }
        url.to_string()
    }

    /// Where people look at a file.
    pub(crate) fn page(&self, repository: &RepositoryName, branch: &str, path: &str) -> String {
        let mut url = self.0.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend([repository.owner.as_str(), repository.name.as_str(), "src", "branch"]);
            parts.extend(branch.split('/')).extend(path.split('/'));
        }
        url.to_string()
    }

    /// What its entities name as their origin.
    pub(crate) fn origin(&self, repository: &RepositoryName, branch: &str, path: &str) -> String {
        format!("url:{}", self.page(repository, branch, path))
    }
}

fn read(parts: &[&str]) -> Result<Address, String> {
    let [owner, name, rest @ ..] = parts else { return Err(NOT_A_FILE.to_owned()) };
    let name = name.strip_suffix(".git").unwrap_or(name);
    let repository = format!("{owner}/{name}").parse::<RepositoryName>().map_err(|error| error.to_string())?;
    let (branch, path) = match rest {
        [] => (None, None),
        ["src" | "raw", "commit" | "tag", ..] => {
            let message = "This address names one state that never changes. Give the address of the file on a branch.";
            return Err(message.to_owned());
        }
        ["src" | "raw", "branch", branch] => (Some(*branch), None),
        ["src" | "raw", "branch", branch, path @ ..] => (Some(*branch), Some(path.join("/"))),
        _ => return Err(NOT_A_FILE.to_owned()),
    };
    let branch = branch.map(str::parse::<Branch>).transpose().map_err(|error| error.to_string())?;
    let has_steps = path.as_deref().is_some_and(|path| path.split('/').any(|part| matches!(part, "." | "..")));
    if has_steps {
        return Err(NOT_A_FILE.to_owned());
    }
    Ok(Address { repository, branch, path })
}

/// A part of a path as it is called; none when it would be two.
fn decoded(part: &str) -> Option<String> {
    let text = percent_decode_str(part).decode_utf8().ok()?;
    let is_plain = !text.contains(['\0', '\\']);
    is_plain.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn host() -> Host {
        Host::new("https://git.example.org/sub/").unwrap()
    }

    #[test]
    fn addresses_as_people_copy_them() {
        for (text, repository, branch, path) in [
            ("https://git.example.org/sub/payments/checkout", "payments/checkout", None, None),
            (" https://git.example.org/sub/payments/checkout.git/ ", "payments/checkout", None, None),
            ("https://git.example.org/sub/p/c/src/branch/main", "p/c", Some("main"), None),
            (
                "https://git.example.org/sub/p/c/src/branch/main/a/b%20c.yaml#L3",
                "p/c",
                Some("main"),
                Some("a/b c.yaml"),
            ),
            ("https://git.example.org/sub/p/c/raw/branch/x%2Fy/a.yaml?raw=1", "p/c", Some("x/y"), Some("a.yaml")),
        ] {
            let found = host().address(text).unwrap();
            assert_eq!(found.repository.to_string(), repository, "{text}");
            assert_eq!(found.branch.as_ref().map(Branch::as_str), branch, "{text}");
            assert_eq!(found.path.as_deref(), path, "{text}");
        }
        let page = host().page(&"p/c".parse().unwrap(), "x", "a/b c.yaml");
        assert_eq!(page, "https://git.example.org/sub/p/c/src/branch/x/a/b%20c.yaml");
    }

    #[test]
    fn every_other_host_is_refused() {
        for text in [
            "https://git.example.com/sub/p/c",
            "https://git.example.org:444/sub/p/c",
            "http://git.example.org/sub/p/c",
            "https://git.example.org/other/p/c",
            "https://git.example.org/subp/c",
            "https://git.example.org@evil.example/sub/p/c",
            "https://me:word@git.example.org/sub/p/c",
            "https://169.254.169.254/sub/p/c",
            "file:///sub/p/c",
            "javascript:alert(1)",
            "https://git.example.org/sub/../p/c",
        ] {
            let why = host().address(text).unwrap_err();
            assert!(why.contains("https://git.example.org/sub/"), "{text}: {why}");
        }
        assert!(Host::new("http://git.example.org").is_none() && Host::new("http://localhost:3000").is_some());
    }

    #[test]
    fn what_names_no_file_on_a_branch_is_refused() {
        let long = format!("https://git.example.org/sub/p/{}", "c".repeat(1_000));
        for (text, word) in [
            ("", "whole address"),
            ("payments/checkout", "whole address"),
            (long.as_str(), "whole address"),
            ("https://git.example.org/sub/payments", "no address"),
            ("https://git.example.org/sub/p/c/issues/3", "no address"),
            ("https://git.example.org/sub/p/c/src/commit/0123/a.yaml", "never changes"),
            ("https://git.example.org/sub/p/c/src/branch/-x/a.yaml", "Use 1 to 100"),
            ("https://git.example.org/sub/p/--x", "Use 1 to 63"),
            ("https://git.example.org/sub/p/c/src/branch/main/a%2F..%2F..%2Fb", "no address"),
            ("https://git.example.org/sub/p/c/src/branch/main/a%5Cb", "no address"),
            ("https://git.example.org/sub/p/c/src/branch/main/%ff", "no address"),
        ] {
            let why = host().address(text).unwrap_err();
            assert!(why.contains(word) && why.ends_with('.'), "{text}: {why}");
        }
    }

    proptest! {
        #[test]
        fn a_page_is_read_as_what_it_shows(branch in "[a-z][a-z0-9/]{0,6}[a-z]", path in "[a-z .%#?&]{1,8}(/[a-z ]{1,4})?") {
            prop_assume!(branch.parse::<Branch>().is_ok() && !branch.contains('/'));
            prop_assume!(path.split('/').all(|part| !part.trim().is_empty() && !matches!(part, "." | "..")));
            let (repository, host) = ("p/c".parse::<RepositoryName>().unwrap(), host());
            let found = host.address(&host.page(&repository, &branch, &path)).unwrap();
            prop_assert_eq!(found, Address { repository, branch: branch.parse().ok(), path: Some(path) });
        }
    }
}
