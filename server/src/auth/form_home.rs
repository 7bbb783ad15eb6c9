//! Where the forms of people stand: the page that shows what was typed again when a form could not be taken.

use axum::extract::Request;
use domain::access::{AFRESH, KEPT, NextPath, UNDONE};
use http::header::REFERER;
use url::form_urlencoded;

use crate::config::PublicUrl;

/// The form of one address.
#[derive(Clone, Copy, Debug)]
pub struct FormHome {
    page: Page,
    /// Whether the page fills them in again; a button alone can only be pressed again.
    pub(super) has_fields: bool,
}

/// The page of a form.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// At the address where the form is sent.
    Same,
    /// One step above it.
    Above,
    At(&'static str),
    /// By the address where the form is sent.
    Of(fn(path: &str) -> String),
    /// Any page of ours has such a form; the browser says which, else it is this one.
    OneOf(&'static str),
}

impl Page {
    /// A form in which something is typed or chosen.
    pub const fn form(self) -> FormHome {
        FormHome { page: self, has_fields: true }
    }

    /// A button, with nothing to type.
    pub const fn button(self) -> FormHome {
        FormHome { page: self, has_fields: false }
    }
}

impl FormHome {
    /// The address of the page, with its query and the place on it.
    pub(super) fn address(self, request: &Request, public_url: &PublicUrl) -> String {
        let path = request.uri().path();
        let above = || path.rsplit_once('/').map_or("/", |(above, _)| above).to_owned();
        match self.page {
            Page::Same => path.to_owned(),
            Page::Above => above(),
            Page::At(page) => page.to_owned(),
            Page::Of(page) => page(path),
            Page::OneOf(page) => sent_from(request, public_url).unwrap_or_else(|| page.to_owned()),
        }
    }
}

/// The page of ours that a browser names, without what it said about an earlier form.
fn sent_from(request: &Request, public_url: &PublicUrl) -> Option<String> {
    let page =
        request.headers().get(REFERER)?.to_str().ok()?.strip_prefix(public_url.join("").trim_end_matches('/'))?;
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| ![AFRESH, KEPT, UNDONE].contains(&&**name));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    let page: NextPath = join(path, &query).parse().ok()?;
    Some(page.as_str().to_owned())
}

/// A page with more in its query.
pub(super) fn join(page: &str, query: &str) -> String {
    let separator = match (query.is_empty(), page.contains('?')) {
        (true, _) => "",
        (false, true) => "&",
        (false, false) => "?",
    };
    format!("{page}{separator}{query}")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn address(page: Page, referer: &str) -> String {
        let request = Request::builder().uri("/scaffold/a/retry").header(REFERER, referer).body(Body::empty()).unwrap();
        page.button().address(&request, &PublicUrl::default())
    }

    #[test]
    fn a_page_is_known_by_the_address_or_by_the_browser() {
        let ours = "http://localhost:3000";
        assert_eq!(address(Page::Same, ours), "/scaffold/a/retry");
        assert_eq!(address(Page::Above, ours), "/scaffold/a");
        assert_eq!(address(Page::At("/settings"), ours), "/settings");
        assert_eq!(address(Page::Of(|path| format!("{path}#b")), ours), "/scaffold/a/retry#b");
        for (referer, page) in [
            ("http://localhost:3000/delivery?service=a&undone=1", "/delivery?service=a"),
            ("http://localhost:3000/catalog/a", "/catalog/a"),
            ("http://localhost:3000//evil.example", "/delivery"),
            ("http://localhost:3000.evil.example/", "/delivery"),
            ("https://evil.example/", "/delivery"),
            ("", "/delivery"),
        ] {
            assert_eq!(address(Page::OneOf("/delivery"), referer), page, "{referer}");
        }
    }
}
