//! What to do so that what is there becomes what should be. Access is taken first and given last.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Desired, Difference, Live, ObjectKey, ObjectKind, differences};

/// When an action happens. Between [`Phase::Fence`] and [`Phase::Grant`] the quotas must have become enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Revoke,
    Fence,
    Grant,
}

/// One write.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Server-side apply of the whole object.
    Apply(Value),
    /// Takes out what others have added, given as paths from the root.
    RemoveKeys(Vec<Vec<String>>),
    /// For what cannot be changed in place: deleted here, applied again by a later action.
    Delete { uid: String },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub phase: Phase,
    pub key: ObjectKey,
    pub step: Step,
}

/// Nothing at all when every object is as it should be.
pub fn plan(desired: &[Desired], live: &Live) -> Vec<Action> {
    let mut actions: Vec<Action> = desired.iter().flat_map(|d| actions_for(d, live.get(&d.key))).collect();
    actions.sort_by_key(|action| action.phase);
    actions
}

fn actions_for(desired: &Desired, live: Option<&Value>) -> Vec<Action> {
    let is_binding = desired.key.kind == ObjectKind::RoleBinding;
    let natural = if is_binding { Phase::Grant } else { Phase::Fence };
    let act = |phase, step| Action { phase, key: desired.key.clone(), step };
    let apply = || act(natural, Step::Apply(desired.body.clone()));
    let Some(live) = live else { return vec![apply()] };
    let found = differences(&desired.body, live);
    if found.iter().any(|d| d.is_immutable(desired.key.kind)) {
        let uid = live["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        let revoke = if is_binding { Phase::Revoke } else { natural };
        return vec![act(revoke, Step::Delete { uid }), apply()];
    }
    let mut actions = Vec::new();
    if let Some(narrowed) = is_binding.then(|| narrowed(&desired.body, live)).flatten() {
        actions.push(act(Phase::Revoke, Step::Apply(narrowed)));
    }
    actions.extend(in_place(&found).into_iter().map(|step| match step {
        Step::Apply(_) => apply(),
        other => act(natural, other),
    }));
    actions
}

/// An apply where something is missing or changed, a removal where something was added.
fn in_place(found: &[Difference]) -> Vec<Step> {
    let (extra, rest): (Vec<&Difference>, Vec<&Difference>) = found.iter().partition(|d| d.is_extra());
    let mut steps = Vec::new();
    if !rest.is_empty() {
        steps.push(Step::Apply(Value::Null));
    }
    if !extra.is_empty() {
        steps.push(Step::RemoveKeys(extra.into_iter().map(|d| d.path.clone()).collect()));
    }
    steps
}

/// The binding with only those who hold access now and may keep it, when somebody is to lose it.
fn narrowed(desired: &Value, live: &Value) -> Option<Value> {
    let names = |object: &Value| -> BTreeSet<String> {
        object["subjects"].as_array().into_iter().flatten().map(subject_name).collect()
    };
    let (wanted, there) = (names(desired), names(live));
    if there.is_subset(&wanted) {
        return None;
    }
    let kept: Vec<&Value> =
        desired["subjects"].as_array().into_iter().flatten().filter(|s| there.contains(&subject_name(s))).collect();
    let mut narrowed = desired.clone();
    narrowed["subjects"] = json!(kept);
    Some(narrowed)
}

fn subject_name(subject: &Value) -> String {
    let part = |key: &str| subject[key].as_str().unwrap_or_default();
    format!("{}/{}/{}", part("kind"), part("namespace"), part("name"))
}

#[cfg(test)]
mod tests;
