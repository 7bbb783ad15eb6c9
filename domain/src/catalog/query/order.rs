//! Orders of a list.

use serde::{Deserialize, Serialize};

/// By which fields, and in which direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// In lower case. The second decides where the first is the same.
    pub paths: Vec<String>,
    pub is_descending: bool,
}

/// Entities that two fields cannot tell apart stand in the order of their references.
const MOST: usize = 2;

impl Order {
    /// From fields with their directions, `asc` or `desc`; `None` when there are none. What the first two do not decide,
    /// no further one does.
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Option<Self>, String> {
        let mut order: Option<Self> = None;
        for (path, direction) in fields {
            let is_descending = match direction.trim() {
                "asc" => false,
                "desc" => true,
                other => return Err(format!("`{other}` is no direction. Write asc or desc.")),
            };
            let path = path.trim().to_lowercase();
            if path.is_empty() || path.contains('\0') {
                return Err("Name a field to sort by, such as metadata.name.".into());
            }
            let order = order.get_or_insert_with(|| Self { paths: Vec::new(), is_descending });
            if order.paths.len() == MOST {
                continue;
            }
            if order.is_descending != is_descending {
                return Err("Sort by all fields in one direction, all of them asc or all of them desc.".into());
            }
            order.paths.push(path);
        }
        Ok(order)
    }

    /// Reads each of `asc:metadata.name`.
    pub fn of_prefixed<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>, String> {
        let fields: Result<Vec<_>, _> = texts
            .into_iter()
            .map(|text| text.split_once(':').ok_or_else(|| format!("Write `{text}` with its direction: asc:{text}.")))
            .collect();
        Self::of(fields?.into_iter().map(|(direction, path)| (path, direction)))
    }

    /// Reads each of `metadata.name,asc`; the direction may be left out.
    pub fn of_suffixed<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>, String> {
        Self::of(texts.into_iter().map(|text| text.split_once(',').unwrap_or((text, "asc"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_in_both_spellings() {
        let of = |paths: &[&str], is_descending| {
            Ok(Some(Order { paths: paths.iter().map(|path| (*path).to_owned()).collect(), is_descending }))
        };
        assert_eq!(Order::of_suffixed(["metadata.Name,desc"]), of(&["metadata.name"], true));
        assert_eq!(Order::of_suffixed(["kind"]), of(&["kind"], false));
        assert_eq!(Order::of_prefixed(["asc:kind", "asc:metadata.name"]), of(&["kind", "metadata.name"], false));
        assert_eq!(Order::of_prefixed(["asc:a", "asc:b", "desc:c"]), of(&["a", "b"], false));
        assert_eq!(Order::of_prefixed([]), Ok(None));
        for bad in [["kind,up", "a"], [",asc", "a"], ["a,asc", "b,desc"], ["a\0", "b"]] {
            assert!(Order::of_suffixed(bad).is_err(), "{bad:?}");
        }
        assert!(Order::of_prefixed(["kind"]).is_err());
    }
}
