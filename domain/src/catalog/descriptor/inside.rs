//! Paths inside a repository.

/// What `target` means in the file at `file`, both with `/` between their parts; nothing when it lies outside. Patterns
/// are paths too.
///
/// ```
/// use domain::catalog::descriptor::inside;
/// assert_eq!(inside("services/a/catalog-info.yaml", "../b/./api.yaml").as_deref(), Some("services/b/api.yaml"));
/// assert_eq!(inside("catalog-info.yaml", "../secret.yaml"), None);
/// ```
pub fn inside(file: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.contains("://") || target.contains(['\0', '\\']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::inside;

    #[test]
    fn table() {
        for (file, target, means) in [
            ("catalog-info.yaml", "./openapi.yaml", Some("openapi.yaml")),
            ("catalog-info.yaml", "docs//api.yaml", Some("docs/api.yaml")),
            ("a/b/c.yaml", "../../d.yaml", Some("d.yaml")),
            ("a/b/c.yaml", "../*/catalog-info.yaml", Some("a/*/catalog-info.yaml")),
            ("a/b/c.yaml", "../../../d.yaml", None),
            ("c.yaml", "..", None),
            ("a/c.yaml", "..", None),
            ("c.yaml", "/etc/passwd", None),
            ("c.yaml", "https://a.example/b.yaml", None),
            ("c.yaml", "file:///etc/passwd", None),
            ("c.yaml", "a\\..\\..\\b", None),
            ("c.yaml", "a\0b", None),
            ("c.yaml", "", None),
        ] {
            assert_eq!(inside(file, target).as_deref(), means, "{file} {target}");
        }
    }

    proptest! {
        #[test]
        fn nothing_leads_out(file in "([a-c]{1,2}/){0,4}f", target in "([./]{1,3}|[a-c]/|\\.\\./|[*]){0,12}") {
            if let Some(path) = inside(&file, &target) {
                prop_assert!(!path.starts_with('/') && !path.is_empty());
                prop_assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
            }
        }
    }
}
