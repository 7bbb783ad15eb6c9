//! Filters in the query of an address.

use super::{Predicate, Test};

/// Reads filters such as `kind=component,spec.type=service`. One of them has to hold. Within one all paths have to hold,
/// and the values of the same path are alternatives; a path alone asks whether there is something.
pub fn filters<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Predicate, String> {
    let mut sets = Vec::new();
    for text in texts {
        let conditions = conditions(text)?;
        if !conditions.is_empty() {
            sets.push(Predicate::All(conditions));
        }
    }
    Ok(if sets.is_empty() { Predicate::everything() } else { Predicate::Any(sets) })
}

fn conditions(text: &str) -> Result<Vec<Predicate>, String> {
    let mut by_path: Vec<(String, Vec<String>)> = Vec::new();
    for statement in text.split(',').map(str::trim).filter(|statement| !statement.is_empty()) {
        let (path, value) = match statement.split_once('=') {
            Some((path, value)) => (path.trim(), Some(value.trim())),
            None => (statement, None),
        };
        if path.is_empty() {
            return Err(format!("`{statement}` names no field. Write a filter such as kind=component."));
        }
        let (path, value) = (path.to_lowercase(), value.map(str::to_lowercase));
        match by_path.iter_mut().find(|(known, _)| *known == path) {
            Some((_, values)) => values.extend(value),
            None => by_path.push((path, value.into_iter().collect())),
        }
    }
    let condition = |(path, values): (String, Vec<String>)| {
        Predicate::At(path, if values.is_empty() { Test::Exists } else { Test::OneOf(values) })
    };
    Ok(by_path.into_iter().map(condition).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, values: &[&str]) -> Predicate {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Predicate::At(path.into(), if values.is_empty() { Test::Exists } else { Test::OneOf(values) })
    }

    #[test]
    fn filters_are_read_as_backstage_reads_them() {
        let one = |text| filters([text]);
        assert_eq!(
            one("kind=Component, spec.type=service,kind=API,Metadata.annotations.a.b/c"),
            Ok(Predicate::Any(vec![Predicate::All(vec![
                at("kind", &["component", "api"]),
                at("spec.type", &["service"]),
                at("metadata.annotations.a.b/c", &[]),
            ])]))
        );
        assert_eq!(one("a=b=c"), Ok(Predicate::Any(vec![Predicate::All(vec![at("a", &["b=c"])])])));
        assert_eq!(one("a="), Ok(Predicate::Any(vec![Predicate::All(vec![at("a", &[""])])])));
        assert_eq!(one(" , "), Ok(Predicate::everything()));
        assert_eq!(
            filters(["kind=user", "", "kind=group"]),
            Ok(Predicate::Any(vec![
                Predicate::All(vec![at("kind", &["user"])]),
                Predicate::All(vec![at("kind", &["group"])]),
            ]))
        );
        assert!(one("=a").is_err() && one("kind=a,=").is_err());
    }
}
