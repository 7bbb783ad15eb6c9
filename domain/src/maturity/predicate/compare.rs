//! Comparing a part of a fact with what is expected of it.

use super::{Comparison, Operator, Truth};
use crate::maturity::{moment::moment, value::Value};

impl Comparison {
    /// `None`: this value cannot be compared in this way, which is the fault of the rule or of its collector.
    pub(super) fn decide(&self, actual: Option<&Value>) -> Option<Truth> {
        if let (Operator::Exists, Value::Bool(wanted)) = (self.operator, &self.expected) {
            let is_there = actual.is_some_and(|value| *value != Value::Null);
            return Some(Truth::of(is_there == *wanted));
        }
        let actual = actual.filter(|value| **value != Value::Null)?;
        let ordering = || order(actual, &self.expected);
        let flag = match self.operator {
            Operator::Eq => same_as_expected(actual, &self.expected)?,
            Operator::Ne => !same_as_expected(actual, &self.expected)?,
            Operator::Lt => ordering()?.is_lt(),
            Operator::Lte => ordering()?.is_le(),
            Operator::Gt => ordering()?.is_gt(),
            Operator::Gte => ordering()?.is_ge(),
            Operator::In => is_among(actual, &self.expected)?,
            Operator::NotIn => !is_among(actual, &self.expected)?,
            Operator::Matches => match actual {
                Value::Text(text) => self.pattern.as_ref()?.is_match(text),
                _ => return None,
            },
            Operator::Exists => return None,
        };
        Some(Truth::of(flag))
    }
}

fn same_as_expected(actual: &Value, expected: &Value) -> Option<bool> {
    (*expected != Value::Null).then(|| is_same(actual, expected))
}

fn is_among(actual: &Value, expected: &Value) -> Option<bool> {
    match expected {
        Value::List(items) => Some(items.iter().any(|item| is_same(actual, item))),
        _ => None,
    }
}

/// Texts that are times are the same when they mean the same instant.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => x == y || matches!((moment(x), moment(y)), (Some(x), Some(y)) if x == y),
        _ => a == b,
    }
}

/// There is an order between numbers and between times, and nowhere else.
fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(moment(a)?.cmp(&moment(b)?)),
        _ => None,
    }
}
