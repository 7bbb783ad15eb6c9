//! The way back from the identity provider. Whatever does not hold ends in a page that says so, and in no session.

use serde_json::{Value, json};

use crate::{
    browser::{Browser, with_provider},
    provider::{Lie, Signed},
    support::text,
};

type Change = fn(&mut Value);

const NO_LIE: Change = |_| {};

/// Nobody is signed in, and the page says what to do.
async fn refused(browser: &Browser, back: &str, what: &str) {
    let answer = browser.get(back).await;
    assert_eq!(answer.status(), 401, "{what}");
    let page = text(answer).await;
    assert!(page.contains("Nobody was signed in; sign in again."), "{what}: {page}");
    assert!(page.contains("href=\"/login\""), "{what}: the page leads to the sign-in: {page}");
    assert!(!browser.has_session(), "{what}");
    assert_eq!(browser.get("/settings").await.status(), 303, "{what}: there is no session");
}

#[tokio::test]
async fn an_answer_that_holds_signs_in() {
    let (app, provider) = with_provider().await;
    let browser = Browser::new(&app, &provider);
    assert_eq!(browser.sign_in("ann", "/login?next=%2Fsettings").await, "/settings");
    assert!(text(browser.get("/settings").await).await.contains("known to your identity provider as"));
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let (app, provider) = with_provider().await;
    let lies: [(&str, Change, Signed); 13] = [
        ("another nonce", |c| c["nonce"] = json!("of another sign-in"), Signed::Well),
        ("no nonce", |c| drop(c.as_object_mut().unwrap().remove("nonce")), Signed::Well),
        ("another audience", |c| c["aud"] = json!("other"), Signed::Well),
        ("other audiences beside ours", |c| c["aud"] = json!(["waymark", "other"]), Signed::Well),
        ("no audience", |c| c["aud"] = json!([]), Signed::Well),
        ("for another client", |c| c["azp"] = json!("other"), Signed::Well),
        ("another issuer", |c| c["iss"] = json!("https://evil.example"), Signed::Well),
        ("expired", |c| c["exp"] = json!(server::clock::now().unix_timestamp() - 120), Signed::Well),
        ("of the future", |c| c["iat"] = json!(server::clock::now().unix_timestamp() + 120), Signed::Well),
        ("signed by somebody else", NO_LIE, Signed::BySomebodyElse),
        ("signed by nobody", NO_LIE, Signed::ByNobody),
        ("signed with a shared secret", NO_LIE, Signed::WithOurSecret),
        ("not a token", |c| *c = json!("nothing"), Signed::Well),
    ];
    for (what, claims, signed) in lies {
        let browser = Browser::new(&app, &provider);
        *provider.lie.lock().unwrap() = Lie { claims, signed };
        let back = browser.to_provider("ann", "/login").await;
        refused(&browser, &back, what).await;
    }
    *provider.lie.lock().unwrap() = Lie { claims: NO_LIE, signed: Signed::Well };
    let browser = Browser::new(&app, &provider);
    assert_eq!(browser.sign_in("ann", "/login").await, "/", "the way in works again at once");
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_the_browser_that_asked() {
    let (app, provider) = with_provider().await;
    let (browser, other) = (Browser::new(&app, &provider), Browser::new(&app, &provider));
    let back = browser.to_provider("ann", "/login").await;
    refused(&other, &back, "another browser").await;
    other.to_provider("bob", "/login").await;
    refused(&other, &back, "another browser that signs in as well").await;

    let used = Browser::new(&app, &provider);
    let back = used.to_provider("ann", "/login").await;
    used.get(&back).await;
    used.lose_session();
    refused(&used, &back, "the same answer twice").await;
    let code = back.split(['=', '&']).nth(1).unwrap();
    let fresh = used.to_provider("ann", "/login").await;
    let own = fresh.split(['=', '&']).nth(1).unwrap();
    refused(&used, &fresh.replace(own, code), "a code that was used, with a state that was not").await;
}

#[tokio::test]
async fn an_answer_of_another_provider_is_none() {
    let (app, provider) = with_provider().await;
    let issuer: String = url::form_urlencoded::byte_serialize(provider.issuer.as_bytes()).collect();
    for (what, change) in [
        ("another issuer", (format!("iss={issuer}"), "iss=https%3A%2F%2Fevil.example".to_owned())),
        ("no issuer, where ours always names itself", (format!("iss={issuer}"), String::new())),
        ("an error in place of a code", ("code=".to_owned(), "error=access_denied&c=".to_owned())),
        ("no code", ("code=".to_owned(), "c=".to_owned())),
        ("another state", ("state=".to_owned(), "state=x".to_owned())),
        ("no state", ("state=".to_owned(), "s=".to_owned())),
    ] {
        let browser = Browser::new(&app, &provider);
        let back = browser.to_provider("ann", "/login").await;
        let changed = back.replace(&change.0, &change.1);
        assert_ne!(back, changed, "{what}");
        refused(&browser, &changed, what).await;
    }
}

#[tokio::test]
async fn a_provider_that_gives_itself_another_name_is_not_asked() {
    let (app, provider) = with_provider().await;
    *provider.named.lock().unwrap() = Some("https://evil.example".to_owned());
    let answer = Browser::new(&app, &provider).get("/login").await;
    assert_eq!(answer.status(), 503);
    assert!(text(answer).await.contains("The identity provider does not answer."));
}
