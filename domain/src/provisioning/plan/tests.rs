use proptest::prelude::*;

use super::super::render::tests::{capabilities, intent};
use super::super::{NamespaceIntent, render};
use super::*;

fn standing(desired: &[Desired]) -> Live {
    desired
        .iter()
        .map(|d| {
            let mut live = d.body.clone();
            live["metadata"]["uid"] = format!("uid-{}", d.key.name).into();
            (d.key.clone(), live)
        })
        .collect()
}

fn key(text: &str) -> ObjectKey {
    let (kind, name) = text.split_once('/').unwrap();
    ObjectKey::new(ObjectKind::parse(kind).unwrap(), name)
}

fn brief(actions: &[Action]) -> Vec<(Phase, String, &'static str)> {
    let step = |step: &Step| match step {
        Step::Apply(_) => "apply",
        Step::RemoveKeys(_) => "remove",
        Step::Delete { .. } => "delete",
    };
    actions.iter().map(|a| (a.phase, a.key.to_string(), step(&a.step))).collect()
}

/// What the API server makes of an action: apply sets our fields and leaves those of others.
fn carry_out(live: &mut Live, action: &Action) {
    fn merge(into: &mut Value, from: &Value) {
        match (into, from) {
            (Value::Object(into), Value::Object(from)) => {
                from.iter().for_each(|(k, v)| merge(into.entry(k.clone()).or_insert(Value::Null), v));
            }
            (into, from) => *into = from.clone(),
        }
    }
    match &action.step {
        Step::Apply(body) => merge(live.entry(action.key.clone()).or_insert(Value::Null), body),
        Step::Delete { .. } => {
            live.remove(&action.key);
        }
        Step::RemoveKeys(paths) => {
            for path in paths {
                let (last, parents) = path.split_last().unwrap();
                let mut place = live.get_mut(&action.key).unwrap();
                for parent in parents {
                    place = &mut place[parent.as_str()];
                }
                place.as_object_mut().unwrap().remove(last);
            }
        }
    }
}

#[test]
fn an_empty_cluster_gets_everything_with_access_last() {
    let actions = plan(&render(&intent(), &capabilities()), &Live::new());
    assert_eq!(actions.len(), 12);
    assert_eq!(actions[0].key, key("Namespace/payments-checkout-dev"));
    let grants: Vec<bool> = actions.iter().map(|a| a.phase == Phase::Grant).collect();
    assert_eq!(grants[9..], [true; 3]);
    assert!(grants[..9].iter().all(|g| !g));
    assert!(actions[9..].iter().all(|a| a.key.kind == ObjectKind::RoleBinding));
}

#[test]
fn nothing_differs_nothing_is_done() {
    let desired = render(&intent(), &capabilities());
    assert_eq!(plan(&desired, &standing(&desired)), []);
}

#[test]
fn an_added_key_is_taken_out_by_name() {
    let desired = render(&intent(), &capabilities());
    let mut live = standing(&desired);
    live.get_mut(&key("ResourceQuota/waymark-compute")).unwrap()["spec"]["hard"]["count/services"] = "1".into();
    let actions = plan(&desired, &live);
    let path = ["spec", "hard", "count/services"].map(str::to_owned).to_vec();
    assert_eq!(
        actions,
        [Action { phase: Phase::Fence, key: key("ResourceQuota/waymark-compute"), step: Step::RemoveKeys(vec![path]) }]
    );
}

#[test]
fn who_loses_access_loses_it_before_anything_else() {
    let before =
        render(&NamespaceIntent { editors: vec!["oidc:old".into(), "oidc:kept".into()], ..intent() }, &capabilities());
    let live = standing(&before);
    let after = NamespaceIntent {
        editors: vec!["oidc:kept".into(), "oidc:new".into()],
        size: super::super::Size::Large,
        ..intent()
    };
    let actions = plan(&render(&after, &capabilities()), &live);
    assert_eq!(
        brief(&actions),
        [
            (Phase::Revoke, "RoleBinding/waymark-editors".into(), "apply"),
            (Phase::Fence, "ResourceQuota/waymark-compute".into(), "apply"),
            (Phase::Grant, "RoleBinding/waymark-editors".into(), "apply"),
        ]
    );
    let Step::Apply(first) = &actions[0].step else { panic!("an apply") };
    assert_eq!(first["subjects"].as_array().unwrap().len(), 1, "the newcomer waits for the fences");
    assert_eq!(first["subjects"][0]["name"], "oidc:kept");
}

#[test]
fn a_binding_to_another_role_is_deleted_first_and_made_last() {
    let desired = render(&intent(), &capabilities());
    let mut live = standing(&desired);
    live.get_mut(&key("RoleBinding/waymark-viewers")).unwrap()["roleRef"]["name"] = "cluster-admin".into();
    live.remove(&key("NetworkPolicy/waymark-default-deny"));
    assert_eq!(
        brief(&plan(&desired, &live)),
        [
            (Phase::Revoke, "RoleBinding/waymark-viewers".into(), "delete"),
            (Phase::Fence, "NetworkPolicy/waymark-default-deny".into(), "apply"),
            (Phase::Grant, "RoleBinding/waymark-viewers".into(), "apply"),
        ]
    );
}

#[test]
fn a_scope_on_a_quota_needs_a_new_quota() {
    let desired = render(&intent(), &capabilities());
    let mut live = standing(&desired);
    live.get_mut(&key("ResourceQuota/waymark-gpu")).unwrap()["spec"]["scopes"] = json!(["Terminating"]);
    let gpu = "ResourceQuota/waymark-gpu".to_owned();
    assert_eq!(brief(&plan(&desired, &live)), [(Phase::Fence, gpu.clone(), "delete"), (Phase::Fence, gpu, "apply")]);
}

proptest! {
    #[test]
    fn whatever_was_tampered_with_one_plan_puts_it_right(
        edits in prop::collection::vec((0_usize..12, prop::sample::select(vec![
            "labels", "hard", "extra", "gone", "subjects", "role", "selector"]), "[a-z]{1,6}"), 0..8),
    ) {
        let desired = render(&intent(), &capabilities());
        let mut live = standing(&desired);
        for (index, edit, text) in edits {
            let key = desired[index].key.clone();
            let Some(object) = live.get_mut(&key) else { continue };
            match (edit, key.kind) {
                ("gone", _) => { live.remove(&key); }
                ("labels", _) => { object["metadata"]["labels"]["waymark.dev/team"] = text.into(); }
                ("hard", ObjectKind::ResourceQuota) => { object["spec"]["hard"]["pods"] = "7".into(); }
                ("extra", ObjectKind::ResourceQuota) => { object["spec"]["hard"][text] = "7".into(); }
                ("subjects", ObjectKind::RoleBinding) => { object["subjects"] = json!([{ "kind": "Group", "name": text }]); }
                ("role", ObjectKind::RoleBinding) => { object["roleRef"]["name"] = text.into(); }
                ("selector", ObjectKind::NetworkPolicy) => { object["spec"]["podSelector"]["matchLabels"] = json!({ text: "x" }); }
                _ => {}
            }
        }
        let actions = plan(&desired, &live);
        prop_assert!(actions.is_sorted_by_key(|a| a.phase));
        for action in &actions {
            carry_out(&mut live, action);
        }
        prop_assert_eq!(plan(&desired, &live), []);
    }
}
