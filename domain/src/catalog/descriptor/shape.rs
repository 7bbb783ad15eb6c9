//! The shapes of names, keys and tags, as `@backstage/catalog-model` 1.10 ships them.

/// The longest part of a name, key or tag.
const MOST: usize = 63;
const MOST_SUBDOMAIN: usize = 253;

/// `v1`, `backstage.io/v1alpha1`
pub(super) fn is_api_version(text: &str) -> bool {
    let suffix = |text: &str| fits(text) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.split_once('/') {
        Some((domain, version)) => is_subdomain(domain) && suffix(version),
        None => suffix(text),
    }
}

/// `Component`
pub(super) fn is_kind(text: &str) -> bool {
    fits(text) && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `checkout`, `Order_Service.v2`
pub(super) fn is_object_name(text: &str) -> bool {
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    fits(text)
        && ends(bytes.first())
        && ends(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// `default`, `team--a`
pub(super) fn is_namespace(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    fits(text) && text.bytes().all(|b| is_plain(b) || b == b'-') && !text.starts_with('-') && !text.ends_with('-')
}

/// `company.net/some-key`, `some-key`
pub(super) fn is_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((domain, name)) => is_subdomain(domain) && is_object_name(name),
        None => is_object_name(text),
    }
}

pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_object_name(text)
}

/// `java`, `c++`, `env:prod`
pub(super) fn is_tag(text: &str) -> bool {
    let part = |part: &str| {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b':' | b'+' | b'#');
        !part.is_empty() && part.bytes().all(is_plain)
    };
    fits(text) && text.split('-').all(part)
}

fn is_subdomain(text: &str) -> bool {
    text.len() <= MOST_SUBDOMAIN && text.split('.').all(is_namespace)
}

fn fits(text: &str) -> bool {
    (1..=MOST).contains(&text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be accepted");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn tables() {
        let (most, over) = ("a".repeat(63), "a".repeat(64));
        let (most, over) = (most.as_str(), over.as_str());
        table(
            is_api_version,
            &["v1", "backstage.io/v1alpha1", "a.b/V1"],
            &["", "/v1", "a/", "a/v-1", "A.b/v1", "a/b/c"],
        );
        table(is_kind, &["Component", "a1", most], &["", "1a", "A-b", "A b", over]);
        table(is_object_name, &["a", "A.b_c-d", "9", most], &["", "-a", "a-", ".a", "a/b", "a b", "é", over]);
        table(is_namespace, &["default", "team--a", "9a", most], &["", "Default", "-a", "a-", "a.b", "a_b", over]);
        table(is_key, &["a", "company.net/a.b", "A_b"], &["", "a/", "/a", "a/b/c", "Company.net/a", "a..b/c"]);
        table(is_label_value, &["", "a-b"], &["a b", "-"]);
        table(
            is_tag,
            &["java", "env:prod", "c++", "c#", "a-b", most],
            &["", "Java", "a--b", "-a", "a-", "a_b", "a b", over],
        );
    }
}
