//! An expression of CEL over facts: those that are there are bound, those that are not make it unknown.

use super::{
    Expression, Truth,
    cel::Outcome,
    judge::{Evidence, Judge, Judged, Step},
};
use crate::maturity::{
    evidence::{Found, Reason},
    value::Value,
};

#[derive(Default)]
struct Bound {
    /// A map from the names of variables.
    roots: Value,
    /// The facts that are not there, as they come in the expression.
    missing: Vec<(Vec<String>, Reason)>,
    /// The names of the facts that it reads.
    groups: Vec<Vec<String>>,
    evidence: Vec<Evidence>,
}

pub(super) fn judge(judge: &Judge<'_>, expression: &Expression) -> Judged {
    let bound = bind(judge, expression);
    let (truth, reason) = match blind_spot(&bound, expression) {
        Some(reason) => (Truth::Unknown, Some(reason)),
        None => match expression.run(&bound.roots) {
            Outcome::True => (Truth::True, None),
            Outcome::False => (Truth::False, None),
            Outcome::Error => {
                let first = bound.missing.first().map(|(_, reason)| *reason);
                (Truth::Unknown, Some(first.unwrap_or(Reason::RuleError)))
            }
        },
    };
    Judged::leaf(Step::Cel { source: expression.source().to_owned() }, truth, reason, bound.evidence)
}

/// Where CEL would take the absence of a fact for an answer.
fn blind_spot(bound: &Bound, expression: &Expression) -> Option<Reason> {
    let asked = expression.tests().iter().find_map(|test| {
        let missing = bound.missing.iter().find(|(group, _)| group.starts_with(test));
        missing.map(|(_, reason)| *reason)
    });
    let is_partial = |chain: &Vec<String>| {
        bound.groups.iter().any(|group| group.len() > chain.len() && group.starts_with(chain))
            && !bound.groups.contains(chain)
    };
    asked.or_else(|| expression.chains().iter().any(is_partial).then_some(Reason::RuleError))
}

fn bind(judge: &Judge<'_>, expression: &Expression) -> Bound {
    let mut bound = Bound { roots: Value::Map(Default::default()), ..Bound::default() };
    let mut found: Vec<(Vec<String>, Value)> = Vec::new();
    for chain in expression.chains() {
        if let [root, field, ..] = chain.as_slice()
            && let Some(value) = judge.own_row(&[root.clone(), field.clone()])
        {
            found.push((vec![root.clone(), field.clone()], value.unwrap_or_default()));
            continue;
        }
        let length = judge.facts.prefix(chain, &judge.rule.needs);
        let group = chain[..length.unwrap_or(chain.len())].to_vec();
        if length.is_none() {
            bound.missing.push((group, Reason::NeverCollected));
            continue;
        }
        if bound.groups.contains(&group) {
            continue;
        }
        match judge.facts.find(&judge.subject.reference, &group.join("."), judge.rule.max_age) {
            Found::Usable { fact, held } => {
                bound.evidence.push(Evidence::of(fact, held));
                found.push((group.clone(), fact.value.clone()));
            }
            Found::Unusable { reason, fact } => {
                bound.evidence.extend(fact.map(|fact| Evidence::of(fact, false)));
                bound.missing.push((group.clone(), reason));
            }
        }
        bound.groups.push(group);
    }
    // A fact may lie inside another one; the longer name is put on top.
    found.sort_by_key(|(name, _)| name.len());
    for (name, value) in found {
        put(&mut bound.roots, &name, value);
    }
    bound
}

fn put(roots: &mut Value, name: &[String], value: Value) {
    let (Value::Map(map), [first, rest @ ..]) = (roots, name) else { return };
    if rest.is_empty() {
        map.insert(first.clone(), value);
    } else {
        put(map.entry(first.clone()).or_insert_with(|| Value::Map(Default::default())), rest, value);
    }
}
