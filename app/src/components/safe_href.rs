//! Addresses that are safe to put into a link. Leptos escapes attributes but has no opinion on schemes, so every `href`
//! of the product goes through this type.

use std::fmt;

use leptos::prelude::*;

/// An `https`, `http` or `mailto` address, or a relative one: `/path`, `?query`, `#fragment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeHref(String);

/// The address leads somewhere a link of ours must not lead, or is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsafeHref;

impl fmt::Display for UnsafeHref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Only https, http and mailto addresses and paths of this site can be linked. Use one of these.")
    }
}

/// Longer than any address that a browser is sure to follow.
const MAX_BYTES: usize = 2048;

impl SafeHref {
    /// For addresses that come from people or data.
    pub fn parse(address: &str) -> Result<Self, UnsafeHref> {
        // Browsers drop tabs and line ends inside a scheme and read `\` as `/`; none of them belongs in an address.
        let stray = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
        if address.len() > MAX_BYTES || address.contains(stray) {
            return Err(UnsafeHref);
        }
        if is_relative(address) || is_absolute(address) { Ok(Self(address.to_owned())) } else { Err(UnsafeHref) }
    }

    /// Whether the address leaves this site.
    pub fn is_external(&self) -> bool {
        !self.0.starts_with(['/', '?', '#'])
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a link to this address says about where it comes from: nothing, when it leaves this site.
    pub fn rel(&self) -> Option<&'static str> {
        self.is_external().then_some("noreferrer")
    }
}

/// Addresses that our own code makes. One that [`SafeHref::parse`] refuses becomes a path of this site, so a mistake ends
/// on our own "not found" page and never in a script.
impl From<String> for SafeHref {
    fn from(address: String) -> Self {
        Self::parse(&address).unwrap_or_else(|UnsafeHref| {
            let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
            let path: String = address.chars().filter(is_plain).take(MAX_BYTES).collect();
            Self(format!("/{}", path.trim_start_matches('/')))
        })
    }
}

impl From<&str> for SafeHref {
    fn from(address: &str) -> Self {
        Self::from(address.to_owned())
    }
}

/// A link inside text.
#[component]
pub fn TextLink(#[prop(into)] href: SafeHref, children: Children) -> impl IntoView {
    view! { <a href=href.0.clone() rel=href.rel()>{children()}</a> }.into_any()
}

/// A link whose address comes from data. Where the address is not safe, the words stand alone.
#[component]
pub fn DataLink(#[prop(into)] address: String, #[prop(into)] text: String) -> impl IntoView {
    match SafeHref::parse(&address) {
        Ok(href) => view! { <TextLink href=href>{text}</TextLink> }.into_any(),
        Err(UnsafeHref) => view! { <span>{text}</span> }.into_any(),
    }
}

fn is_relative(address: &str) -> bool {
    match address.as_bytes() {
        [b'?' | b'#', ..] | [b'/'] => true,
        [b'/', second, ..] => *second != b'/',
        _ => false,
    }
}

fn is_absolute(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" => rest.strip_prefix("//").is_some_and(names_a_host),
        "mailto" => rest.contains('@'),
        _ => false,
    }
}

/// A name before `@` makes an address look like another site's.
fn names_a_host(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_pass_unchanged() {
        for address in [
            "https://git.example/payments/checkout?ref=main#L1",
            "HTTP://localhost:3000/",
            "mailto:platform@example.org",
            "/",
            "/catalog/component/default/checkout",
            "?tab=quota",
            "#name",
        ] {
            assert_eq!(SafeHref::parse(address).map(|href| href.0), Ok(address.to_owned()));
        }
    }

    #[test]
    fn scripts_foreign_roots_and_disguises_are_refused() {
        for address in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>",
            "vbscript:x",
            "blob:https://a",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://",
            "https://waymark.example@evil.example/",
            "mailto:",
            "catalog",
            "",
        ] {
            assert_eq!(SafeHref::parse(address), Err(UnsafeHref), "{address:?}");
        }
        assert_eq!(SafeHref::parse(&format!("/{}", "a".repeat(MAX_BYTES))), Err(UnsafeHref));
    }

    #[test]
    fn a_mistake_of_ours_stays_on_this_site() {
        assert_eq!(SafeHref::from("javascript:alert(1)").as_str(), "/javascriptalert1");
        assert_eq!(SafeHref::from("//evil.example/a").as_str(), "/evil.example/a");
        assert_eq!(SafeHref::from("/\\evil.example").as_str(), "/evil.example");
    }

    #[test]
    fn only_links_that_leave_hide_where_they_come_from() {
        assert_eq!(SafeHref::from("https://git.example").rel(), Some("noreferrer"));
        assert_eq!(SafeHref::from("/catalog").rel(), None);
    }
}
