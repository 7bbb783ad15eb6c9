//! The cookie that ties a sign-in to the browser that began it.

use sha2::{Digest, Sha256};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use uuid::Uuid;

use crate::config::PublicUrl;

/// As long as a sign-in may take.
const LIFE: Duration = Duration::minutes(10);

fn name(public_url: &PublicUrl) -> String {
    format!("__Host-login{}", public_url.cookie_suffix())
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
    cookies.add(
        Cookie::build((name(public_url), value))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(LIFE)
            .build(),
    );
    hash
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
