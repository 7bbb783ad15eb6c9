//! Everything of one documentation, drawn.

use std::collections::BTreeMap;

use domain::catalog::docs::{Library, README, Site};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    draw::{Around, draw},
    files::Image,
    navigation::{NavRow, navigation, worded},
    outline::{Heading, Section},
};

/// What was read of a folder.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) folder: String,
    pub(super) site: Site,
    pub(super) library: Library,
    /// By their files.
    pub(super) texts: BTreeMap<String, String>,
    pub(super) images: BTreeMap<String, Image>,
    /// Where the repository is looked at, with `/` at its end.
    pub(super) host: Option<String>,
}

/// One documentation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::catalog) struct Docs {
    pub(super) folder: String,
    pub(super) title: Option<String>,
    pub(super) home: String,
    pub(super) nav: Vec<NavRow>,
    pub(super) pages: Vec<Page>,
    pub(super) images: Vec<Image>,
    pub(super) hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) address: String,
    pub(super) file: String,
    pub(super) title: String,
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
    pub(super) sections: Vec<Section>,
    pub(super) hash: String,
}

/// Nothing when no page is left; beside it what should be mended, in full sentences.
pub(super) fn drawn(mut from: Texts) -> (Option<Docs>, Vec<String>) {
    let mut problems = std::mem::take(&mut from.site.problems);
    let hashes: BTreeMap<String, String> =
        from.images.iter().map(|(file, image)| (file.clone(), image.hash.clone())).collect();
    let mut pages = Vec::new();
    for (file, text) in &from.texts {
        let around = Around { library: &from.library, images: &hashes, host: from.host.as_deref() };
        match draw(text, file, &around) {
            Ok(drawn) => {
                let address = from.library.address(file).unwrap_or_default().to_owned();
                let title = drawn.title.unwrap_or_else(|| plain_title(file, from.site.title.as_deref()));
                let sections = titled(drawn.sections, &title);
                pages.push(Page {
                    hash: hash(&[&address, file, &title, &drawn.html, &json!(sections).to_string()]),
                    address,
                    file: file.clone(),
                    title,
                    html: drawn.html,
                    headings: drawn.headings,
                    sections,
                });
            }
            Err(_) => problems
                .push(format!("{file} is nested too deep or too long to be shown, and was left out. Divide it.")),
        }
    }
    for file in from.texts.keys().filter(|file| !pages.iter().any(|page| page.file == **file)) {
        from.library.without(file);
    }
    let titles: BTreeMap<&str, &str> = pages.iter().map(|page| (page.file.as_str(), page.title.as_str())).collect();
    let title = |file: &str| titles.get(file).map_or_else(|| worded(file), |title| (*title).to_owned());
    let (nav, missing) = navigation(from.site.steps.as_deref(), &from.library, title);
    problems.extend(missing.into_iter().map(|name| {
        format!(
            "`nav` in mkdocs.yml names {name}, and there is no such page. Name one that is there, below its `docs_dir`."
        )
    }));
    let first =
        nav.iter().find_map(|row| row.address.clone()).or_else(|| pages.first().map(|page| page.address.clone()));
    let home = if pages.iter().any(|page| page.address.is_empty()) { Some(String::new()) } else { first };
    let Some(home) = home else { return (None, problems) };
    let images: Vec<Image> = from.images.into_values().collect();
    let all = pages.iter().map(|page| page.hash.as_str()).chain(images.iter().map(|image| image.hash.as_str()));
    let nav_text = json!(nav).to_string();
    let site_title = from.site.title.clone();
    let hash =
        hash(&all.chain([home.as_str(), &nav_text, site_title.as_deref().unwrap_or_default()]).collect::<Vec<_>>());
    (Some(Docs { folder: from.folder, title: site_title, home, nav, pages, images, hash }), problems)
}

/// A page is found by its title, which stands above the words before the first heading.
fn titled(mut sections: Vec<Section>, title: &str) -> Vec<Section> {
    if sections.first().is_none_or(|first| first.anchor.is_some()) {
        sections.insert(0, Section::default());
    }
    if let Some(first) = sections.first_mut() {
        first.heading = title.to_owned();
    }
    sections
}

/// Of a page that has no title: the site's for its first page, else the name of its file.
fn plain_title(file: &str, site: Option<&str>) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    match (name.eq_ignore_ascii_case("index.md") || name == README, site) {
        (true, Some(site)) => site.to_owned(),
        (true, None) => file.rsplit('/').nth(1).map_or_else(|| "Overview".to_owned(), worded),
        (false, _) => worded(name),
    }
}

/// Of how pages are drawn: another one has all of them written anew.
const EDITION: &str = "1";

fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new().chain_update(EDITION);
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}
