//! The fence around CEL: what an expression may be, which facts it reads, and what becomes of it when one is missing.
//!
//! The interpreter has no limit of its own, so length, comprehensions and lists have one here.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, IdedExpr, Program,
    common::ast::{EntryExpr, Expr},
    objects,
};
use num_traits::ToPrimitive;

use crate::maturity::value::Value;

/// A compiled expression.
#[derive(Clone)]
pub struct Expression {
    source: String,
    program: Arc<Program>,
    chains: Vec<Vec<String>>,
    tests: Vec<Vec<String>>,
}

/// What an expression gave, before missing facts are taken into account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    True,
    False,
    /// Something that it reads is not there, or the types do not fit.
    Error,
}

/// The standard functions; drawing them up costs more than most expressions.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

const MOST_BYTES: usize = 1_024;
/// Parser and interpreter go down the stack with every bracket and operator: forty operators in a row, or ten brackets
/// inside each other, were measured to fill the stack of a thread.
const MOST_DEPTH: u32 = 24;
const BRACKET_DEPTH: u32 = 4;
/// A comprehension inside another one multiplies the work.
const MOST_NESTING: u8 = 1;
const MOST_ITEMS: usize = 500;

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl Expression {
    /// Refuses what could run for long. The message says what to write instead.
    pub fn compile(source: &str) -> Result<Self, String> {
        if source.len() > MOST_BYTES {
            return Err(format!("Shorten the expression to {MOST_BYTES} bytes, or use the tree of predicates."));
        }
        if depth(source) > MOST_DEPTH {
            return Err("Nest fewer brackets and join fewer operators, or use the tree of predicates.".into());
        }
        let program = Program::compile(source).map_err(|errors| {
            let text = errors.to_string();
            format!("This is not CEL: {}.", text.lines().next().unwrap_or_default().trim_end_matches('.'))
        })?;
        let mut walk = Walk::default();
        walk.expression(program.expression(), 0);
        if walk.deepest > MOST_NESTING {
            return Err("Write no comprehension inside another one; use `every` or `some` for the outer list.".into());
        }
        Ok(Self { source: source.to_owned(), program: Arc::new(program), chains: walk.chains, tests: walk.tests })
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// The paths that it reads, in the order in which they are written; each begins at a variable.
    pub(super) fn chains(&self) -> &[Vec<String>] {
        &self.chains
    }

    /// The paths that it asks `has` about.
    pub(super) fn tests(&self) -> &[Vec<String>] {
        &self.tests
    }

    pub(super) fn run(&self, roots: &Value) -> Outcome {
        let Value::Map(roots) = roots else { return Outcome::Error };
        if roots.values().any(has_long_list) {
            return Outcome::Error;
        }
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        for (name, value) in roots {
            context.add_variable_from_value(name.as_str(), foreign(value));
        }
        match self.program.execute(&context) {
            Ok(objects::Value::Bool(true)) => Outcome::True,
            Ok(objects::Value::Bool(false)) => Outcome::False,
            Ok(_) | Err(_) => Outcome::Error,
        }
    }
}

/// How deep an expression goes: brackets inside each other, and operators in a row between two `&&`, `||` or commas. What
/// stands between quotes counts as well, which does no harm.
fn depth(source: &str) -> u32 {
    let mut levels = vec![0_u32];
    let (mut deepest, mut word, mut before) = (0, String::new(), ' ');
    for character in source.chars().chain([' ']) {
        let in_a_row = match character {
            '(' | '[' | '{' => {
                levels.push(0);
                0
            }
            ')' | ']' | '}' if levels.len() > 1 => levels.pop().map_or(0, |_| 1),
            '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' => u32::from(!"<>=!".contains(before)),
            _ if word == "in" && !character.is_alphanumeric() => 1,
            _ => 0,
        };
        if let Some(level) = levels.last_mut() {
            *level = if matches!(character, '&' | '|' | ',') { 0 } else { *level + in_a_row };
        }
        if character.is_alphanumeric() {
            word.push(character)
        } else {
            word.clear()
        }
        before = character;
        let brackets = u32::try_from(levels.len() - 1).unwrap_or(u32::MAX);
        deepest = deepest.max(levels.iter().sum::<u32>().saturating_add(brackets.saturating_mul(BRACKET_DEPTH)));
    }
    deepest
}

#[derive(Default)]
struct Walk {
    chains: Vec<Vec<String>>,
    tests: Vec<Vec<String>>,
    /// Names that comprehensions bind.
    bound: Vec<String>,
    deepest: u8,
}

impl Walk {
    fn expression(&mut self, expression: &IdedExpr, nesting: u8) {
        match &expression.expr {
            Expr::Ident(_) | Expr::Select(_) => self.chain(expression, nesting),
            Expr::Call(call) => {
                call.target.iter().for_each(|target| self.expression(target, nesting));
                call.args.iter().for_each(|argument| self.expression(argument, nesting));
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.expression(element, nesting)),
            Expr::Map(map) => map.entries.iter().for_each(|entry| self.entry(&entry.expr, nesting)),
            Expr::Struct(made) => made.entries.iter().for_each(|entry| self.entry(&entry.expr, nesting)),
            Expr::Comprehension(comprehension) => {
                let deeper = nesting.saturating_add(1);
                self.deepest = self.deepest.max(deeper);
                self.expression(&comprehension.iter_range, nesting);
                let before = self.bound.len();
                self.bound.extend([comprehension.iter_var.clone(), comprehension.accu_var.clone()]);
                self.bound.extend(comprehension.iter_var2.clone());
                for part in [
                    &comprehension.accu_init,
                    &comprehension.loop_cond,
                    &comprehension.loop_step,
                    &comprehension.result,
                ] {
                    self.expression(part, deeper);
                }
                self.bound.truncate(before);
            }
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn entry(&mut self, entry: &EntryExpr, nesting: u8) {
        match entry {
            EntryExpr::StructField(field) => self.expression(&field.value, nesting),
            EntryExpr::MapEntry(entry) => {
                self.expression(&entry.key, nesting);
                self.expression(&entry.value, nesting);
            }
        }
    }

    /// Names joined by dots down to a variable; anything else on the way is walked by itself.
    fn chain(&mut self, expression: &IdedExpr, nesting: u8) {
        let mut names = Vec::new();
        let mut at = expression;
        let mut is_test = false;
        let root = loop {
            match &at.expr {
                Expr::Ident(name) => break name,
                Expr::Select(select) => {
                    is_test |= select.test;
                    names.push(select.field.clone());
                    at = &select.operand;
                }
                _ => return self.expression(at, nesting),
            }
        };
        if self.bound.contains(root) || root.starts_with('@') {
            return;
        }
        names.push(root.trim_start_matches('.').to_owned());
        names.reverse();
        if is_test {
            self.tests.push(names.clone());
        }
        self.chains.push(names);
    }
}

fn has_long_list(value: &Value) -> bool {
    match value {
        Value::List(items) => items.len() > MOST_ITEMS || items.iter().any(has_long_list),
        Value::Map(map) => map.values().any(has_long_list),
        _ => false,
    }
}

/// Whole numbers stay whole; CEL knows the others only as doubles.
fn foreign(value: &Value) -> objects::Value {
    match value {
        Value::Null => objects::Value::Null,
        Value::Bool(flag) => objects::Value::Bool(*flag),
        Value::Number(number) => {
            let whole = if number.is_integer() { number.to_integer().to_i64() } else { None };
            whole.map_or_else(|| objects::Value::Float(number.to_f64().unwrap_or(f64::NAN)), objects::Value::Int)
        }
        Value::Text(text) => objects::Value::from(text.as_str()),
        Value::List(items) => objects::Value::from(items.iter().map(foreign).collect::<Vec<_>>()),
        Value::Map(map) => {
            let entries: HashMap<String, objects::Value> =
                map.iter().map(|(key, value)| (key.clone(), foreign(value))).collect();
            objects::Value::from(entries)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(source: &str, roots: serde_json::Value) -> Outcome {
        Expression::compile(source).unwrap().run(&Value::from(roots))
    }

    #[test]
    fn chains_are_found_in_order_and_without_bound_names() {
        let expression = Expression::compile(
            "k8s.pdb.exists(p, p.ok && catalog.tier == 1) || size(repo.files) > 0 || has(ci.run.at) || [a.b][0].c",
        )
        .unwrap();
        let chains: Vec<String> = expression.chains().iter().map(|chain| chain.join(".")).collect();
        assert_eq!(chains, ["k8s.pdb", "catalog.tier", "repo.files", "ci.run.at", "a.b"]);
        assert_eq!(expression.tests(), [["ci", "run", "at"]]);
    }

    #[test]
    fn the_fence_holds() {
        for bad in ["a.all(x, a.all(y, x == y))", "a.map(x, x.b.filter(y, y)).size() > 0", "1 +", ""] {
            assert!(Expression::compile(bad).is_err(), "{bad}");
        }
        let pieces = [
            "(",
            "[",
            "{1: ",
            "!",
            "-",
            "a?a:",
            "a.",
            "1+",
            "a&&",
            "f(",
            "')(",
            "a.f().",
            "a in ",
            "a[0]+",
            "a.exists(x, ",
        ];
        for piece in pieces {
            for count in [5, 8, 12, 20, 40, MOST_BYTES / piece.len() - 1] {
                // Whether it is refused or not, reading it needs no more stack than a thread has.
                let long =
                    format!("{}a{}", piece.repeat(count), ")".repeat(if piece.ends_with('(') { count } else { 0 }));
                let _ = Expression::compile(&long).map(|expression| expression.run(&Value::Map(Default::default())));
            }
        }
        assert!(depth("a.all(p, p.x >= 1 && p.y == 2 && !p.z) || size(b) + 1 > 2 && c in ['x', 'y']") <= MOST_DEPTH);
        assert!(Expression::compile(&format!("'{}' == ''", "x".repeat(MOST_BYTES))).is_err());
        assert!(Expression::compile("a.all(x, x) && b.all(y, y)").is_ok());
        let long: Vec<u32> = (0..501).collect();
        assert_eq!(run("a.all(x, x >= 0)", json!({ "a": long })), Outcome::Error);
    }

    #[test]
    fn errors_follow_and_and_or() {
        let roots = json!({"f": {}, "n": 2.5});
        assert_eq!(run("f.missing == 1", roots.clone()), Outcome::Error);
        assert_eq!(run("f.missing == 1 && false", roots.clone()), Outcome::False);
        assert_eq!(run("f.missing == 1 || true", roots.clone()), Outcome::True);
        assert_eq!(run("f.missing == 1 || false", roots.clone()), Outcome::Error);
        assert_eq!(run("n >= 2", roots.clone()), Outcome::True);
        assert_eq!(run("n", roots), Outcome::Error);
    }
}
