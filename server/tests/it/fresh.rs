//! Decisions that need a sign-in of a moment ago.

use serde_json::json;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    support::{Person, TestApp, location},
    tokens,
};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
const FORM: [(&str, &str); 3] = [("name", "the build"), ("access", "read"), ("days", "30")];

async fn signed_in(app: &TestApp, ago: Duration) -> Person {
    app.person_signed_in_at("platform", &["platform"], server::clock::now() - ago).await
}

/// Where the provider leads back to.
fn next_of(login: &str) -> String {
    let query = login.strip_prefix("/login?").expect("it leads to the sign-in");
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(pairs[0], ("fresh".to_owned(), "1".to_owned()));
    pairs[1].1.clone()
}

async fn count_of_tokens(person: &Person) -> usize {
    person.get_json("/api/v1/tokens").await.1["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_token_is_made_after_a_fresh_sign_in_alone() {
    let app = TestApp::start().await;
    let stale = signed_in(&app, Duration::seconds(301)).await;
    let back = next_of(&location(&stale.post_form("/settings/tokens", &FORM).await));
    assert!(back.starts_with("/settings?afresh=new-token&kept="), "{back}");
    let expires_at = (server::clock::now() + Duration::days(1)).format(&Rfc3339).unwrap();
    let body = json!({ "name": "build", "scopes": ["read"], "expires_at": expires_at });
    let (status, problem) = stale.post_json("/api/v1/tokens", &[("idempotency-key", "k")], &body).await;
    assert_eq!((status, &problem["code"]), (401, &json!("unauthenticated")));
    assert!(problem["detail"].as_str().unwrap().contains("last five minutes"), "{problem}");
    assert_eq!(count_of_tokens(&stale).await, 0);

    let fresh = signed_in(&app, Duration::seconds(240)).await;
    assert_eq!(location(&fresh.post_form("/settings/tokens", &FORM).await), "/settings");
    let (status, _) = fresh.post_json("/api/v1/tokens", &[("idempotency-key", "k")], &body).await;
    assert_eq!(status, 201, "the refusal was no answer that a key keeps");
    assert_eq!(count_of_tokens(&fresh).await, 2);
}

#[tokio::test]
async fn quota_is_granted_after_a_fresh_sign_in_or_with_a_token() {
    let app = TestApp::start().await;
    let (form, api) =
        (format!("/provisioning/requests/{NOBODY}/approve"), format!("/api/v1/quota-requests/{NOBODY}/approve"));
    // A session from before such times were kept has none; the epoch is as old as any.
    for age in [Duration::seconds(301), server::clock::now() - OffsetDateTime::UNIX_EPOCH] {
        let stale = signed_in(&app, age).await;
        let back = next_of(&location(&stale.post_form(&form, &[]).await));
        assert_eq!(back, format!("/provisioning/requests?afresh={NOBODY}#{NOBODY}"));
        assert_eq!(stale.post_json(&api, &[], &json!({})).await.0, 401);
    }
    let fresh = signed_in(&app, Duration::seconds(1)).await;
    assert_eq!(fresh.post_form(&form, &[]).await.status(), 404);
    assert_eq!(fresh.post_json(&api, &[], &json!({})).await.0, 404);
    let made = tokens::make(&fresh, &["read", "write"]).await;
    let program = app.program(made["token"].as_str().unwrap());
    assert_eq!(program.post_json(&api, &[], &json!({})).await.0, 404);
}
