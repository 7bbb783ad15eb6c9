//! Predicates out of documents.

use regex::RegexBuilder;

use super::{Comparison, Expression, Operator, Path, Predicate};
use crate::maturity::{
    document::{self, Doc, DocEntry, DocKind, Fault, Fields, Read},
    value::Value,
};

/// A pattern may not grow larger than this when it is compiled.
const PATTERN_BYTES: usize = 256 * 1024;
/// Deeper trees are a slip, and reading them would need a stack without end.
const MOST_DEPTH: u8 = 32;

pub(in crate::maturity) fn read(doc: &Doc) -> Read<Predicate> {
    Reader { in_item: false, depth: 0 }.predicate(doc)
}

#[derive(Clone, Copy)]
struct Reader {
    /// Paths begin with `item` here.
    in_item: bool,
    depth: u8,
}

impl Reader {
    fn predicate(self, doc: &Doc) -> Read<Predicate> {
        let DocKind::Map(entries) = &doc.kind else {
            return Err(fault(doc, "Write a predicate as a map, such as {fact: catalog.tier, eq: 1}."));
        };
        if self.depth >= MOST_DEPTH {
            return Err(fault(doc, "Nest predicates less deeply: 32 levels are the most."));
        }
        let has = |key: &str| entries.iter().any(|entry| entry.key == key);
        let deeper = Self { depth: self.depth + 1, ..self };
        let mut fields = Fields::of(doc, "a predicate")?;
        let predicate = if has("all") {
            Predicate::All(fields.required("all", document::list(|doc| deeper.predicate(doc)))?)
        } else if has("any") {
            Predicate::Any(fields.required("any", document::list(|doc| deeper.predicate(doc)))?)
        } else if has("not") {
            Predicate::Not(Box::new(fields.required("not", |doc| deeper.predicate(doc))?))
        } else if has("every") {
            Predicate::Every {
                list: fields.required("every", |doc| self.path(doc))?,
                min_items: fields.optional("min_items", document::positive)?.unwrap_or(1),
                condition: deeper.condition(&mut fields)?,
            }
        } else if has("some") {
            Predicate::Some {
                list: fields.required("some", |doc| self.path(doc))?,
                condition: deeper.condition(&mut fields)?,
            }
        } else if has("attested") {
            Predicate::Attested(fields.required("attested", document::name)?)
        } else if has("cel") {
            Predicate::Cel(fields.required("cel", |doc| self.expression(doc))?)
        } else if has("fact") {
            return self.comparison(doc, entries).map(Predicate::Compare);
        } else {
            let message = "Begin a predicate with one of all, any, not, fact, every, some, attested or cel.";
            return Err(fault(doc, message));
        };
        fields.end()?;
        Ok(predicate)
    }

    fn condition(self, fields: &mut Fields<'_>) -> Read<Box<Predicate>> {
        let inside = Self { in_item: true, ..self };
        fields.required("where", |doc| inside.predicate(doc)).map(Box::new)
    }

    fn path(self, doc: &Doc) -> Read<Path> {
        let path = Path::parse(&document::text(doc)?)
            .ok_or_else(|| fault(doc, "Write a path as names with dots between them, such as k8s.workload.kind."))?;
        match (self.in_item, path.is_of_item()) {
            (true, false) => Err(fault(doc, "Begin a path inside `where` with `item`.")),
            (false, true) => Err(fault(doc, "`item` is there only inside `where`; name a fact here.")),
            _ => Ok(path),
        }
    }

    fn expression(self, doc: &Doc) -> Read<Expression> {
        if self.in_item {
            return Err(fault(doc, "Write `cel` outside of `where`; it has comprehensions of its own."));
        }
        Expression::compile(&document::text(doc)?).map_err(|message| fault(doc, message))
    }

    fn comparison(self, doc: &Doc, entries: &[DocEntry]) -> Read<Comparison> {
        let [first, second] = entries else {
            return Err(fault(doc, "Write exactly one operator beside `fact`, such as {fact: catalog.tier, eq: 1}."));
        };
        let (path, entry) = if first.key == "fact" { (first, second) } else { (second, first) };
        let operator = Operator::ALL.into_iter().find(|operator| operator.word() == entry.key);
        let Some(operator) = operator else {
            let known = Operator::ALL.map(Operator::word).join(", ");
            let message = format!("There is no operator `{}`; use one of {known}.", entry.key);
            return Err(Fault::new(entry.place, "unknown-key", message));
        };
        let expected = entry.value.to_value();
        let pattern = match (operator, &expected) {
            (Operator::Matches, Value::Text(text)) => {
                let pattern = RegexBuilder::new(text).size_limit(PATTERN_BYTES).build();
                Some(pattern.map_err(|_| fault(&entry.value, "This is not a regular expression of Rust's syntax."))?)
            }
            (Operator::Matches, _) => return Err(fault(&entry.value, "Write a regular expression as a text.")),
            (Operator::In | Operator::NotIn, Value::List(_)) | (Operator::Exists, Value::Bool(_)) => None,
            (Operator::In | Operator::NotIn, _) => return Err(fault(&entry.value, "Write a list of values.")),
            (Operator::Exists, _) => return Err(fault(&entry.value, "Write true or false.")),
            _ => None,
        };
        Ok(Comparison { path: self.path(&path.value)?, operator, expected, pattern })
    }
}

fn fault(doc: &Doc, message: impl Into<String>) -> Fault {
    Fault::new(doc.place, "predicate", message)
}
