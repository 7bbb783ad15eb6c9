//! `Idempotency-Key`: the same request is carried out once and answered the same.

use axum::body::Body;
use serde_json::{Value, json};
use time::{Duration, format_description::well_known::Rfc3339};

use crate::{
    runs::plan_of,
    support::{Person, TestApp, read_json},
};

/// Status, body, and whether the answer is that of an earlier request.
async fn post(person: &Person, path: &str, key: &str, body: &Value) -> (u16, Value, bool) {
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin"), ("idempotency-key", key)];
    let response = person.send("POST", path, &headers, Body::from(body.to_string())).await;
    let is_again = response.headers().contains_key("idempotency-replayed");
    let (status, body) = read_json(response).await;
    (status, body, is_again)
}

fn soon() -> String {
    (server::clock::now() + Duration::days(1)).format(&Rfc3339).unwrap()
}

async fn run_of(app: &TestApp, person: &Person, name: &str) -> String {
    let (plan, hash) = plan_of(app, person, name).await;
    let (_, run) = person.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan, "plan_hash": hash })).await;
    format!("/api/v1/runs/{}", run["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let run = run_of(&app, &developer, "checkout").await;
    let cancel = format!("{run}/cancel");
    let (status, first, is_again) = post(&developer, &cancel, "k", &json!({})).await;
    assert_eq!((status, &first["state"], is_again), (200, &json!("cancelled"), false));
    assert_eq!(post(&developer, &cancel, "k", &json!({})).await, (200, first, true));
    let (status, problem, _) = post(&developer, &cancel, "other", &json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("run_state")), "another key is another request");
    let again = post(&developer, &cancel, "other", &json!({})).await;
    assert_eq!(again, (409, problem, true), "a refusal is an answer too, reference included");
}

#[tokio::test]
async fn a_key_is_good_for_one_request() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let body = json!({ "plan_id": plan, "plan_hash": hash });
    let (status, run, _) = post(&developer, "/api/v1/runs", "k", &body).await;
    assert_eq!(status, 202, "{run}");
    let other = json!({ "plan_id": plan, "plan_hash": "x" });
    assert_eq!(post(&developer, "/api/v1/runs", "k", &other).await.1["code"], "key_reused");
    let (one, two) = (run_of(&app, &developer, "one").await, run_of(&app, &developer, "two").await);
    assert_eq!(post(&developer, &format!("{one}/cancel"), "k", &json!({})).await.0, 200, "each route has its own keys");
    let (status, problem, _) = post(&developer, &format!("{two}/cancel"), "k", &json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("key_reused")), "the address is part of the request");
    let lead = app.person("lead", &["payments"]).await;
    assert_eq!(post(&lead, &format!("{two}/cancel"), "k", &json!({})).await.0, 200, "each person has their own keys");
    for bad in ["", &"k".repeat(201)] {
        let (status, problem, _) = post(&developer, "/api/v1/runs", bad, &body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/Idempotency-Key")), "{bad:?}");
    }
}

#[tokio::test]
async fn requests_at_the_same_time_are_carried_out_once() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let body = &json!({ "name": "build", "scopes": ["read"], "expires_at": soon() });
    let answers = futures::future::join_all((0..6).map(|_| post(&developer, "/api/v1/tokens", "k", body))).await;
    let made = answers.iter().filter(|(status, ..)| *status == 201).count();
    assert_eq!(made, 1, "{answers:?}");
    for (status, problem, _) in answers.iter().filter(|(status, ..)| *status != 201) {
        let code = problem["code"].as_str().unwrap();
        assert!(*status == 409 && matches!(code, "in_progress" | "shown_once"), "{status} {problem}");
    }
    assert_eq!(developer.get_json("/api/v1/tokens").await.1["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_is_not_shown_a_second_time() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let body = json!({ "name": "build", "scopes": ["read"], "expires_at": soon() });
    let (status, made, _) = post(&developer, "/api/v1/tokens", "k", &body).await;
    assert_eq!(status, 201);
    let (status, problem, is_again) = post(&developer, "/api/v1/tokens", "k", &body).await;
    assert_eq!((status, &problem["code"], is_again), (409, &json!("shown_once"), true));
    assert!(problem["request_id"].is_string() && !problem.to_string().contains(made["token"].as_str().unwrap()));
}
