//! What holds for every request, whatever it asks for.

use axum::body::Body;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};

use crate::support::{TestApp, text};

const HEADERS: [&str; 8] = [
    "strict-transport-security",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "content-security-policy",
    "x-request-id",
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    for (person, path) in
        [(app.anonymous(), "/"), (developer.clone(), "/"), (developer.clone(), "/nope"), (developer, "/pkg/nope")]
    {
        let response = person.get(path).await;
        for name in HEADERS {
            assert!(response.headers().contains_key(name), "{name} is missing on {path}");
        }
    }
}

#[tokio::test]
async fn a_page_allows_only_its_own_scripts_and_differs_each_time() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let mut policies = Vec::new();
    for _ in 0..2 {
        let response = developer.get("/").await;
        assert_eq!(response.status(), 200);
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let html = text(response).await;
        assert!(html.contains(&format!("nonce=\"{nonce}\"")), "the page does not carry its nonce");
        assert!(!policy.contains("unsafe-inline") && !html.contains(" style="), "inline styles are not allowed");
        policies.push(policy);
    }
    assert_ne!(policies[0], policies[1]);
}

#[tokio::test]
async fn pages_lead_to_sign_in_and_programs_get_a_problem() {
    let app = TestApp::start().await;
    let response = app.anonymous().get("/development/components?tab=1").await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()[LOCATION], "/login?next=%2Fdevelopment%2Fcomponents%3Ftab%3D1");
    let (status, problem) = app.anonymous().get_json("/api/v1/me").await;
    assert_eq!((status, &problem["code"]), (401, &"unauthenticated".into()));
    assert!(problem["request_id"].as_str().unwrap().len() == 36);
}

#[tokio::test]
async fn an_unknown_path_is_a_page_for_people_and_a_problem_for_programs() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let response = developer.get("/nope").await;
    assert_eq!(response.status(), 404);
    assert!(text(response).await.contains("There is nothing here that you can see"));
    let (status, problem) = developer.get_json("/api/v1/nope").await;
    assert_eq!((status, &problem["code"]), (404, &"not_found".into()));
}

#[tokio::test]
async fn what_is_hidden_looks_like_what_is_missing() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let strip = |html: String| html.split("Reference").next().unwrap().to_owned();
    let hidden = strip(text(developer.get("/development/components").await).await);
    let missing = strip(text(developer.get("/development/nothing").await).await);
    assert_eq!(hidden, missing);
}

#[tokio::test]
async fn bodies_hosts_and_origins_are_checked_before_anything_else() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let large = Body::from("a".repeat(70 * 1024));
    let json = ("content-type", "application/json");
    let here = ("sec-fetch-site", "same-origin");
    assert_eq!(developer.send("POST", "/api/v1/runs", &[json, here], large).await.status(), 413);
    assert_eq!(developer.send("GET", "/", &[("host", "evil.example")], Body::empty()).await.status(), 421);
    let elsewhere = [json, ("sec-fetch-site", "cross-site")];
    let response = developer.send("POST", "/api/v1/runs", &elsewhere, Body::from("{}")).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    assert_eq!(developer.send("POST", "/logout", &[], Body::empty()).await.status(), 403);
}

#[tokio::test]
async fn an_identity_provider_that_is_away_is_said_so() {
    let app = TestApp::start().await;
    let response = app.anonymous().get("/login").await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let html = text(response).await;
    assert!(html.contains("The identity provider does not answer") && !html.contains("127.0.0.1:9"));
}

#[tokio::test]
async fn the_choice_of_colours_is_kept_and_leads_back() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let form = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let send = |body: &'static str| developer.send("POST", "/settings/theme", &form, Body::from(body));
    let response = send("theme=dark&next=%2F%3Fa%3D1").await;
    assert_eq!((response.status().as_u16(), response.headers()[LOCATION].to_str().unwrap()), (303, "/?a=1"));
    assert!(text(developer.get("/").await).await.contains("data-theme=\"dark\""));
    assert_eq!(send("theme=dark&next=%2F%2Fevil.example").await.headers()[LOCATION], "/");
    assert_eq!(send("theme=pink").await.status(), 422);
}
