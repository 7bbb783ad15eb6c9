//! What an entity says of its documentation.

use serde_json::Value;

use crate::catalog::EntityRef;

/// Where documentation is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A folder, relative to the file that describes the entity.
    Folder(String),
    /// The address of a folder, which has to be one of the same repository.
    Address(String),
    /// It stands with another entity.
    Elsewhere(EntityRef),
}

/// The annotation that names a folder.
pub const PLACE: &str = "backstage.io/techdocs-ref";
/// The annotation that names another entity.
pub const ELSEWHERE: &str = "backstage.io/techdocs-entity";

/// Nothing where an entity has no documentation; a full sentence where it says something that is not understood.
pub fn asked(document: &Value) -> Option<Result<Asked, String>> {
    let said = |name: &str| document.pointer("/metadata/annotations")?.get(name)?.as_str().map(str::trim);
    if let Some(other) = said(ELSEWHERE) {
        let namespace = document.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("default");
        let found = EntityRef::relative(other, Some("component"), namespace);
        return Some(found.map(Asked::Elsewhere).map_err(|_| {
            format!("`{ELSEWHERE}: {other}` names no entity. Write one such as component:default/checkout.")
        }));
    }
    let place = said(PLACE)?;
    Some(match place.split_once(':') {
        Some(("dir", folder)) if !folder.trim().is_empty() => Ok(Asked::Folder(folder.trim().to_owned())),
        Some(("url", address)) if address.trim().starts_with("http") => Ok(Asked::Address(address.trim().to_owned())),
        _ => Err(format!(
            "`{PLACE}: {place}` is not supported. Write `dir:.` for documentation beside this file, or \
             `dir:` with a folder of this repository."
        )),
    })
}

/// The folder that `target` means in the file at `file`; the root is empty, and what lies outside is nothing.
///
/// ```
/// use domain::catalog::docs::folder_inside;
/// assert_eq!(folder_inside("services/a/catalog-info.yaml", "."), Some("services/a".to_owned()));
/// assert_eq!(folder_inside("catalog-info.yaml", "./"), Some(String::new()));
/// assert_eq!(folder_inside("catalog-info.yaml", "../other"), None);
/// ```
pub fn folder_inside(file: &str, target: &str) -> Option<String> {
    // A name in the folder says which folder it is.
    let inside = crate::catalog::descriptor::inside(file, &format!("{}/-", target.trim_end_matches('/')))?;
    let is_absolute = target.starts_with('/');
    (!is_absolute).then(|| inside.strip_suffix('-').unwrap_or_default().trim_end_matches('/').to_owned())
}
