use serde_json::{Value as Json, json};

use super::{bundle, report, rule};

fn row(rule_spec: Json, facts: Json, down: bool) -> Json {
    let bundle = bundle(json!({
        "rules": [rule("T-1", rule_spec)],
        "facts": facts,
        "collectors": [{"name": "k8s", "down": down}],
    }));
    serde_json::to_value(&report(&bundle).results[0]).unwrap()
}

fn seen(at: &str, value: u32) -> Json {
    json!({"subject": "service:a", "fact": "f", "value": {"n": value}, "observed_at": at, "collector": "k8s"})
}

#[test]
fn the_latest_by_then_wins_and_the_later_row_on_a_tie() {
    let is_two = json!({"expect": {"fact": "f.n", "eq": 2}});
    for facts in [
        json!([seen("2026-04-30T22:00:00Z", 1), seen("2026-04-30T23:00:00Z", 2), seen("2026-04-30T21:00:00Z", 3)]),
        json!([seen("2026-04-30T23:00:00Z", 1), seen("2026-04-30T23:00:00Z", 2)]),
        json!([seen("2026-05-01T00:00:00Z", 2), seen("2026-05-01T00:00:01Z", 1)]),
    ] {
        assert_eq!(row(is_two.clone(), facts.clone(), false)["outcome"], "pass", "{facts}");
    }
}

#[test]
fn freshness_and_holding() {
    let spec = |max_age: Json| json!({"expect": {"fact": "f.n", "eq": 1}, "max_age": max_age});
    // As of 1 May, 00:00.
    for (observed, max_age, down, outcome, reason, held) in [
        ("2026-04-30T00:00:00Z", Json::Null, false, "pass", Json::Null, false),
        ("2026-04-29T23:59:59Z", Json::Null, false, "unknown", json!("stale"), false),
        ("2026-04-30T23:00:00Z", json!("1h"), true, "pass", Json::Null, false),
        ("2026-04-30T22:59:59Z", json!("1h"), true, "pass", Json::Null, true),
        ("2026-04-27T23:00:00Z", json!("1h"), true, "pass", Json::Null, true),
        ("2026-04-27T22:59:59Z", json!("1h"), true, "unknown", json!("collector_down"), false),
        ("2026-05-02T00:00:00Z", Json::Null, false, "unknown", json!("never_collected"), false),
    ] {
        let row = row(spec(max_age), json!([seen(observed, 1)]), down);
        assert_eq!(
            (&row["outcome"], &row["reason"], &row["held"]),
            (&json!(outcome), &reason, &json!(held)),
            "{observed}"
        );
    }
}

#[test]
fn samples_are_shares() {
    let spec = json!({"needs": ["f"], "sustain": {"window": "7d", "share": 0.95, "min_samples": 100}});
    for (passed, total, outcome, reason) in [
        (160, 168, "pass", Json::Null),
        (95, 100, "pass", Json::Null),
        (94, 100, "fail", Json::Null),
        (99, 99, "unknown", json!("insufficient_sample")),
    ] {
        let fact = json!({"subject": "service:a", "fact": "f", "samples": {"passed": passed, "total": total}, "observed_at": "2026-04-30T23:00:00Z"});
        let row = row(spec.clone(), json!([fact]), false);
        assert_eq!((&row["outcome"], &row["reason"]), (&json!(outcome), &reason), "{passed} of {total}");
    }
    assert_eq!(row(spec.clone(), json!([seen("2026-04-30T23:00:00Z", 1)]), false)["reason"], "rule_error");
    assert_eq!(row(spec, json!([]), false)["reason"], "never_collected");
}
