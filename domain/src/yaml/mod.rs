//! YAML with the place of every part, and with limits: a document from outside can be small and expand without end.

mod documents;

pub use documents::{Document, documents};

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::{Options, Spanned};

use crate::golden_paths::{Entry, Node, NodeKind, Place};

/// Why a text is not YAML, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    pub message: String,
}

/// The only document of a text.
pub fn read(text: &str) -> Result<Node, Fault> {
    serde_saphyr::from_str_with_options(text, options()).map(|Located(node)| node).map_err(fault)
}

/// The same for long documents: as many parts as the text has bytes, so aliases still cannot grow without end.
pub fn read_long(text: &str) -> Result<Node, Fault> {
    let most = text.len().max(serde_saphyr::Budget::default().max_nodes);
    let budget = serde_saphyr::budget! { max_nodes: most, max_events: most * 2, max_total_scalar_bytes: most };
    let options = serde_saphyr::options! { strict_booleans: true, budget: budget };
    serde_saphyr::from_str_with_options(text, options).map(|Located(node)| node).map_err(fault)
}

/// Says whether a text is YAML, in any number of documents.
pub fn check_all(text: &str) -> Result<(), Fault> {
    serde_saphyr::from_multiple_with_options::<Located>(text, options()).map(drop).map_err(fault)
}

/// `yes` and `on` stay texts, as in YAML 1.2 and in Backstage.
fn options() -> Options {
    serde_saphyr::options! { strict_booleans: true }
}

fn fault(error: serde_saphyr::Error) -> Fault {
    let place = error.location().map_or(Place::START, |location| place(location.line(), location.column()));
    let text = error.without_snippet().to_string();
    // The place is said once, by the finding.
    let message = text.lines().next().and_then(|line| line.split(" at line ").next()).unwrap_or_default();
    let message = message.trim_end_matches('.').to_owned();
    Fault { place, message }
}

fn place(line: u64, column: u64) -> Place {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).max(1);
    Place { line: number(line), column: number(column) }
}

struct Located(Node);

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value: Kind(kind), referenced, .. } = Spanned::<Kind>::deserialize(deserializer)?;
        Ok(Self(Node { place: place(referenced.line(), referenced.column()), kind }))
    }
}

struct Kind(NodeKind);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor).map(Self)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = NodeKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true, false, null, a list or a map with texts as keys")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<NodeKind, E> {
        Ok(NodeKind::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<NodeKind, E> {
        Ok(NodeKind::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<NodeKind, E> {
        Ok(NodeKind::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<NodeKind, E> {
        let number =
            Number::from_f64(number).ok_or_else(|| E::custom("infinity and not-a-number are no values here"))?;
        Ok(NodeKind::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<NodeKind, E> {
        Ok(NodeKind::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<NodeKind, E> {
        Ok(NodeKind::Text(text))
    }

    fn visit_unit<E>(self) -> Result<NodeKind, E> {
        Ok(NodeKind::Null)
    }

    fn visit_none<E>(self) -> Result<NodeKind, E> {
        Ok(NodeKind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeKind, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NodeKind, A::Error> {
        let mut items = Vec::new();
        while let Some(Located(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(NodeKind::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NodeKind, A::Error> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            if !seen.insert(key.value.clone()) {
                return Err(A::Error::custom(format!("the key `{}` is there twice", key.value)));
            }
            let Located(value) = map.next_value()?;
            let place = place(key.referenced.line(), key.referenced.column());
            entries.push(Entry { key: key.value, place, value });
        }
        Ok(NodeKind::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str, keys: &[&str]) -> (Place, serde_json::Value) {
        let document = read(text).unwrap();
        let node = keys.iter().fold(&document, |node, key| node.get(key).unwrap());
        (node.place, node.to_value())
    }

    #[test]
    fn every_part_has_its_place_and_its_type() {
        let text = "a: yes\nb:\n  c: [1, 2.5, ~]\n  \"d\": 'on'\ne: true\nf: 007x\ng: 18446744073709551615\n";
        assert_eq!(at(text, &["a"]), (Place { line: 1, column: 4 }, json!("yes")));
        assert_eq!(at(text, &["b", "c"]), (Place { line: 3, column: 6 }, json!([1, 2.5, null])));
        assert_eq!(at(text, &["b", "d"]), (Place { line: 4, column: 8 }, json!("on")));
        assert_eq!(at(text, &["e"]).1, json!(true));
        assert_eq!(at(text, &["f"]).1, json!("007x"));
        assert_eq!(at(text, &["g"]).1, json!(u64::MAX));
        let document = read(text).unwrap();
        assert_eq!(document.get("b").unwrap().entry("d").unwrap().place, Place { line: 4, column: 3 });
        assert_eq!(document.entries().iter().map(|e| e.key.as_str()).collect::<String>(), "abefg");
    }

    #[test]
    fn a_fault_has_its_place() {
        assert_eq!(read("a: 1\nb: [1,\n").unwrap_err().place, Place { line: 2, column: 4 });
        assert_eq!(read("a: 1\na: 2\n").unwrap_err().place, Place { line: 2, column: 1 });
        assert_eq!(read("a:\n  - {{ host }}\n").unwrap_err().place.line, 2);
        assert!(check_all("a: 1\n---\nb: 2\n").is_ok());
        assert_eq!(check_all("a: 1\n---\nb: [\n").unwrap_err().place.line, 3);
    }

    #[test]
    fn aliases_cannot_grow_without_end() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..9 {
            text += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
        }
        assert!(read(&text).is_err());
    }
}
