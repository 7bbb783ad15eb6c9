use serde_json::{Value as Json, json};

use super::{bundle, fact, report, rule};

/// Outcome, reason and real outcome of one rule over a fact that fails it.
fn row(spec: Json, more: Json) -> (String, String, String) {
    let mut failing = json!({"expect": {"fact": "f.n", "eq": 2}});
    for (key, value) in spec.as_object().unwrap() {
        failing[key] = value.clone();
    }
    let mut parts = json!({"rules": [rule("T-1", failing)], "facts": [fact("f", json!({"n": 1}))]});
    for (key, value) in more.as_object().unwrap() {
        parts[key] = value.clone();
    }
    let row = serde_json::to_value(&report(&bundle(parts)).results[0]).unwrap();
    let text = |key: &str| row[key].as_str().unwrap_or("null").to_owned();
    (text("outcome"), text("reason"), text("real_outcome"))
}

fn is(row: (String, String, String), outcome: &str, reason: &str, real: &str) {
    assert_eq!((row.0.as_str(), row.1.as_str(), row.2.as_str()), (outcome, reason, real));
}

fn exempt(revision: u32, start: &str, end: &str) -> Json {
    json!({"exemptions": [{"subject": "service:a", "rule": "T-1", "revision": revision, "start": start, "end": end, "category": "planned-migration"}]})
}

#[test]
fn scopes_and_dates() {
    is(row(json!({}), json!({})), "fail", "null", "null");
    is(
        row(json!({"scope": {"fact": "catalog.lifecycle", "eq": "experimental"}}), json!({})),
        "not_applicable",
        "null",
        "null",
    );
    is(row(json!({"scope": {"fact": "g.x", "eq": 1}}), json!({})), "unknown", "never_collected", "null");
    is(row(json!({"effective_from": "2026-05-02"}), json!({})), "upcoming", "null", "fail");
    is(row(json!({"effective_from": "2026-05-01"}), json!({})), "fail", "null", "null");
    let later = json!({"effective_from": "2026-05-02"});
    is(row(later, exempt(3, "2026-01-01", "2026-06-01")), "upcoming", "null", "fail");
}

#[test]
fn exemptions() {
    is(row(json!({}), exempt(3, "2026-05-01", "2026-05-02")), "exempt", "null", "fail");
    is(row(json!({}), exempt(3, "2026-01-01", "2026-05-01")), "fail", "null", "null");
    is(row(json!({}), exempt(3, "2026-05-02", "2026-06-01")), "fail", "null", "null");
    is(row(json!({}), exempt(2, "2026-01-01", "2026-06-01")), "fail", "null", "null");
    is(row(json!({}), exempt(4, "2026-01-01", "2026-06-01")), "fail", "null", "null");
    let since = |from: &str| json!({"effective_from": from});
    is(row(since("2026-04-18"), exempt(2, "2026-01-01", "2026-06-01")), "exempt", "null", "fail");
    is(row(since("2026-04-17"), exempt(2, "2026-01-01", "2026-06-01")), "fail", "null", "null");
}

#[test]
fn attestations() {
    let asked =
        |level: u32, confirmed: Json| json!({"expect": {"attested": "Q"}, "level": level, "confirmed": confirmed});
    let given = |answer: &str, at: &str, days: u32, by: Json| {
        json!({"attestations": [
        {"subject": "service:a", "question": "Q", "version": 1, "answer": answer, "answered_at": at, "valid_days": days, "confirmed_by": by}]})
    };
    let null = || Json::Null;
    is(row(asked(1, null()), json!({})), "unknown", "attestation_missing", "null");
    is(row(asked(1, null()), given("yes", "2026-04-01", 30, null())), "unknown", "attestation_expired", "null");
    is(row(asked(1, null()), given("yes", "2026-04-02", 30, null())), "pass", "null", "null");
    is(row(asked(1, null()), given("yes", "2026-05-02", 30, null())), "unknown", "attestation_missing", "null");
    is(row(asked(1, null()), given("partly", "2026-04-02", 30, null())), "fail", "null", "null");
    is(row(asked(4, null()), given("no", "2026-04-02", 30, null())), "unknown", "unconfirmed", "null");
    is(row(asked(4, null()), given("yes", "2026-04-02", 30, json!("x"))), "pass", "null", "null");
    is(row(asked(4, json!(false)), given("yes", "2026-04-02", 30, null())), "pass", "null", "null");
    is(row(asked(1, json!(true)), given("yes", "2026-04-02", 30, null())), "unknown", "unconfirmed", "null");
}

#[test]
fn the_latest_answer_counts() {
    let answer = |answer: &str, at: &str| json!({"subject": "service:a", "question": "Q", "version": 1, "answer": answer, "answered_at": at, "valid_days": 90});
    let spec = json!({"expect": {"attested": "Q"}});
    let both = json!({"attestations": [answer("yes", "2026-04-20"), answer("no", "2026-04-10")]});
    is(row(spec.clone(), both), "pass", "null", "null");
    let tie = json!({"attestations": [answer("yes", "2026-04-20"), answer("no", "2026-04-20")]});
    is(row(spec, tie), "fail", "null", "null");
}
