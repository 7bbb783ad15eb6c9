use serde_json::{Value as Json, json};

use super::{bundle, read, rule};

fn faults(bundle: &Json) -> Vec<&'static str> {
    read(bundle).map(|_| Vec::new()).unwrap_or_else(|faults| faults.into_iter().map(|fault| fault.rule).collect())
}

fn of_spec(spec: Json) -> Vec<&'static str> {
    faults(&bundle(json!({"rules": [rule("T-1", spec)]})))
}

#[test]
fn an_empty_bundle_is_fine() {
    assert!(faults(&bundle(json!({}))).is_empty());
    assert!(faults(&bundle(json!({"rules": null, "parameters": null, "collectors": []}))).is_empty());
}

#[test]
fn what_a_bundle_may_not_hold() {
    let good = json!({"expect": {"all": []}});
    let unit = |name: &str, parent: &str| json!({"ref": name, "kind": "unit", "parent": parent});
    for (parts, expected) in [
        (json!({"rulez": []}), "unknown-key"),
        (json!({"subjects": [{"ref": "a", "kind": "service", "colour": "red"}]}), "unknown-key"),
        (json!({"parameters": {"quantil": "4/5"}}), "unknown-key"),
        (json!({"parameters": {"quantile": "4/0"}}), "value"),
        (json!({"parameters": {"hold": "3 days"}}), "value"),
        (json!({"as_of": "yesterday"}), "value"),
        (json!({"as_of": null}), "missing-key"),
        (json!({"kind": "Rule"}), "value"),
        (json!({"rules": [rule("T", good.clone()), rule("T", good)]}), "duplicate-rule"),
        (json!({"subjects": [{"ref": "a", "kind": "team"}, {"ref": "a", "kind": "unit"}]}), "duplicate-subject"),
        (json!({"subjects": [unit("a", "b"), unit("b", "a"), unit("c", "a")]}), "circular-units"),
        (json!({"subjects": [unit("a", "a")]}), "circular-units"),
        (
            json!({"facts": [{"subject": "a", "fact": "f", "observed_at": "2026-05-01", "samples": {"passed": 2, "total": 1}}]}),
            "value",
        ),
        (json!({"deployments": [{"id": "1", "service": "a", "status": "success", "kind": "party"}]}), "value"),
        (json!({"facts": {}}), "value"),
    ] {
        assert_eq!(faults(&bundle(parts.clone())).first(), Some(&expected), "{parts}");
    }
}

#[test]
fn what_a_rule_may_not_say() {
    let expect = |predicate: Json| json!({ "expect": predicate });
    for (spec, expected) in [
        (json!({}), "missing-key"),
        (json!({"expect": {"all": []}, "level": 6}), "value"),
        (json!({"expect": {"all": []}, "weight": 0}), "value"),
        (json!({"expect": {"all": []}, "dimension": "magic"}), "value"),
        (json!({"expect": {"all": []}, "sustain": {"share": 1}, "needs": ["f"]}), "value"),
        (json!({"sustain": {"share": 0.9}, "needs": []}), "value"),
        (json!({"sustain": {"share": 1.1}, "needs": ["f"]}), "value"),
        (json!({"expect": {"all": []}, "color": "red"}), "unknown-key"),
        (expect(json!({"fact": "a.b"})), "predicate"),
        (expect(json!({"fact": "a.b", "eq": 1, "ne": 2})), "predicate"),
        (expect(json!({"fact": "a.b", "like": 1})), "unknown-key"),
        (expect(json!({"fact": "a..b", "eq": 1})), "predicate"),
        (expect(json!({"fact": "item.b", "eq": 1})), "predicate"),
        (expect(json!({"fact": "a.b", "matches": "("})), "predicate"),
        (expect(json!({"fact": "a.b", "matches": 1})), "predicate"),
        (expect(json!({"fact": "a.b", "in": 1})), "predicate"),
        (expect(json!({"fact": "a.b", "exists": "yes"})), "predicate"),
        (expect(json!({"all": [], "any": []})), "unknown-key"),
        (expect(json!({"every": "a.b", "where": {"fact": "a.b", "eq": 1}})), "predicate"),
        (expect(json!({"every": "a.b", "min_items": 0, "where": {"all": []}})), "value"),
        (expect(json!({"cel": "1 +"})), "predicate"),
        (expect(json!({"cel": "a.all(x, b.all(y, x == y))"})), "predicate"),
        (expect(json!({})), "predicate"),
        (expect(json!([])), "predicate"),
    ] {
        assert_eq!(of_spec(spec.clone()).first(), Some(&expected), "{spec}");
    }
}

#[test]
fn every_fault_is_told() {
    let parts = json!({
        "rules": [rule("T-1", json!({"expect": {"cel": "("}})), rule("T-2", json!({"level": 9}))],
        "facts": [{"subject": "a"}],
    });
    assert_eq!(faults(&bundle(parts)).len(), 3);
}
