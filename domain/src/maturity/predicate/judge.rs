//! Judging a predicate for one subject. Nothing is skipped: the tree of what was found is the explanation.

use serde::Serialize;
use time::OffsetDateTime;

use super::{Comparison, Path, Predicate, Truth, attested, fenced};
use crate::maturity::{
    bundle::{Samples, Subject},
    evidence::{Facts, Found, Reason},
    moment, number,
    rule::{Rule, Sustain},
    value::Value,
};

/// What became of a predicate, with everything below it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judged {
    pub verdict: Truth,
    /// Only of what is unknown by itself, not through its parts.
    pub reason: Option<Reason>,
    pub step: Step,
    pub evidence: Vec<Evidence>,
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub parts: Vec<Judged>,
}

/// What was asked, in the words of the rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    All,
    Any,
    Not,
    /// `phrase` stands between path and expectation; `actual` is null where nothing was found.
    Comparison {
        path: String,
        operator: &'static str,
        phrase: &'static str,
        expected: Value,
        actual: Option<Value>,
    },
    Every {
        list: String,
        min_items: u32,
        items: Option<usize>,
    },
    Some {
        list: String,
        items: Option<usize>,
    },
    Attested {
        question: String,
        answer: Option<&'static str>,
    },
    Cel {
        source: String,
    },
    Sustained {
        fact: String,
        share: String,
        min_samples: u32,
        samples: Option<Samples>,
    },
}

/// A fact that was looked at, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    pub fact: String,
    pub value: Value,
    #[serde(with = "time::serde::rfc3339")]
    pub observed_at: OffsetDateTime,
    pub collector: String,
    pub source_ref: Option<String>,
    /// Older than the rule accepts, and kept because its collector is down.
    pub held: bool,
}

/// Reads what one rule may read about one subject.
#[derive(Clone, Copy, Debug)]
pub(in crate::maturity) struct Judge<'a> {
    pub(in crate::maturity) facts: &'a Facts<'a>,
    pub(in crate::maturity) subject: &'a Subject,
    pub(in crate::maturity) rule: &'a Rule,
}

/// What a path leads to.
struct Reading {
    value: Option<Value>,
    unusable: Option<Reason>,
    evidence: Vec<Evidence>,
}

impl Judged {
    pub(super) fn leaf(step: Step, verdict: Truth, reason: Option<Reason>, evidence: Vec<Evidence>) -> Self {
        Self { verdict, reason, step, evidence, parts: Vec::new() }
    }

    /// The reason of the first unknown leaf in the order of the document.
    pub fn first_reason(&self) -> Option<Reason> {
        self.reason.or_else(|| self.parts.iter().find_map(Self::first_reason))
    }

    /// Whether a fact was used beyond its age.
    pub fn is_held(&self) -> bool {
        self.evidence.iter().any(|evidence| evidence.held) || self.parts.iter().any(Self::is_held)
    }
}

impl<'a> Judge<'a> {
    pub(in crate::maturity) fn predicate(&self, predicate: &Predicate, item: Option<&Value>) -> Judged {
        let each = |parts: &[Predicate]| parts.iter().map(|part| self.predicate(part, item)).collect::<Vec<_>>();
        match predicate {
            Predicate::All(parts) => folded(Step::All, each(parts), Truth::True, Truth::and),
            Predicate::Any(parts) => folded(Step::Any, each(parts), Truth::False, Truth::or),
            Predicate::Not(part) => {
                let part = self.predicate(part, item);
                Judged {
                    verdict: part.verdict.not(),
                    reason: None,
                    step: Step::Not,
                    evidence: vec![],
                    parts: vec![part],
                }
            }
            Predicate::Compare(comparison) => self.comparison(comparison, item),
            Predicate::Every { list, min_items, condition } => {
                let step = |items| Step::Every { list: list.to_string(), min_items: *min_items, items };
                self.items(list, item, step, *min_items, |parts, step| {
                    let parts = parts.iter().map(|item| self.predicate(condition, Some(item))).collect();
                    folded(step, parts, Truth::True, Truth::and)
                })
            }
            Predicate::Some { list, condition } => {
                let step = |items| Step::Some { list: list.to_string(), items };
                self.items(list, item, step, 0, |parts, step| {
                    let parts = parts.iter().map(|item| self.predicate(condition, Some(item))).collect();
                    folded(step, parts, Truth::False, Truth::or)
                })
            }
            Predicate::Attested(question) => attested::judge(self, question),
            Predicate::Cel(expression) => fenced::judge(self, expression),
        }
    }

    /// A share of samples instead of a predicate.
    pub(in crate::maturity) fn sustained(&self, sustain: &Sustain) -> Judged {
        let step = |samples| Step::Sustained {
            fact: sustain.fact.clone(),
            share: number::text(&sustain.share),
            min_samples: sustain.min_samples,
            samples,
        };
        let (fact, held) = match self.facts.find(&self.subject.reference, &sustain.fact, self.rule.max_age) {
            Found::Usable { fact, held } => (fact, held),
            Found::Unusable { reason, fact } => {
                let evidence = fact.map(|fact| Evidence::of(fact, false)).into_iter().collect();
                return Judged::leaf(step(None), Truth::Unknown, Some(reason), evidence);
            }
        };
        let evidence = vec![Evidence::of(fact, held)];
        let unknown = |samples, reason| (step(samples), Truth::Unknown, Some(reason));
        let (step, truth, reason) = match fact.samples {
            None => unknown(None, Reason::RuleError),
            Some(samples) if samples.total < sustain.min_samples => unknown(Some(samples), Reason::InsufficientSample),
            Some(samples) => {
                let share = number::share(samples.passed.into(), samples.total.into());
                (step(Some(samples)), Truth::of(share.is_some_and(|share| share >= sustain.share)), None)
            }
        };
        Judged::leaf(step, truth, reason, evidence)
    }

    fn comparison(&self, comparison: &Comparison, item: Option<&Value>) -> Judged {
        let Reading { value, unusable, evidence } = self.read(&comparison.path, item);
        let step = |actual| Step::Comparison {
            path: comparison.path.to_string(),
            operator: comparison.operator.word(),
            phrase: comparison.operator.phrase(),
            expected: comparison.expected.clone(),
            actual,
        };
        if let Some(reason) = unusable {
            return Judged::leaf(step(None), Truth::Unknown, Some(reason), evidence);
        }
        let decided = comparison.decide(value.as_ref());
        let reason = if decided.is_none() { Some(Reason::RuleError) } else { None };
        Judged::leaf(step(value), decided.unwrap_or(Truth::Unknown), reason, evidence)
    }

    fn items(
        &self,
        list: &Path,
        item: Option<&Value>,
        step: impl Fn(Option<usize>) -> Step,
        least: u32,
        fold: impl FnOnce(&[Value], Step) -> Judged,
    ) -> Judged {
        let Reading { value, unusable, evidence } = self.read(list, item);
        let unknown = |items, reason, evidence| Judged::leaf(step(items), Truth::Unknown, Some(reason), evidence);
        if let Some(reason) = unusable {
            return unknown(None, reason, evidence);
        }
        let Some(Value::List(items)) = value else {
            return unknown(None, Reason::RuleError, evidence);
        };
        if items.len() < usize::try_from(least).unwrap_or(usize::MAX) {
            return unknown(Some(items.len()), Reason::InsufficientSample, evidence);
        }
        Judged { evidence, ..fold(&items, step(Some(items.len()))) }
    }

    fn read(&self, path: &Path, item: Option<&Value>) -> Reading {
        if let Some(item) = item.filter(|_| path.is_of_item()) {
            let value = item.walk(&path.segments[1..]).cloned();
            return Reading { value, unusable: None, evidence: vec![] };
        }
        if let Some(value) = self.own_row(&path.segments) {
            return Reading { value, unusable: None, evidence: vec![] };
        }
        let Some(length) = self.facts.prefix(&path.segments, &self.rule.needs) else {
            return Reading { value: None, unusable: Some(Reason::NeverCollected), evidence: vec![] };
        };
        let (name, rest) = path.segments.split_at(length);
        match self.facts.find(&self.subject.reference, &name.join("."), self.rule.max_age) {
            Found::Usable { fact, held } => Reading {
                value: fact.value.walk(rest).cloned(),
                unusable: None,
                evidence: vec![Evidence::of(fact, held)],
            },
            Found::Unusable { reason, fact } => {
                let evidence = fact.map(|fact| Evidence::of(fact, false)).into_iter().collect();
                Reading { value: None, unusable: Some(reason), evidence }
            }
        }
    }

    /// What stands in the subject's own row is known without a collector.
    pub(super) fn own_row(&self, segments: &[String]) -> Option<Option<Value>> {
        let [root, field, rest @ ..] = segments else { return None };
        if root != "catalog" {
            return None;
        }
        let text = |text: &Option<String>| text.as_ref().map_or(Value::Null, Value::text);
        let value = match field.as_str() {
            "kind" => Value::text(self.subject.kind.word()),
            "lifecycle" => text(&self.subject.lifecycle),
            "tier" => self.subject.tier.map_or(Value::Null, |tier| Value::count(tier.into())),
            "team" => text(&self.subject.team),
            "created_at" => text(&self.subject.created_at.map(moment::written)),
            _ => return None,
        };
        Some(value.walk(rest).cloned())
    }
}

impl Evidence {
    pub(super) fn of(fact: &crate::maturity::bundle::Fact, held: bool) -> Self {
        Self {
            fact: fact.name.clone(),
            value: fact.value.clone(),
            observed_at: fact.observed_at,
            collector: fact.collector.clone(),
            source_ref: fact.source_ref.clone(),
            held,
        }
    }
}

fn folded(step: Step, parts: Vec<Judged>, start: Truth, fold: fn(Truth, Truth) -> Truth) -> Judged {
    let verdict = parts.iter().map(|part| part.verdict).fold(start, fold);
    Judged { verdict, reason: None, step, evidence: vec![], parts }
}
