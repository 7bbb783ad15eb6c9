//! A session that ends in the middle of a form: what was typed is there again after the sign-in, on the form's own page.

use axum::response::Response;
use domain::access::{AFRESH, KEPT, UNDONE};
use server::router;

use crate::{
    browser::{Browser, with_provider},
    support::{location, text},
};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Where the sign-in leads to afterwards.
fn next(answer: &Response) -> String {
    let login = location(answer);
    let query = login.strip_prefix("/login?").expect("it leads to the sign-in");
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "next").unwrap().1.into_owned()
}

/// Every form that people send; a route of a form that is not here fails.
#[tokio::test]
async fn every_form_leads_through_the_sign_in_to_its_page() {
    let (app, provider) = with_provider().await;
    let forms: Vec<_> = router::routes(&app.state)
        .into_iter()
        .filter(|route| route.method == "POST" && !route.path.starts_with("/api/"))
        .filter(|route| !["/auth/backchannel-logout", "/logout", "/webhooks/{source}"].contains(&&*route.path))
        .collect();
    assert!(forms.len() > 25);
    for route in forms {
        let path = route.path.replace("{id}", NOBODY).replace("{run}", NOBODY).replace(['{', '}'], "");
        let answer = Browser::new(&app, &provider).post(&path, "/delivery?service=a", &[("reason", "typed")]).await;
        let next = next(&answer);
        let (page, query) = next.split_once('?').unwrap_or((&next, ""));
        let is_told = [KEPT, UNDONE].iter().any(|name| query.contains(&format!("{name}=")));
        assert!(is_told, "{}: the page says what became of the form: {next}", route.path);
        let is_page =
            router::routes(&app.state).iter().any(|known| known.method == "GET" && matches(&known.path, page));
        assert!(is_page, "{}: {page} is a page", route.path);
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b)
}

/// Sends a form without a session, signs in, and answers the page.
async fn page_after(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    browser.lose_session();
    let login = location(&browser.post(path, "/", fields).await);
    let next = browser.sign_in("ann", &login).await;
    text(browser.get(&next).await).await
}

#[tokio::test]
async fn what_was_typed_stands_in_the_form_again() {
    let (app, provider) = with_provider().await;
    let browser = Browser::new(&app, &provider);
    let long = "x".repeat(9_000);
    let address = format!("https://git.example/{long}");
    for (path, fields, shown) in [
        (
            "/settings/tokens",
            vec![("name", "the \"build\""), ("access", "write"), ("days", "90")],
            "the &quot;build&quot;",
        ),
        ("/catalog/import", vec![("address", &*address)], &*long),
    ] {
        let page = page_after(&browser, path, &fields).await;
        assert!(page.contains("Your session had ended") && page.contains("Nothing was done"), "{path}: {page}");
        assert!(page.contains(shown), "{path}: {page}");
    }
    assert_eq!(text(browser.get("/settings").await).await.matches("Your session had ended").count(), 0);
}

#[tokio::test]
async fn a_button_leads_back_to_the_page_that_it_stands_on() {
    let (app, provider) = with_provider().await;
    let browser = Browser::new(&app, &provider);
    let answer = browser.post("/settings/theme", "/catalog?kind=component&undone=1", &[("theme", "dark")]).await;
    assert_eq!(next(&answer), "/catalog?kind=component&undone=1");
    let page = page_after(&browser, "/settings/sessions/end", &[]).await;
    assert!(page.contains("Nothing was done. If you still want it, press the button once more."), "{page}");
}

#[tokio::test]
async fn what_was_typed_is_for_nobody_else() {
    let (app, provider) = with_provider().await;
    let (browser, other) = (Browser::new(&app, &provider), Browser::new(&app, &provider));
    let login = location(&browser.post("/settings/tokens", "/settings", &[("name", "the build")]).await);
    let next = browser.sign_in("ann", &login).await;
    assert_eq!(other.sign_in("ann", &login).await, next);
    assert!(!text(other.get(&next).await).await.contains("the build"), "another browser of the same person");
    assert!(text(browser.get(&next).await).await.contains("the build"));
    assert!(text(browser.get(&next).await).await.contains("the build"), "the page can be loaded again");
    let elsewhere = next.replace("/settings", "/catalog/import");
    assert!(!text(browser.get(&elsewhere).await).await.contains("Your session had ended"), "another page");
    browser.lose_session();
    browser.sign_in("bob", "/login").await;
    assert!(!text(browser.get(&next).await).await.contains("the build"), "another person at the same browser");
}

#[tokio::test]
async fn two_tabs_lose_nothing() {
    let (app, provider) = with_provider().await;
    let browser = Browser::new(&app, &provider);
    let first = next(&browser.post("/settings/tokens", "/settings", &[("name", "the build")]).await);
    let login = location(&browser.post("/catalog/import", "/", &[("address", "https://git.example/a")]).await);
    let second = browser.sign_in("ann", &login).await;
    assert!(text(browser.get(&second).await).await.contains("https://git.example/a"));
    assert!(text(browser.get(&first).await).await.contains("the build"));
}

#[tokio::test]
async fn a_sign_in_that_is_too_old_keeps_what_was_typed_however_long_it_is() {
    let (app, provider) = with_provider().await;
    provider.lie.lock().unwrap().claims =
        |claims| claims["auth_time"] = (server::clock::now().unix_timestamp() - 301).into();
    let browser = Browser::new(&app, &provider);
    browser.sign_in("ann", "/login").await;
    let name = "n".repeat(3_000);
    let answer = browser.post("/settings/tokens", "/settings", &[("name", &name), ("access", "read")]).await;
    assert!(location(&answer).starts_with("/login?fresh=1&"));
    let next = next(&answer);
    assert!(
        next.starts_with(&format!("/settings?{AFRESH}=new-token&{KEPT}=")) && next.ends_with("#new-token"),
        "{next}"
    );
    let back = browser.sign_in("ann", &location(&answer)).await;
    let page = text(browser.get(&back).await).await;
    assert!(page.contains("It is you") && page.contains(&name), "{page}");
    assert!(!page.contains("Your session had ended"), "{page}");
}

#[tokio::test]
async fn programs_and_scripts_are_told_and_nothing_of_theirs_is_kept() {
    let (app, provider) = with_provider().await;
    let answer = app.anonymous().post_json("/settings/tokens", &[], &serde_json::json!({ "name": "x" })).await;
    assert_eq!(answer.0, 401);
    let large = "x".repeat(70_000);
    let answer = Browser::new(&app, &provider).post("/settings/tokens", "/settings", &[("name", &large)]).await;
    assert_eq!(answer.status(), 413);
}
