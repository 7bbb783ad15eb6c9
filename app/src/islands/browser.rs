//! What islands ask of the browser.

#[cfg(feature = "hydrate")]
use leptos::wasm_bindgen::closure::Closure;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, Event, RequestInit, Response, UrlSearchParams, js_sys},
};

/// The element that the handler of `event` stands on.
pub(super) fn element_of(event: &Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// Calls `take` with the value of the form field `name`, now and after each change of it.
#[cfg(feature = "hydrate")]
pub(super) fn on_input(name: &str, take: impl Fn(String) + 'static) {
    let Some(field) = document().get_element_by_id(&crate::components::field_id(name)) else { return };
    let value = {
        let field = field.clone();
        // Read by name: it is an `<input>` in one form and a `<select>` in another.
        move || {
            js_sys::Reflect::get(&field, &"value".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
        }
    };
    take(value());
    let changed = Closure::<dyn FnMut()>::new(move || take(value()));
    // Without a listener the names are those of the last answer.
    let _ = field.add_event_listener_with_callback("input", changed.as_ref().unchecked_ref());
    changed.forget();
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
