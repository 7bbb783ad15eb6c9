//! The cookies that tie something to the browser that began it: a sign-in, input that came after a session's end, and a
//! token that is about to be shown.

use domain::access::TokenText;
use sha2::{Digest, Sha256};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use uuid::Uuid;

use crate::config::PublicUrl;

/// As long as a sign-in may take.
const LIFE: Duration = Duration::minutes(10);

/// As long as a redirect takes.
const TOKEN_LIFE: Duration = Duration::minutes(1);

/// As long as input waits for a sign-in.
const INPUT_LIFE: Duration = Duration::hours(1);

fn name(public_url: &PublicUrl) -> String {
    format!("__Host-login{}", public_url.cookie_suffix())
}

fn input_name(public_url: &PublicUrl) -> String {
    format!("__Host-input{}", public_url.cookie_suffix())
}

fn token_name(public_url: &PublicUrl) -> String {
    format!("__Host-token{}", public_url.cookie_suffix())
}

/// The hash of the browser's mark, if it has one.
pub(super) fn browser(cookies: &Cookies, public_url: &PublicUrl) -> Option<[u8; 32]> {
    cookies.get(&name(public_url)).map(|cookie| hash(cookie.value()))
}

/// Marks the browser, or renews the mark that it has so that several tabs can sign in at once.
pub(super) fn mark_browser(cookies: &Cookies, public_url: &PublicUrl) -> [u8; 32] {
    let known = cookies.get(&name(public_url)).map(|cookie| cookie.value().to_owned());
    let value = known.unwrap_or_else(|| Uuid::new_v4().to_string());
    let hash = hash(&value);
    cookies.add(cookie(name(public_url), value, LIFE));
    hash
}

/// Gives the browser a token for input that waits, or renews the one that it has so that forms of several tabs can wait.
pub(super) fn mark_input(cookies: &Cookies, public_url: &PublicUrl) -> [u8; 32] {
    let known = cookies.get(&input_name(public_url)).map(|cookie| cookie.value().to_owned());
    let value = known.unwrap_or_else(|| Uuid::new_v4().to_string());
    let hash = hash(&value);
    cookies.add(cookie(input_name(public_url), value, INPUT_LIFE));
    hash
}

/// The hash of the token for input that waits, if the browser has one.
pub(crate) fn input(cookies: &Cookies, public_url: &PublicUrl) -> Option<[u8; 32]> {
    cookies.get(&input_name(public_url)).map(|cookie| hash(cookie.value()))
}

/// Hands a new token to the page that shows it: it is in this cookie for a moment, and nowhere else.
pub(crate) fn keep_token(cookies: &Cookies, public_url: &PublicUrl, text: &TokenText) {
    cookies.add(cookie(token_name(public_url), text.expose().to_owned(), TOKEN_LIFE));
}

/// The new token, which the browser then forgets.
pub(crate) fn take_token(cookies: &Cookies, public_url: &PublicUrl) -> Option<TokenText> {
    let name = token_name(public_url);
    let text = cookies.get(&name).and_then(|cookie| TokenText::parse(cookie.value()))?;
    cookies.remove(cookie(name, String::new(), TOKEN_LIFE));
    Some(text)
}

fn cookie(name: String, value: String, life: Duration) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).max_age(life).build()
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
