use serde_json::{Value as Json, json};

use crate::maturity::tests::{bundle, report};

fn deployment(id: &str, finished_at: &str, more: Json) -> Json {
    let mut deployment = json!({
        "id": id, "service": "service:a", "environment": "prod", "production": true, "finished_at": finished_at,
        "status": "success", "commit": id, "previous_commit": "before", "digest": id, "kind": "release", "rework": false,
    });
    for (key, value) in more.as_object().unwrap() {
        deployment[key] = value.clone();
    }
    deployment
}

fn incident(id: &str, cause: &str, started: &str, resolved: Json, duplicate_of: Json) -> Json {
    json!({"id": id, "service": "service:a", "severity": 1, "started_at": started, "resolved_at": resolved, "cause": cause, "duplicate_of": duplicate_of})
}

fn figures(parts: Json) -> Json {
    serde_json::to_value(&report(&bundle(parts)).delivery[0]).unwrap()
}

#[test]
fn nothing_happened_is_no_figure() {
    let row = figures(json!({}));
    for key in [
        "deployment_frequency",
        "lead_time_seconds",
        "change_fail_rate",
        "recovery_seconds",
        "rework_rate",
        "quick_check",
    ] {
        assert_eq!(row[key], Json::Null, "{key}");
    }
    assert_eq!(
        (&row["counts"]["deployments"], &row["counts"]["working_days"], &row["small_sample"]),
        (&json!(0), &json!(22), &json!(true))
    );
}

#[test]
fn deployments_are_counted_in_the_window() {
    let row = figures(json!({"deployments": [
        deployment("out", "2026-04-01T00:00:00Z", json!({})),
        deployment("in", "2026-04-01T00:00:01Z", json!({})),
        deployment("last", "2026-05-01T00:00:00Z", json!({})),
        deployment("failed", "2026-04-10T00:00:00Z", json!({"status": "failed"})),
        deployment("staging", "2026-04-10T00:00:00Z", json!({"production": false})),
        deployment("future", "2026-05-01T00:00:01Z", json!({})),
        deployment("running", "2026-04-10T00:00:00Z", json!({"finished_at": null})),
    ]}));
    assert_eq!((&row["counts"]["deployments"], &row["deployment_frequency"]), (&json!(2), &json!("0.09")));
    assert_eq!((&row["ranks"]["deployment_frequency"], &row["rework_rate"]), (&json!(3), &json!("0.00")));
}

#[test]
fn failures_are_deployments_and_never_incidents() {
    let row = figures(json!({
        "deployments": [
            deployment("one", "2026-04-02T00:00:00Z", json!({})),
            deployment("two", "2026-04-03T00:00:00Z", json!({})),
            deployment("back", "2026-04-03T02:00:00Z", json!({"kind": "rollback", "rolls_back": "two", "digest": "one"})),
            deployment("again", "2026-04-04T00:00:00Z", json!({"kind": "redeploy", "digest": "one"})),
            deployment("config", "2026-04-05T00:00:00Z", json!({"kind": "config", "digest": "one"})),
            deployment("fix", "2026-04-06T00:00:00Z", json!({"kind": "hotfix", "fixes": "config", "rework": true})),
            deployment("young", "2026-04-28T00:00:01Z", json!({})),
        ],
        "incidents": [
            incident("i1", "one", "2026-04-02T01:00:00Z", json!("2026-04-02T04:00:00Z"), Json::Null),
            incident("i2", "one", "2026-04-02T01:00:00Z", json!("2026-04-02T03:00:00Z"), Json::Null),
            incident("i3", "fix", "2026-04-06T01:00:00Z", Json::Null, json!("i1")),
            incident("i4", "undetermined", "2026-04-06T01:00:00Z", Json::Null, Json::Null),
            incident("i5", "young", "2026-04-29T00:00:00Z", Json::Null, Json::Null),
        ],
    }));
    let counts = &row["counts"];
    assert_eq!(
        (&counts["deployments"], &counts["change_deployments"], &counts["judged_deployments"]),
        (&json!(7), &json!(5), &json!(4))
    );
    // One, two and config failed; fix is a duplicate's, young is too young.
    assert_eq!((&counts["failed_deployments"], &row["change_fail_rate"]), (&json!(3), &json!("0.75")));
    // Three hours, two hours and a day.
    assert_eq!((&row["recovery_seconds"], &row["recovery_censored"]), (&json!(3 * 3600), &json!(false)));
    assert_eq!((&counts["rework_deployments"], &row["rework_rate"]), (&json!(2), &json!("0.29")));
}

#[test]
fn an_open_failure_in_the_middle_is_a_lower_bound() {
    let row = figures(json!({
        "deployments": [deployment("one", "2026-04-11T00:00:00Z", json!({}))],
        "incidents": [incident("i", "one", "2026-04-11T01:00:00Z", json!("2026-05-01T00:00:01Z"), Json::Null)],
    }));
    assert_eq!((&row["recovery_seconds"], &row["recovery_censored"]), (&json!(20 * 86_400), &json!(true)));
    assert_eq!(row["ranks"]["recovery"], 3);
}

#[test]
fn a_rollback_of_a_rollback_is_a_release() {
    let row = figures(json!({"deployments": [
        deployment("a", "2026-04-02T00:00:00Z", json!({})),
        deployment("b", "2026-04-03T00:00:00Z", json!({})),
        deployment("back", "2026-04-04T00:00:00Z", json!({"kind": "rollback", "rolls_back": "b", "digest": "a"})),
        deployment("forth", "2026-04-05T00:00:00Z", json!({"kind": "rollback", "rolls_back": "back", "digest": "b"})),
    ]}));
    assert_eq!((&row["counts"]["change_deployments"], &row["counts"]["rework_deployments"]), (&json!(3), &json!(1)));
}

#[test]
fn lead_time_is_the_median_over_changes() {
    let change = |commit: &str, at: &str, merge: bool, deployment: &str| json!({"service": "service:a", "commit": commit, "committed_at": at, "merge": merge, "deployment": deployment});
    let row = figures(json!({
        "deployments": [
            deployment("first", "2026-04-02T00:00:00Z", json!({"previous_commit": null})),
            deployment("next", "2026-04-03T00:00:00Z", json!({})),
        ],
        "changes": [
            change("lost", "2026-04-01T23:00:00Z", false, "first"),
            change("a", "2026-04-02T23:00:00Z", false, "next"),
            change("b", "2026-04-02T20:00:00Z", false, "next"),
            change("merge", "2026-04-01T00:00:00Z", true, "next"),
            change("later", "2026-04-03T01:00:00Z", false, "next"),
        ],
    }));
    assert_eq!(
        (&row["lead_time_seconds"], &row["counts"]["changes"], &row["counts"]["negative_lead_times"]),
        (&json!(9_000), &json!(2), &json!(1))
    );
    assert_eq!(row["ranks"]["lead_time"], 5);
}

#[test]
fn groups_pool_events_and_count_ids_once() {
    let subjects = json!([
        {"ref": "service:a", "kind": "service", "team": "team:t"},
        {"ref": "service:b", "kind": "service", "team": "team:t"},
        {"ref": "team:t", "kind": "team", "unit": "unit:u"}, {"ref": "unit:u", "kind": "unit"},
    ]);
    let report = report(&bundle(json!({"subjects": subjects, "deployments": [
        deployment("both", "2026-04-02T00:00:00Z", json!({})),
        deployment("both", "2026-04-02T00:00:00Z", json!({"service": "service:b"})),
        deployment("one", "2026-04-03T00:00:00Z", json!({})),
    ]})));
    let counts: Vec<(&str, u64)> =
        report.delivery.iter().map(|row| (row.subject.as_str(), row.counts.deployments)).collect();
    assert_eq!(counts, [("service:a", 2), ("service:b", 1), ("team:t", 2), ("unit:u", 2)]);
}
