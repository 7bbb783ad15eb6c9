//! What stands between somebody's services and their next levels, the smallest effort first.

use std::{cmp::Reverse, collections::BTreeMap};

use domain::{
    access::Viewer,
    maturity::{Outcome, Rule, SubjectKind},
};
use time::OffsetDateTime;

use super::{
    load::{Scope, Sight},
    model::Model,
    read::{Evaluated, evaluated},
};
use crate::{Db, Result};

/// What the viewer's own teams could do next.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// How many services the teams own.
    pub services: usize,
    pub gaps: Vec<Gap>,
}

/// One rule that blocks the next level of services.
#[derive(Clone, Debug)]
pub struct Gap {
    pub rule: &'static Rule,
    /// Not met anywhere of these, or unknown for all of them.
    pub outcome: Outcome,
    /// Reference and title of each service.
    pub services: Vec<(String, String)>,
}

/// The smallest effort first; of the same effort what is surely not met, and what lifts most services.
pub async fn gaps(viewer: &Viewer, db: &Db, now: OffsetDateTime, most: usize) -> Result<Gaps> {
    if viewer.teams.is_empty() {
        return Ok(Gaps::default());
    }
    let evaluated = evaluated(Sight::of(viewer), db, Scope::Own, now).await?;
    let is_service = |kind| kind == SubjectKind::Service;
    let services = evaluated.loaded.bundle.subjects.iter().filter(|subject| is_service(subject.kind)).count();
    let mut gaps = blocking(&evaluated)?;
    gaps.sort_by_key(|gap| {
        let is_unknown = gap.outcome == Outcome::Unknown;
        (effort(gap.rule), is_unknown, gap.rule.level, Reverse(gap.services.len()), &gap.rule.id)
    });
    gaps.truncate(most);
    Ok(Gaps { services, gaps })
}

fn blocking(evaluated: &Evaluated) -> Result<Vec<Gap>> {
    let model = Model::shipped()?;
    let outcome = |subject: &str, rule: &str| {
        let mut results = evaluated.report.results.iter();
        results.find(|result| result.subject == subject && result.rule == rule).map(|result| result.outcome)
    };
    let mut found: BTreeMap<(&str, bool), Gap> = BTreeMap::new();
    let subjects = evaluated.loaded.bundle.subjects.iter().filter(|subject| subject.kind == SubjectKind::Service);
    for subject in subjects.map(|subject| &subject.reference) {
        let scores = evaluated.report.scores.iter().filter(|score| score.subject == *subject && score.next.is_some());
        for id in scores.flat_map(|score| &score.blocked_by) {
            let (Some(rule), Some(outcome)) = (model.rule(id), outcome(subject, id)) else { continue };
            let gap = found.entry((id.as_str(), outcome == Outcome::Unknown)).or_insert(Gap {
                rule,
                outcome,
                services: vec![],
            });
            gap.services.push((subject.clone(), evaluated.title(subject)));
        }
    }
    Ok(found.into_values().collect())
}

/// From 0, the smallest; what a rule does not say comes last.
fn effort(rule: &Rule) -> u8 {
    match rule.fix.effort.as_deref() {
        Some("S") => 0,
        Some("M") => 1,
        Some("L") => 2,
        _ => 3,
    }
}
