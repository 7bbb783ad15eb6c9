//! The form of a golden path: what is typed is kept, whatever becomes of it.

use std::{collections::BTreeMap, path::Path};

use axum::{body::Body, response::Response};
use backend::{
    audit::Actor,
    golden_paths::{self, GoldenPath, PathFiles},
};
use domain::golden_paths::TEMPLATE_FILE;
use serde_json::json;

use crate::{
    browser::{Browser, with_provider},
    support::{Person, TestApp, location, text},
};

pub(crate) const FORM: &str = "/golden-paths/web-service/new";
const DO: &str = "waymark:do";

/// Publishes the path that the project ships.
pub(crate) async fn publish(app: &TestApp) {
    publish_changed(app, |document| document).await;
}

/// Publishes it with a changed document.
pub(crate) async fn publish_changed(app: &TestApp, change: impl FnOnce(String) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden-paths/web-service");
    let read = PathFiles::from_folder(&folder).unwrap();
    let mut files: BTreeMap<_, _> = read.below("").into_iter().map(|(p, file)| (p.to_owned(), file.clone())).collect();
    let document = files.get_mut(TEMPLATE_FILE).unwrap();
    document.bytes = change(document.text().unwrap().to_owned()).into_bytes();
    let path = GoldenPath::read(PathFiles::new(files)).unwrap();
    golden_paths::publish(&app.db, &Actor::System("test"), path).await.unwrap();
}

/// Everything that the form asks for, with changes, and the button that is pressed.
fn answers<'a>(button: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("name", "checkout"),
        ("owner", "group:default/payments"),
        ("description", "Takes orders."),
        ("system", ""),
        ("lifecycle", "production"),
        ("port", "8080"),
        ("replicas_dev", "1"),
        ("replicas_staging", "2"),
        ("replicas_prod", "3"),
        ("size", "small"),
    ];
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all.push((DO, button));
    all
}

/// Sends the form, which must lead back to it, and answers the page.
async fn page_after(person: &Person, button: &str, changes: &[(&str, &str)]) -> String {
    let back = location(&person.post_form(FORM, &answers(button, changes)).await);
    assert_eq!(back, FORM);
    text(person.get(FORM).await).await
}

/// How many fields say that something is wrong.
fn errors(page: &str) -> usize {
    page.matches("aria-invalid=\"true\"").count()
}

#[tokio::test]
async fn each_mistake_stands_at_its_field_and_the_input_stays() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    for (field, value, said) in [
        ("name", "Чекаут", "Use 1 to 40 lower-case letters"),
        ("name", "", "Fill this in: it is required."),
        ("name", "kube-proxy", "This name is reserved"),
        ("name", &"a".repeat(41), "Write at most 40 characters"),
        ("port", "+5", "This is no plain number"),
        ("port", "1e3", "This is no plain number"),
        ("port", "NaN", "This is no plain number"),
        ("port", "٨٠٨٠", "Use the digits 0 to 9"),
        ("port", "80", "Choose a port from 1024 to 65535"),
        ("replicas_prod", "1", "Run at least two replicas in prod"),
        ("size", "huge", "Choose one of the list."),
        ("description", "a\u{0}b", "There are invisible characters"),
        ("owner", "group:default/search", "Choose a team that you belong to"),
        ("owner", "group:default/nobody", "Choose a team that you belong to"),
    ] {
        let page = page_after(&developer, "plan", &[(field, value)]).await;
        let error = format!("id=\"field-{field}-error\"");
        assert!(page.contains(&error) && page.contains(said), "{field}={value}: {page}");
        assert!(page.contains(&format!("href=\"#field-{field}\"")), "the summary links to {field}");
        let visible = value.replace('\0', "\u{fffd}");
        assert!(page.contains(value) || page.contains(&visible), "{field}={value} is kept: {page}");
        assert_eq!(errors(&page), 1, "{field}={value}: only there");
    }
}

#[tokio::test]
async fn a_draft_waits_until_it_is_used_or_given_up() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let page = page_after(&developer, "save", &[("name", "half-a-na"), ("port", "eighty")]).await;
    assert!(page.contains("half-a-na") && page.contains("eighty") && page.contains("Your draft is kept"), "{page}");
    assert_eq!(errors(&page), 0, "saving is not asking");
    for path in ["/", "/golden-paths"] {
        assert!(text(developer.get(path).await).await.contains("Go on with half-a-na"), "{path}");
    }
    let lead = app.person("lead", &["payments", "payments-leads"]).await;
    assert!(!text(lead.get(FORM).await).await.contains("half-a-na"), "a draft is its writer's alone");
    let page = page_after(&developer, "discard", &[]).await;
    assert!(!page.contains("half-a-na") && page.contains("value=\"8080\""), "{page}");
}

#[tokio::test]
async fn only_a_page_of_ours_can_send_it_and_what_is_too_large_is_told() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let foreign = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    let answer = developer.send("POST", FORM, &foreign, Body::from("name=evil")).await;
    assert_eq!(answer.status(), 403);
    let long = "a".repeat(70_000);
    let answer = developer.post_form(FORM, &[("description", &long)]).await;
    assert_eq!(answer.status(), 413);
    assert!(text(answer).await.contains("too large"));
    let page = text(developer.get(FORM).await).await;
    assert!(!page.contains("evil") && page.contains("A stateless HTTP service."), "{page}");
    let upload = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    assert_eq!(developer.send("POST", FORM, &upload, Body::from("--x--")).await.status(), 415);
}

#[tokio::test]
async fn paths_are_for_those_who_belong_to_the_organisation() {
    let app = TestApp::start().await;
    publish(&app).await;
    let outsider = app.person("outsider", &[]).await;
    for path in ["/golden-paths/web-service", FORM, "/api/v1/golden-paths/web-service"] {
        assert_eq!(outsider.get(path).await.status(), 404, "{path}");
    }
    for button in ["plan", "save", "discard"] {
        assert_eq!(outsider.post_form(FORM, &answers(button, &[])).await.status(), 404, "{button}");
    }
    assert_eq!(outsider.get_json("/api/v1/golden-paths").await.1["items"], json!([]));
    let developer = app.person("developer", &["payments"]).await;
    for odd in ["/golden-paths/no%00thing", "/golden-paths/..%2f", "/golden-paths/nothing"] {
        let form = format!("{odd}/new");
        assert_eq!(developer.get(odd).await.status(), 404, "{odd}");
        assert_eq!(developer.get(&form).await.status(), 404, "{form}");
        assert_eq!(developer.post_form(&form, &answers("discard", &[])).await.status(), 404, "{form}");
    }
}

#[tokio::test]
async fn input_of_an_ended_session_becomes_the_draft_of_who_signs_in() {
    let (app, provider) = with_provider().await;
    publish(&app).await;
    let browser = Browser::new(&app, &provider);
    let answer = browser.post(FORM, FORM, &answers("plan", &[("name", "half-a-na")])).await;
    assert!(location(&answer).starts_with("/login?next=%2Fgolden-paths%2Fweb-service%2Fnew%3Fkept%3D"));
    is_for_the_browser_alone(&answer);
    let page = browser.sign_in("ann", &location(&answer)).await;
    let page = text(browser.get(&page).await).await;
    assert!(page.contains("half-a-na") && page.contains("Your session had ended"), "{page}");
    assert!(text(browser.get(FORM).await).await.contains("half-a-na"), "the draft is there without the address");
    browser.lose_session();
    let unknown = browser.post("/golden-paths/nothing/new", "/", &answers("plan", &[])).await;
    let page = browser.sign_in("ann", &location(&unknown)).await;
    assert_eq!(browser.get(&page).await.status(), 404, "what is there is told to those who have signed in");
}

/// The token that the browser holds, in a cookie that no script and no other site reads.
fn is_for_the_browser_alone(answer: &Response) {
    let cookies = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("__Host-input-3000=")).unwrap();
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=3600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_complete_form_leads_to_its_plan() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let plan = location(&developer.post_form(FORM, &answers("plan", &[])).await);
    assert!(plan.starts_with("/golden-paths/web-service/plans/"), "{plan}");
    let page = text(developer.get(&plan).await).await;
    assert!(page.contains("The plan for checkout is being made") && page.contains("http-equiv=\"refresh\""), "{page}");
    let neighbour = app.person("neighbour", &["search"]).await;
    assert_eq!(neighbour.get(&plan).await.status(), 404);
    assert_eq!(neighbour.get(&format!("{FORM}?plan={}", plan.rsplit('/').next().unwrap())).await.status(), 404);
    let elsewhere = plan.replace("web-service", "gpu-inference");
    assert_eq!(developer.get(&elsewhere).await.status(), 404, "a plan is found under its own path alone");
}
