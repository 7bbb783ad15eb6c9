//! Which repository of a Git host a folder on this machine is a clone of, so that addresses of its own files are known.

use std::{path::Path, process::Command};

use url::Url;

use crate::{
    catalog::living::{Address, Host},
    git_host::RepositoryName,
};

/// A repository as its host calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remote {
    host: Host,
    repository: RepositoryName,
}

impl Remote {
    /// What the checkout was cloned from; nothing where there is no `git`, or nothing that looks like a host of repositories.
    pub(super) fn of_checkout(root: &Path) -> Option<Self> {
        let asked =
            Command::new("git").arg("-C").arg(root).args(["config", "--get", "remote.origin.url"]).output().ok()?;
        Self::at(&page(String::from_utf8(asked.stdout).ok()?.trim())?)
    }

    /// From the page of the repository.
    pub(super) fn at(page: &Url) -> Option<Self> {
        let mut parts = page.path_segments()?.rev().filter(|part| !part.is_empty());
        let (name, owner) = (parts.next()?, parts.next()?);
        let repository: RepositoryName =
            format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name)).parse().ok()?;
        let mut page = page.clone();
        page.path_segments_mut().ok()?.pop_if_empty().pop().push(repository.name.as_str());
        page.set_query(None);
        page.set_fragment(None);
        let host = Host::of_page(&page, &repository)?;
        Some(Self { host, repository })
    }

    /// What an address names in this repository, whatever branch it is on: the folder holds one.
    pub(super) fn here(&self, address: &str) -> Option<Option<String>> {
        let Address { repository, path, .. } =
            self.host.address(address).or_else(|_| self.host.address(&as_here(address))).ok()?;
        (repository == self.repository).then_some(path)
    }
}

/// As other hosts write the address of a file on a branch.
const ELSEWHERE: [&str; 7] = ["/-/blob/", "/-/tree/", "/-/raw/", "/blob/", "/tree/", "/raw/", "/edit/"];

fn as_here(address: &str) -> String {
    let cut = ELSEWHERE.iter().find_map(|words| address.split_once(words));
    cut.map_or_else(|| address.to_owned(), |(repository, file)| format!("{repository}/src/branch/{file}"))
}

/// The page of a repository, from where `git` fetches it: an address, or `git@host:owner/name.git`.
fn page(remote: &str) -> Option<Url> {
    let address = match remote.split_once("://") {
        Some(("http" | "https", _)) => remote.to_owned(),
        Some(("ssh", rest)) => {
            let (place, path) = rest.split_once('/')?;
            let host = place.rsplit('@').next()?.split(':').next()?;
            format!("https://{host}/{path}")
        }
        Some(_) => return None,
        None => {
            let (place, path) = remote.split_once(':')?;
            format!("https://{}/{path}", place.rsplit('@').next()?)
        }
    };
    let mut url = Url::parse(&address).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_lead_to_the_page_of_their_repository() {
        for remote in [
            "https://git.example/payments/checkout.git",
            "https://me:word@git.example/payments/checkout",
            "ssh://git@git.example:2222/payments/checkout.git",
            "git@git.example:payments/checkout.git",
        ] {
            let found = Remote::at(&page(remote).unwrap()).unwrap();
            let here = |address: &str| found.here(address);
            let file = "https://git.example/payments/checkout/src/branch/main/a/b.yaml";
            assert_eq!(here(file), Some(Some("a/b.yaml".to_owned())), "{remote}");
            for between in ["blob", "tree", "-/blob", "-/raw", "edit"] {
                let file = format!("https://git.example/payments/checkout/{between}/main/a/b.yaml");
                assert_eq!(here(&file), Some(Some("a/b.yaml".to_owned())), "{file}");
            }
            assert_eq!(here("https://git.example/payments/checkout"), Some(None));
            assert_eq!(here("https://git.example/payments/other/src/branch/main/b.yaml"), None);
            assert_eq!(here("https://git.other/payments/checkout/src/branch/main/b.yaml"), None);
        }
        let below = Remote::at(&page("https://git.example/sub/p/c.git").unwrap()).unwrap();
        assert_eq!(below.here("https://git.example/sub/p/c/raw/branch/x/d.txt"), Some(Some("d.txt".to_owned())));
        for none in ["/srv/git/checkout.git", "file:///srv/git/checkout.git", "", "https://git.example/"] {
            assert_eq!(page(none).as_ref().and_then(Remote::at), None, "{none}");
        }
    }
}
