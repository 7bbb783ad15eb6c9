//! What is asked, as addresses. What one address asks for is worked out once and kept; where several ask for the same in other
//! words, each is worked out anew, as their answers do not all fit where answers are kept.

use super::organisation::{self, PARTS, WORDS};

pub(super) const LIST: &str = "/api/catalog/entities?limit=20";
pub(super) const SEARCH: &str = "/api/catalog/entities/by-query?limit=20&fullTextFilterTerm=forecast-gateway";
pub(super) const FACETS: &str = "/api/catalog/entity-facets?facet=kind";
pub(super) const GRAPH: &str = "/catalog/resource/default/hub/graph";
pub(super) const LIST_PAGE: &str = "/catalog?limit=20";
pub(super) const SEARCH_PAGE: &str = "/search?q=forecast+gateway";
/// So many ways to ask for one thing.
const WAYS: usize = 4_000;

/// The page of an entity that has neighbours as others have.
pub(super) fn page() -> String {
    format!("/catalog/component/default/{}", organisation::component(4_200))
}

/// The same question in so many addresses: nothing reads what is added.
pub(super) fn again(path: &str) -> Vec<String> {
    (0..WAYS).map(|way| format!("{path}&way={way}")).collect()
}

/// Lists that are narrowed in different ways.
pub(super) fn list_pages() -> Vec<String> {
    let tags = WORDS.iter().map(|word| (*word).to_owned()).chain((0..4).map(|tier| format!("tier-{tier}")));
    let mut pages = Vec::new();
    for tag in tags {
        for kind in ["component", "resource", "api", "system"] {
            let one = |owner| format!("/catalog?tag={tag}&kind={kind}&owner=group:default/{owner}");
            pages.extend(organisation::TEAMS.map(one));
        }
    }
    pages
}

/// Two words and the beginning of a number.
pub(super) fn searches(before: &str, between: &str) -> Vec<String> {
    let words = WORDS.iter().flat_map(|word| PARTS.iter().map(move |part| (word, part)));
    words.flat_map(|(word, part)| (1..=9).map(move |n| format!("{before}{word}{between}{part}{between}{n}"))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_address_stands_twice() {
        for all in [again(LIST), list_pages(), searches("/search?q=", "+")] {
            assert!(all.len() > 400 && all.iter().collect::<BTreeSet<_>>().len() == all.len(), "{}", all[0]);
        }
    }
}
