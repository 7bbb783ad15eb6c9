//! Cross-site request forgery: every request that can change something must come from our own pages.
//!
//! `CsrfLayer` reads `Sec-Fetch-Site` and `Origin`. It lets requests without either header pass, for the sake of
//! programs; a browser's cookie may not ride on those, nor on an upgrade from elsewhere, so they are refused here.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::ErrorKind;
use http::{
    HeaderMap, Method,
    header::{AUTHORIZATION, COOKIE, ORIGIN, UPGRADE},
};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::Problem;
use crate::config::PublicUrl;

const ELSEWHERE: &str = "The request did not come from a page of this site. Open the page here and send it again.";

type Refusal = fn(ProtectionError) -> Response;

/// The library's check with our own answer.
pub(super) fn layer() -> CsrfLayer<Refusal> {
    CsrfLayer::new().with_rejection_response(refuse as Refusal)
}

fn refuse(_: ProtectionError) -> Response {
    Problem::of(ErrorKind::Forbidden).with_detail(ELSEWHERE).into_response()
}

/// What the library leaves open.
pub(super) async fn check(State(public_url): State<PublicUrl>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrades = headers.contains_key(UPGRADE);
    if headers.contains_key(COOKIE) && headers.contains_key(AUTHORIZATION) {
        return Problem::of(ErrorKind::Invalid)
            .with_detail("Send either a session cookie or a bearer token, not both.")
            .into_response();
    }
    if (writes || upgrades) && headers.contains_key(COOKIE) && !is_from_here(headers, public_url.origin()) {
        return Problem::of(ErrorKind::Forbidden).with_detail(ELSEWHERE).into_response();
    }
    next.run(request).await
}

/// `Sec-Fetch-Site` decides where it is sent; older browsers send `Origin` alone.
fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(ORIGIN).is_some_and(|value| value.as_bytes() == origin.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::any};
    use tower::ServiceExt;

    use super::*;

    async fn status(method: &str, headers: &[(&str, &str)]) -> u16 {
        let router = Router::new()
            .route("/", any(|| async { "done" }))
            .layer(from_fn_with_state(PublicUrl::default(), check))
            .layer(layer());
        let mut request = http::Request::builder().method(method).uri("/").header("host", "localhost:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    }

    const SID: (&str, &str) = ("cookie", "__Host-sid-3000=x");

    #[tokio::test]
    async fn only_our_own_pages_may_change_something() {
        for (headers, expected) in [
            (&[SID, ("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")][..], 200),
            (&[SID, ("origin", "http://localhost:3000")], 200),
            (&[SID, ("sec-fetch-site", "same-site"), ("origin", "http://localhost:3001")], 403),
            (&[SID, ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], 403),
            (&[SID, ("sec-fetch-site", "none")], 403),
            (&[SID, ("origin", "https://evil.example")], 403),
            (&[SID, ("origin", "null")], 403),
            (&[SID], 403),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[], 200),
            (&[("authorization", "Bearer wmk_x")], 200),
            (&[SID, ("authorization", "Bearer wmk_x"), ("sec-fetch-site", "same-origin")], 422),
        ] {
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                assert_eq!(status(method, headers).await, expected, "{method} {headers:?}");
            }
        }
    }

    #[tokio::test]
    async fn reading_is_free_and_upgrading_is_not() {
        assert_eq!(status("GET", &[SID, ("sec-fetch-site", "cross-site")]).await, 200);
        assert_eq!(status("GET", &[SID, ("upgrade", "websocket"), ("origin", "https://evil.example")]).await, 403);
    }
}
