//! Code owners files: who looks after which files of a repository (GitHub's format, of which Gitea and GitLab read the same
//! lines). A later line takes the place of an earlier one.

use super::EntityRef;

/// Where hosts look for the file; the first that is there counts.
pub const FILES: [&str; 4] = [".github/CODEOWNERS", ".gitea/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Patterns that every file matches; the last is Gitea's, whose patterns are regular expressions.
const EVERYTHING: [&str; 6] = ["*", "**", "/", "/**", "/*", ".*"];

/// Whom the catalog might know of those that look after every file, in their order: a team of the host as a group, an
/// account as a person, or as a group where a host writes teams so.
pub fn owners(text: &str) -> Vec<EntityRef> {
    let rule = |line: &'_ str| {
        let line = line.split_once(" #").map_or(line, |(rule, _)| rule).trim();
        let mut parts = line.split_whitespace().map(str::to_owned);
        let pattern = parts.next().filter(|pattern| !pattern.starts_with('#'))?;
        EVERYTHING.contains(&pattern.as_str()).then(|| parts.collect::<Vec<_>>())
    };
    let last = text.lines().filter_map(rule).next_back().unwrap_or_default();
    last.iter().filter_map(|owner| owner.strip_prefix('@')).flat_map(known_as).collect()
}

/// Addresses of mail name nobody here: a host resolves them, and the file does not say to whom.
fn known_as(owner: &str) -> Vec<EntityRef> {
    let kinds: &[(&str, &str)] = match owner.rsplit_once('/') {
        Some((_, team)) => &[("group", team)],
        None => &[("user", owner), ("group", owner)],
    };
    kinds.iter().filter_map(|(kind, name)| EntityRef::new(kind, "default", name).ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::owners;

    #[test]
    fn the_last_line_about_everything_counts() {
        for (text, found) in [
            ("* @acme/payments", vec!["group:default/payments"]),
            (
                "*   @ann  @acme/platform/search # both\n",
                vec!["user:default/ann", "group:default/ann", "group:default/search"],
            ),
            ("* @old\n*.rs @rust\n/docs/ @writers\n** @acme/New\n", vec!["group:default/new"]),
            (".* @acme/payments", vec!["group:default/payments"]),
            ("# * @acme/payments\n\n*.js @acme/web", vec![]),
            ("* @acme/payments\n*\n", vec![]),
            ("* ann@example.com", vec![]),
            ("", vec![]),
        ] {
            let names: Vec<String> = owners(text).iter().map(ToString::to_string).collect();
            assert_eq!(names, found, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_stumble(text in "[*/@# a-z\\n\\PC]{0,80}") {
            let _ = owners(&text);
        }

        #[test]
        fn teams_are_found_whatever_stands_around(team in "[a-z][a-z0-9-]{0,20}[a-z0-9]", before in "[a-z*. \\n]{0,20}") {
            let text = format!("{before}\n* @acme/{team}\n*.txt @other\n");
            prop_assert_eq!(owners(&text)[0].to_string(), format!("group:default/{team}"));
        }
    }
}
