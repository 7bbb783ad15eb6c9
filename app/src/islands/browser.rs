//! What islands ask of the browser.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, Event, RequestInit, Response, UrlSearchParams, js_sys},
};

/// The element that the handler of `event` stands on.
pub(super) fn element_of(event: &Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// Puts `text` on the clipboard. Fails where the browser has none, or does not let this page use it.
pub(super) async fn copy(text: &str) -> Result<(), JsValue> {
    // Read by name: `navigator.clipboard` is missing on pages that came over plain http.
    let navigator = js_sys::Reflect::get(&window(), &"navigator".into())?;
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())?;
    let write: js_sys::Function = js_sys::Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    let written: js_sys::Promise = write.call1(&clipboard, &text.into())?.dyn_into()?;
    written.await.map(|_| ())
}

/// Sends the fields of a form with POST, without leaving the page. The answer's status decides.
pub(super) async fn post_form(address: &str, fields: &[(&str, &str)]) -> Result<(), JsValue> {
    let body = UrlSearchParams::new()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    let answer: Response = window().fetch_with_str_and_init(address, &request).await?.dyn_into()?;
    if answer.ok() { Ok(()) } else { Err(JsValue::from(answer.status())) }
}
