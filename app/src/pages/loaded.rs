//! The one way in which pages wait for data and say that it could not be had.

use std::future::Future;

use backend::Error;
use http::{HeaderName, HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// Tells the server to answer with the error page of this kind instead of what was drawn.
pub const PROBLEM_HEADER: HeaderName = HeaderName::from_static("waymark-problem");

/// Draws `view` with what `load` brings.
pub(super) fn loaded<T, V>(
    load: impl Future<Output = Result<T, Error>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let response = use_context::<ResponseOptions>();
    let drawn = Suspend::new(async move {
        match load.await {
            Ok(data) => view(data).into_any(),
            Err(error) => {
                fail(response, &error);
                ().into_any()
            }
        }
    });
    view! { <Suspense fallback=|| ()>{drawn}</Suspense> }
}

/// A page about something that cannot be there, such as an address with an id that is none.
pub(super) fn missing() -> impl IntoView {
    fail(use_context(), &Error::NotFound);
}

fn fail(response: Option<ResponseOptions>, error: &Error) {
    error.report();
    let kind = error.kind();
    let Some(response) = response else {
        return;
    };
    response.set_status(StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    response.insert_header(PROBLEM_HEADER, HeaderValue::from_static(kind.code()));
}
