//! Programs with a token of a person: never more than the person, and less where the token says so.

use axum::body::Body;
use backend::testing;
use serde_json::{Value, json};
use server::{api::backstage, router};
use time::{Duration, format_description::well_known::Rfc3339};

use crate::{
    runs::plan_of,
    support::{Person, TestApp, location, read_json, text},
};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

fn in_days(days: i64) -> String {
    (server::clock::now() + Duration::days(days)).format(&Rfc3339).unwrap()
}

/// Makes a token and answers its document.
pub(crate) async fn make(person: &Person, scopes: &[&str]) -> Value {
    let body = json!({ "name": "build", "scopes": scopes, "expires_at": in_days(30) });
    let (status, made) = person.post_json("/api/v1/tokens", &[], &body).await;
    assert_eq!(status, 201, "{made}");
    made
}

fn of<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().expect(name)
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_revoked() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let made = make(&developer, &["read"]).await;
    assert!(of(&made, "token").starts_with("wmk_") && of(&made, "token").len() == 68);
    let program = app.program(of(&made, "token"));
    let (status, me) = program.get_json("/api/v1/me").await;
    assert_eq!(
        (status, &me["person"]["login"], &me["teams"][0]["ref"]),
        (200, &json!("developer"), &json!("group:default/payments"))
    );
    let (_, list) = developer.get_json("/api/v1/tokens").await;
    assert_eq!((list["items"].as_array().unwrap().len(), &list["next_cursor"]), (1, &Value::Null));
    assert!(list["items"][0]["last_used_at"].is_string() && list["items"][0].get("token").is_none(), "{list}");
    let neighbour = app.person("neighbour", &["search"]).await;
    let address = format!("/api/v1/tokens/{}", of(&made, "id"));
    assert_eq!(delete(&neighbour, &address).await, 404);
    assert_eq!(delete(&developer, &address).await, 204);
    let (status, problem) = program.get_json("/api/v1/me").await;
    assert_eq!((status, &problem["code"]), (401, &json!("unauthenticated")));
    assert!(of(&problem, "detail").contains("Settings"));
}

async fn delete(person: &Person, path: &str) -> u16 {
    person.send("DELETE", path, &[("sec-fetch-site", "same-origin")], Body::empty()).await.status().as_u16()
}

#[tokio::test]
async fn what_is_wrong_with_a_wish_is_told_at_its_fields() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let body = json!({ "name": " ", "scopes": ["admin"], "expires_at": in_days(366) });
    let (status, problem) = developer.post_json("/api/v1/tokens", &[], &body).await;
    let pointers: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!((status, pointers), (422, vec![&json!("/name"), &json!("/scopes"), &json!("/expires_at")]));
    let endless = json!({ "name": "build", "scopes": ["read"] });
    let (status, problem) = developer.post_json("/api/v1/tokens", &[], &endless).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/expires_at")), "an end is required");
}

/// Every address: a token reads what its person reads, be the question posted or not, a token for reading changes nothing,
/// and no token makes tokens. Pages know no tokens.
#[tokio::test]
async fn a_token_may_never_do_more_than_its_person_and_its_scopes() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let (read, write) = (make(&developer, &["read"]).await, make(&developer, &["write"]).await);
    let (reader, writer) = (app.program(of(&read, "token")), app.program(of(&write, "token")));
    let mut seen = (0, 0);
    for route in router::routes(&app.state) {
        let path = route.path.replace("{id}", NOBODY);
        let ask = async |person: &Person| {
            let headers =
                [("accept", "text/html"), ("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
            person.send(route.method, &path, &headers, Body::from("{}")).await.status().as_u16()
        };
        let (read, written, nobody) = (ask(&reader).await, ask(&writer).await, ask(&app.anonymous()).await);
        let place = format!("{} {path}", route.method);
        if !path.starts_with("/api/") {
            assert_eq!((read, written), (nobody, nobody), "{place}: pages know no tokens");
        } else if route.method == "GET" || backstage::is_question(&route.method.parse().unwrap(), &path) {
            let own = ask(&developer).await;
            assert_eq!((read, written), (own, own), "{place}");
            seen.0 += 1;
        } else {
            let expected = if path.starts_with("/api/v1/tokens") { 403 } else { ask(&developer).await };
            assert_eq!((read, written), (403, expected), "{place}");
            seen.1 += 1;
        }
    }
    assert!(seen.0 > 10 && seen.1 > 10, "{seen:?}");
}

#[tokio::test]
async fn a_token_goes_with_the_groups_of_its_person() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let program = app.program(of(&make(&developer, &["read"]).await, "token"));
    let (plan, _) = plan_of(&app, &app.person("lead", &["payments"]).await, "checkout").await;
    let address = format!("/api/v1/plans/{plan}");
    assert_eq!(program.get_json(&address).await.0, 200);
    app.person("developer", &["search"]).await;
    assert_eq!(program.get_json(&address).await.0, 404, "the next sign-in has other groups");
}

#[tokio::test]
async fn a_cookie_and_a_token_together_are_refused_and_odd_tokens_are_none() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let token = format!("Bearer {}", of(&make(&developer, &["read"]).await, "token"));
    let both = developer.send("GET", "/api/v1/me", &[("authorization", &token)], Body::empty()).await;
    assert_eq!(both.status(), 422);
    let odd =
        [token.replace("Bearer", "Basic"), token.to_uppercase(), format!("{token}0"), "Bearer ".into(), "é".into()];
    for header in odd {
        let answer = app.anonymous().send("GET", "/api/v1/me", &[("authorization", &header)], Body::empty()).await;
        assert_eq!(answer.status(), 401, "{header}");
    }
}

#[tokio::test]
async fn what_a_program_does_is_recorded_with_its_token() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let made = make(&developer, &["read", "write"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let body = json!({ "plan_id": plan, "plan_hash": hash });
    let (status, run) = app.program(of(&made, "token")).post_json("/api/v1/runs", &[], &body).await;
    assert_eq!(status, 202, "{run}");
    developer.post_json(&format!("/api/v1/runs/{}/cancel", of(&run, "id")), &[], &json!({})).await;
    let entries = testing::audited(&app.db, &format!("run:{}", of(&run, "id"))).await.unwrap();
    let tokens: Vec<(&str, &Value)> =
        entries.iter().map(|(action, detail)| (action.as_str(), &detail["token"])).collect();
    assert_eq!(tokens, [("run.accept", &made["id"]), ("run.cancel", &Value::Null)]);
    let own = testing::audited(&app.db, &format!("token:{}", of(&made, "id"))).await.unwrap();
    assert_eq!(own[0].0, "access.token_make");
}

#[tokio::test]
async fn the_page_shows_a_new_token_once_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let developer = app.person("developer", &["payments"]).await;
    let made = developer.post_form("/settings/tokens", &[("name", "build"), ("access", "read"), ("days", "30")]).await;
    assert_eq!(location(&made), "/settings");
    let cookie = made.headers().get_all("set-cookie").iter().find_map(|value| {
        let value = value.to_str().ok().filter(|value| value.starts_with("__Host-token-3000=wmk_"))?;
        assert!(value.contains("HttpOnly") && value.contains("Secure") && value.contains("Max-Age=60"), "{value}");
        value.split(';').next().map(str::to_owned)
    });
    let cookie = cookie.unwrap();
    let token = cookie.split('=').nth(1).unwrap();
    let shown =
        developer.send("GET", "/settings", &[("accept", "text/html"), ("cookie", &cookie)], Body::empty()).await;
    let forgets = shown.headers().get_all("set-cookie").iter().any(|value| {
        let value = value.to_str().unwrap();
        value.starts_with("__Host-token-3000=;") && value.contains("Max-Age=0")
    });
    assert!(forgets, "the browser forgets it");
    assert!(text(shown).await.contains(token));
    assert!(!text(developer.get("/settings").await).await.contains(token));
    assert_eq!(app.program(token).get_json("/api/v1/me").await.0, 200);

    let refused =
        developer.post_form("/settings/tokens", &[("name", "é\u{202e}"), ("access", "write"), ("days", "9999")]).await;
    let back = location(&refused);
    assert!(back.starts_with("/settings?") && back.ends_with("#new-token"), "{back}");
    let page = text(developer.get(back.split('#').next().unwrap()).await).await;
    for part in ["id=\"field-name-error\"", "id=\"field-days-error\"", "é\u{202e}"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("id=\"field-access-error\""));
    let (_, list) = developer.get_json("/api/v1/tokens").await;
    let id = of(&list["items"][0], "id").to_owned();
    assert_eq!(location(&developer.post_form(&format!("/settings/tokens/{id}/revoke"), &[]).await), "/settings");
    assert_eq!(app.program(token).get_json("/api/v1/me").await.0, 401);
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_browser() {
    let app = TestApp::start().await;
    let (here, there) = (app.person("developer", &["payments"]).await, app.person("developer", &["payments"]).await);
    let neighbour = app.person("neighbour", &["search"]).await;
    assert!(text(here.get("/settings").await).await.contains("Sign out everywhere else"));
    assert_eq!(location(&here.post_form("/settings/sessions/end", &[]).await), "/settings");
    assert_eq!(here.get_json("/api/v1/me").await.0, 200);
    assert_eq!(there.get_json("/api/v1/me").await.0, 401);
    assert_eq!(neighbour.get_json("/api/v1/me").await.0, 200, "others stay signed in");
    assert!(!text(here.get("/settings").await).await.contains("Sign out everywhere else"));
}

#[tokio::test]
async fn everybody_sees_what_their_groups_give() {
    let app = TestApp::start().await;
    let lead = app.person("lead", &["payments", "payments-leads", "chess"]).await;
    let page = text(lead.get("/settings").await).await;
    for part in ["Gives the team payments.", "leading payments", "Gives nothing here"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let outsider = app.person("outsider", &[]).await;
    assert!(text(outsider.get("/settings").await).await.contains("names no group of yours"));
    let (status, _) = read_json(outsider.send("GET", "/api/v1/tokens", &[], Body::empty()).await).await;
    assert_eq!(status, 200);
}
