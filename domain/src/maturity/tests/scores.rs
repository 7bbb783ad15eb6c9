use serde_json::{Value as Json, json};

use super::{bundle, report, rule};

fn service(name: &str, more: Json) -> Json {
    let mut service = json!({"ref": name, "kind": "service", "lifecycle": "production", "tier": 3, "team": "team:t"});
    for (key, value) in more.as_object().unwrap() {
        service[key] = value.clone();
    }
    service
}

/// A rule of each level that is met where the fact `level` is at least as high.
fn ladder() -> Vec<Json> {
    (1..=5)
        .map(|level| rule(&format!("T-{level}"), json!({"level": level, "expect": {"fact": "level", "gte": level}})))
        .collect()
}

fn level(subject: &str, level: u8) -> Json {
    json!({"subject": subject, "fact": "level", "value": level, "observed_at": "2026-04-30T23:00:00Z"})
}

fn scores(parts: Json) -> Json {
    serde_json::to_value(report(&bundle(parts)).scores).unwrap()
}

fn row(scores: &Json, subject: &str, dimension: &str) -> Json {
    let rows = scores.as_array().unwrap();
    rows.iter().find(|row| row["subject"] == subject && row["dimension"] == dimension).cloned().unwrap()
}

#[test]
fn every_subject_has_all_five_dimensions_in_order() {
    let scores = scores(json!({"rules": ladder()}));
    let dimensions: Vec<&str> =
        scores.as_array().unwrap().iter().map(|row| row["dimension"].as_str().unwrap()).collect();
    // The service, and with it what nobody owns.
    assert_eq!(dimensions, ["business_outcomes", "people", "policy", "process", "technology"].repeat(2));
    let unknown = row(&scores, "service:a", "technology");
    assert_eq!(
        (&unknown["level"], &unknown["exact"], &unknown["coverage"]),
        (&json!(0), &json!("0/1"), &json!("0.00"))
    );
    assert_eq!((&unknown["potential"]["level"], &unknown["blocked_by"]), (&json!(5), &json!(["T-1"])));
    let nothing = row(&scores, "service:a", "people");
    assert_eq!(
        (&nothing["level"], &nothing["score"], &nothing["coverage"], &nothing["next"]),
        (&Json::Null, &Json::Null, &Json::Null, &Json::Null)
    );
}

#[test]
fn advisory_and_upcoming_rules_do_not_count() {
    let rules = json!([
        rule("A", json!({"expect": {"all": []}})),
        rule("B", json!({"expect": {"any": []}, "gate": false})),
        rule("C", json!({"expect": {"any": []}, "effective_from": "2026-06-01"})),
    ]);
    assert_eq!(row(&scores(json!({"rules": rules})), "service:a", "technology")["score"], "1.00");
}

#[test]
fn teams_weigh_what_runs_and_list_the_rest() {
    let subjects = json!([
        service("service:a", json!({})),
        service("service:b", json!({"tier": null})),
        service("service:young", json!({"created_at": "2026-04-02"})),
        service("service:test", json!({"lifecycle": "experimental"})),
        {"ref": "team:t", "kind": "team"},
    ]);
    let facts =
        json!([level("service:a", 2), level("service:b", 4), level("service:young", 0), level("service:test", 0)]);
    let scores = scores(json!({"rules": ladder(), "subjects": subjects, "facts": facts}));
    let team = row(&scores, "team:t", "technology");
    // Two thirds of the weight are at 3 and above: 2/3 of 4/5 is 5/6.
    assert_eq!((&team["level"], &team["exact"], &team["next"]), (&json!(2), &json!("17/6"), &json!(3)));
    assert_eq!((&team["blocked_by"], &team["coverage"]), (&json!(["T-3", "T-5"]), &json!("100.00")));
}

#[test]
fn onboarding_ends_after_thirty_days() {
    let subjects =
        json!([service("service:a", json!({"created_at": "2026-04-01"})), {"ref": "team:t", "kind": "team"}]);
    let scores = scores(json!({"rules": ladder(), "subjects": subjects, "facts": [level("service:a", 3)]}));
    assert_eq!(row(&scores, "team:t", "technology")["level"], 3);
}

#[test]
fn a_critical_service_holds_its_team_and_not_its_unit() {
    let subjects = json!([
        service("service:a", json!({"tier": 1})),
        service("service:b", json!({"tier": 1})), service("service:c", json!({"tier": 1})),
        service("service:d", json!({"tier": 1})), service("service:e", json!({"tier": 1})),
        {"ref": "team:t", "kind": "team", "unit": "unit:low"},
        {"ref": "unit:low", "kind": "unit", "parent": "unit:top"}, {"ref": "unit:top", "kind": "unit"},
    ]);
    let high = ["b", "c", "d", "e"].map(|name| level(&format!("service:{name}"), 4));
    let facts: Vec<Json> = high.into_iter().chain([level("service:a", 1)]).collect();
    let scores = scores(json!({"rules": ladder(), "subjects": subjects, "facts": facts}));
    let team = row(&scores, "team:t", "technology");
    assert_eq!(
        (&team["level"], &team["score"], &team["limited_by"]),
        (&json!(2), &json!("2.99"), &json!("critical_floor"))
    );
    for unit in ["unit:low", "unit:top"] {
        assert_eq!(row(&scores, unit, "technology")["exact"], "4/1");
    }
}

#[test]
fn practices_limit_services_and_stand_alone_where_there_are_none() {
    let practice = |level: u32, expect: Json| {
        rule(&format!("P-{level}"), json!({"level": level, "subject": "team", "expect": expect}))
    };
    let mut rules = ladder();
    rules.extend([practice(1, json!({"all": []})), practice(2, json!({"fact": "g", "eq": 1}))]);
    let subjects =
        json!([service("service:a", json!({})), {"ref": "team:t", "kind": "team"}, {"ref": "team:u", "kind": "team"}]);
    let scores = scores(json!({"rules": rules, "subjects": subjects, "facts": [level("service:a", 3)]}));
    let team = row(&scores, "team:t", "technology");
    assert_eq!((&team["level"], &team["limited_by"], &team["next"]), (&json!(1), &json!("practices"), &json!(2)));
    assert_eq!((&team["potential"]["level"], &team["blocked_by"]), (&json!(2), &json!(["P-2", "T-4"])));
    // Five rules of the service and two of the team are known but one.
    assert_eq!(team["coverage"], "85.71");
    let alone = row(&scores, "team:u", "technology");
    assert_eq!((&alone["level"], &alone["limited_by"]), (&json!(1), &Json::Null));
}

#[test]
fn what_nobody_owns_counts_in_every_root() {
    let subjects = json!([
        service("service:a", json!({"team": null})),
        {"ref": "unit:x", "kind": "unit"}, {"ref": "unit:y", "kind": "unit", "parent": "unit:x"},
    ]);
    let scores = scores(json!({"rules": ladder(), "subjects": subjects, "facts": [level("service:a", 2)]}));
    assert_eq!(row(&scores, "unowned", "technology")["level"], 2);
    assert_eq!(row(&scores, "unit:x", "technology")["level"], 2);
    assert_eq!(row(&scores, "unit:y", "technology")["level"], Json::Null);
}

#[test]
fn rules_of_the_organisation_are_asked_of_roots() {
    let rules = json!([rule("O-1", json!({"subject": "organisation", "expect": {"all": []}}))]);
    let subjects = json!([{"ref": "unit:x", "kind": "unit"}, {"ref": "unit:y", "kind": "unit", "parent": "unit:x"}]);
    let report = report(&bundle(json!({"rules": rules, "subjects": subjects})));
    assert_eq!(report.results.len(), 1);
    assert_eq!((report.results[0].subject.as_str(), report.scores[4].level), ("unit:x", Some(1)));
}

#[test]
fn the_headline_is_the_weakest_and_says_how_many() {
    let rules = json!([
        rule("A", json!({"expect": {"all": []}})),
        rule("B", json!({"dimension": "policy", "expect": {"any": []}})),
    ]);
    let report = report(&bundle(json!({"rules": rules})));
    let headline = serde_json::to_value(&report.headline[0]).unwrap();
    assert_eq!(headline, json!({"subject": "service:a", "level": 0, "score": "0.50", "assessed": 2}));
}
