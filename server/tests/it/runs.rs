//! Runs over the API.

use axum::body::Body;
use backend::testing;
use domain::scaffold::{Plan, PlannedEntity, PlannedFile, PlannedRepository};
use serde_json::json;
use time::macros::datetime;

use crate::support::{Person, TestApp, text};

pub(crate) async fn plan_of(app: &TestApp, person: &Person, name: &str) -> (String, String) {
    let plan = Plan {
        golden_path: "web-service".into(),
        version: "1.0.0".into(),
        parameters: json!({ "name": name }),
        owner: "group:default/payments".parse().unwrap(),
        service: name.parse().unwrap(),
        planned_at: datetime!(2026-05-01 10:00 UTC),
        repository: PlannedRepository { owner: "payments".into(), name: name.into(), description: String::new() },
        files: vec![PlannedFile { path: "README.md".parse().unwrap(), content: "# x\n".into(), executable: false }],
        entity: PlannedEntity {
            reference: format!("component:default/{name}").parse().unwrap(),
            document: json!({"kind": "Component"}),
        },
        namespaces: vec![],
        reservations: vec![],
        leases: vec![],
        delivery: vec![],
    };
    let (id, hash) = testing::plan(&app.db, person.id.unwrap(), &plan).await.unwrap();
    (id.to_string(), hash)
}

#[tokio::test]
async fn a_plan_becomes_a_run_that_its_team_follows_and_others_do_not_see() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let neighbour = app.person("neighbour", &["search"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let body = json!({ "plan_id": plan, "plan_hash": hash });
    let (status, run) = developer.post_json("/api/v1/runs", &[("idempotency-key", "k1")], &body).await;
    assert_eq!(status, 202, "{run}");
    assert_eq!(run["state"], "queued");
    assert_eq!(run["steps"].as_array().unwrap().len(), 3);
    let (_, again) = developer.post_json("/api/v1/runs", &[("idempotency-key", "k1")], &body).await;
    assert_eq!(again["id"], run["id"]);
    let path = format!("/api/v1/runs/{}", run["id"].as_str().unwrap());
    assert_eq!(developer.get_json(&path).await.0, 200);
    for hidden in [path.clone(), format!("{path}/events")] {
        assert_eq!(neighbour.get_json(&hidden).await.0, 404, "{hidden}");
    }
    assert_eq!(neighbour.get_json("/api/v1/runs").await.1["items"], json!([]));
    assert_eq!(developer.get_json("/api/v1/runs?mine=true&state=queued").await.1["items"][0]["id"], run["id"]);
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let body = json!({ "plan_id": plan, "plan_hash": hash, "force": true });
    let (status, problem) = developer.post_json("/api/v1/runs", &[], &body).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/force")));
    let (status, problem) = developer.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan })).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/plan_hash")));
    let (status, problem) =
        developer.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan, "plan_hash": "x" })).await;
    assert_eq!((status, &problem["code"]), (409, &json!("plan_stale")));
    assert_eq!(developer.get_json("/api/v1/runs?state=done").await.0, 422);
    assert_eq!(developer.get_json("/api/v1/runs/not-an-id").await.0, 404);
}

#[tokio::test]
async fn the_stream_replays_from_where_the_reader_was_and_ends_with_the_run() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let (_, run) = developer.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan, "plan_hash": hash })).await;
    let path = format!("/api/v1/runs/{}", run["id"].as_str().unwrap());
    let (status, cancelled) = developer.post_json(&format!("{path}/cancel"), &[], &json!({})).await;
    assert_eq!((status, &cancelled["state"]), (200, &json!("cancelled")));
    let events = format!("{path}/events");
    let whole = text(developer.send("GET", &events, &[], Body::empty()).await).await;
    assert!(whole.contains("id: 1\n") && whole.contains("event: state"), "{whole}");
    let rest = text(developer.send("GET", &events, &[("last-event-id", "1")], Body::empty()).await).await;
    assert!(!rest.contains("id: 1\n") && rest.contains("cancelled"), "{rest}");
    let nothing = text(developer.send("GET", &events, &[("last-event-id", "99")], Body::empty()).await).await;
    assert!(!nothing.contains("id:"), "{nothing}");
}
