use serde_json::{Value as Json, json};

use super::{fact, judged};

fn check(table: Vec<(Json, &str, &str)>, facts: &Json) {
    for (expect, outcome, reason) in table {
        let reason = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
        assert_eq!(judged(expect.clone(), facts.clone()), (outcome.to_owned(), reason), "{expect}");
    }
}

#[test]
fn comparisons() {
    let facts = json!([fact(
        "f",
        json!({"n": 1.0, "share": 0.95, "t": "1", "at": "2026-01-02T00:00:00Z", "z": null, "l": [1, 2], "b": true, "empty": []})
    )]);
    check(
        vec![
            (json!({"fact": "f.n", "eq": 1}), "pass", ""),
            (json!({"fact": "f.t", "eq": 1}), "fail", ""),
            (json!({"fact": "f.t", "ne": 1}), "pass", ""),
            (json!({"fact": "f.share", "gte": 0.95}), "pass", ""),
            (json!({"fact": "f.share", "lt": 0.950000001}), "pass", ""),
            (json!({"fact": "f.at", "lt": "2026-01-03"}), "pass", ""),
            (json!({"fact": "f.at", "eq": "2026-01-02"}), "pass", ""),
            (json!({"fact": "f.t", "lt": 2}), "unknown", "rule_error"),
            (json!({"fact": "f.n", "lt": "2"}), "unknown", "rule_error"),
            (json!({"fact": "f.b", "gt": false}), "unknown", "rule_error"),
            (json!({"fact": "f.z", "eq": 1}), "unknown", "rule_error"),
            (json!({"fact": "f.n", "eq": null}), "unknown", "rule_error"),
            (json!({"fact": "f.gone", "ne": 1}), "unknown", "rule_error"),
            (json!({"fact": "f.n.deeper", "eq": 1}), "unknown", "rule_error"),
            (json!({"fact": "f.n", "in": [2, 1]}), "pass", ""),
            (json!({"fact": "f.n", "not_in": ["1", 2]}), "pass", ""),
            (json!({"fact": "f.t", "matches": "^[0-9]$"}), "pass", ""),
            (json!({"fact": "f.at", "matches": "-01-"}), "pass", ""),
            (json!({"fact": "f.n", "matches": "1"}), "unknown", "rule_error"),
            (json!({"fact": "f.l", "eq": [1, 2]}), "pass", ""),
            (json!({"fact": "f.z", "exists": true}), "fail", ""),
            (json!({"fact": "f.gone", "exists": false}), "pass", ""),
            (json!({"fact": "f.n", "exists": true}), "pass", ""),
            (json!({"fact": "g.n", "exists": false}), "unknown", "never_collected"),
            (json!({"fact": "catalog.tier", "eq": 1}), "pass", ""),
            (json!({"fact": "catalog.kind", "eq": "service"}), "pass", ""),
            (json!({"fact": "catalog.team", "exists": false}), "pass", ""),
            (json!({"fact": "catalog.team", "eq": "x"}), "unknown", "rule_error"),
        ],
        &facts,
    );
}

#[test]
fn trees_are_kleene_and_name_the_first_unknown_leaf() {
    let facts = json!([fact("f", json!({"yes": true}))]);
    let (yes, no) = (json!({"fact": "f.yes", "eq": true}), json!({"fact": "f.yes", "eq": false}));
    let (missing, wrong) = (json!({"fact": "g.x", "eq": 1}), json!({"fact": "f.yes", "gt": 1}));
    check(
        vec![
            (json!({"all": [missing, no]}), "fail", ""),
            (json!({"any": [missing, yes]}), "pass", ""),
            (json!({"all": [yes, missing]}), "unknown", "never_collected"),
            (json!({"all": [wrong, missing]}), "unknown", "rule_error"),
            (json!({"not": missing}), "unknown", "never_collected"),
            (json!({"not": no}), "pass", ""),
            (json!({"all": []}), "pass", ""),
            (json!({"any": []}), "fail", ""),
        ],
        &facts,
    );
}

#[test]
fn items_of_lists() {
    let facts = json!([fact(
        "f",
        json!({"l": [{"ok": true}, {"ok": false}, {}], "good": [{"ok": true}], "none": [], "t": "x", "plain": [3, 4]})
    )]);
    let ok = json!({"fact": "item.ok", "eq": true});
    check(
        vec![
            (json!({"every": "f.l", "where": ok}), "fail", ""),
            (json!({"every": "f.good", "min_items": 1, "where": ok}), "pass", ""),
            (json!({"every": "f.good", "min_items": 2, "where": ok}), "unknown", "insufficient_sample"),
            (json!({"every": "f.none", "where": ok}), "unknown", "insufficient_sample"),
            (json!({"every": "f.t", "where": ok}), "unknown", "rule_error"),
            (json!({"every": "f.gone", "where": ok}), "unknown", "rule_error"),
            (json!({"every": "g.l", "where": ok}), "unknown", "never_collected"),
            (json!({"every": "f.plain", "where": {"fact": "item", "gte": 3}}), "pass", ""),
            (json!({"some": "f.l", "where": ok}), "pass", ""),
            (json!({"some": "f.l", "where": {"fact": "item.ok", "eq": 7}}), "unknown", "rule_error"),
            (json!({"some": "f.none", "where": ok}), "fail", ""),
            (json!({"some": "g.l", "where": ok}), "unknown", "never_collected"),
        ],
        &facts,
    );
}

#[test]
fn expressions_over_facts() {
    let facts = json!([
        fact("k8s.pdb", json!([{"ok": true, "n": 2}])),
        fact("deep.a", json!({"x": 1})),
        fact("deep.a.b", json!({"y": 2})),
    ]);
    check(
        vec![
            (json!({"cel": "k8s.pdb.exists(p, p.ok && p.n >= 1)"}), "pass", ""),
            (json!({"cel": "k8s.pdb.all(p, p.n > 2)"}), "fail", ""),
            (json!({"cel": "k8s.pdb.exists(p, p.gone)"}), "unknown", "rule_error"),
            // The root is bound by another fact, and this one is not there.
            (json!({"cel": "k8s.workload.replicas > 1"}), "unknown", "never_collected"),
            (json!({"cel": "k8s.workload.replicas > 1 || k8s.pdb.size() == 1"}), "pass", ""),
            (json!({"cel": "k8s.workload.replicas > 1 && k8s.pdb.size() == 0"}), "fail", ""),
            (json!({"cel": "repo.files.size() == 0"}), "unknown", "never_collected"),
            // Absence is no answer.
            (json!({"cel": "!has(k8s.workload)"}), "unknown", "never_collected"),
            (json!({"cel": "k8s.pdb.size() == 9 || !('workload' in k8s)"}), "unknown", "rule_error"),
            (json!({"cel": "catalog.tier == 1 && catalog.lifecycle == 'production'"}), "pass", ""),
            (json!({"cel": "deep.a.x + deep.a.b.y == 3"}), "pass", ""),
            (json!({"cel": "1 + 1"}), "unknown", "rule_error"),
        ],
        &facts,
    );
}

#[test]
fn the_longest_name_is_the_fact() {
    let facts = json!([fact("a", json!({"b": {"c": 1}})), fact("a.b", json!({"c": 2}))]);
    check(
        vec![
            (json!({"fact": "a.b.c", "eq": 2}), "pass", ""),
            (json!({"fact": "a.b", "eq": {"c": 2}}), "pass", ""),
            (json!({"fact": "a.x", "exists": false}), "pass", ""),
        ],
        &facts,
    );
}
