//! Where one can go, and who sees it. The one list behind the rail and the menu.

use domain::access::Viewer;

use crate::components::Glyph;

/// One place in the menu.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    pub label: &'static str,
    pub href: &'static str,
    /// Other addresses that belong to the same place.
    also: &'static [&'static str],
    pub glyph: Glyph,
    pub group: NavGroup,
    pub audience: Audience,
}

/// What somebody comes to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavGroup {
    Start,
    Run,
    Improve,
    Govern,
}

/// Who sees a place in the menu. What may be read or done there is decided by the operations themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who is signed in.
    Everyone,
    /// Those who belong to the organisation: who have a team or a role.
    Members,
}

/// Figures behind some of the places; `None` draws none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NavCounts {
    /// Decisions and confirmations that wait for the viewer.
    pub waiting: Option<u64>,
    pub catalog: Option<u64>,
    pub golden_paths: Option<u64>,
    pub namespaces: Option<u64>,
}

impl NavGroup {
    pub const ALL: [NavGroup; 4] = [NavGroup::Start, NavGroup::Run, NavGroup::Improve, NavGroup::Govern];

    /// The first group needs no heading.
    pub fn heading(self) -> Option<&'static str> {
        match self {
            NavGroup::Start => None,
            NavGroup::Run => Some("Run"),
            NavGroup::Improve => Some("Improve"),
            NavGroup::Govern => Some("Govern"),
        }
    }
}

impl NavItem {
    /// Whether a page at `path` belongs to this place.
    pub fn holds(&self, path: &str) -> bool {
        self.also.iter().chain([&self.href]).any(|root| match path.strip_prefix(root) {
            Some(rest) => rest.is_empty() || rest.starts_with('/'),
            None => false,
        })
    }

    pub fn is_for(&self, viewer: &Viewer) -> bool {
        match self.audience {
            Audience::Everyone => true,
            Audience::Members => !viewer.is_outsider(),
        }
    }

    pub fn count(&self, counts: NavCounts) -> Option<u64> {
        match self.href {
            "/" => counts.waiting.filter(|waiting| *waiting > 0),
            "/catalog" => counts.catalog,
            "/golden-paths" => counts.golden_paths,
            "/provisioning" => counts.namespaces,
            _ => None,
        }
    }

    /// What the figure beside the place counts, for those who hear it.
    pub fn counts_what(&self) -> &'static str {
        if self.href == "/" { " waiting for you" } else { "" }
    }
}

const fn item(label: &'static str, href: &'static str, glyph: Glyph, group: NavGroup) -> NavItem {
    NavItem { label, href, also: &[], glyph, group, audience: Audience::Members }
}

/// Every place, in the order of the menu.
pub const NAVIGATION: [NavItem; 6] = [
    NavItem { audience: Audience::Everyone, also: &["/scaffold"], ..item("Home", "/", Glyph::Home, NavGroup::Start) },
    item("Catalog", "/catalog", Glyph::Catalog, NavGroup::Start),
    item("Golden paths", "/golden-paths", Glyph::GoldenPath, NavGroup::Start),
    item("Namespaces", "/provisioning", Glyph::Namespace, NavGroup::Run),
    item("Delivery", "/delivery", Glyph::Delivery, NavGroup::Run),
    item("Maturity", "/maturity", Glyph::Maturity, NavGroup::Improve),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str) -> Vec<&'static str> {
        NAVIGATION.iter().filter(|item| item.holds(path)).map(|item| item.label).collect()
    }

    #[test]
    fn home_counts_what_waits_and_says_nothing_of_nothing() {
        let home = |waiting| NAVIGATION[0].count(NavCounts { waiting, ..NavCounts::default() });
        assert_eq!((home(None), home(Some(0)), home(Some(2))), (None, None, Some(2)));
    }

    #[test]
    fn a_page_belongs_to_one_place_at_most() {
        assert_eq!(at("/"), ["Home"]);
        assert_eq!(at("/catalog/component/default/checkout"), ["Catalog"]);
        assert_eq!(at("/scaffold/7c1e"), ["Home"]);
        assert_eq!(at("/golden-paths/web-service/new"), ["Golden paths"]);
        assert!(at("/catalogue").is_empty());
        assert!(at("/settings").is_empty());
    }
}
