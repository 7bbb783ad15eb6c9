//! Keeps a page equal to what the server would draw now.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{
    prelude::*,
    reactive::spawn_local,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use web_sys::{DomParser, EventSource, MessageEvent, Response, SupportedType};

/// An open stream and the last event that the page shows.
struct Following {
    address: String,
    after: i64,
    source: Option<EventSource>,
}

type Shared = Rc<RefCell<Following>>;

/// Draws the page again after each event, until it says that there is nothing more to follow. While the tab is hidden
/// nothing is open: browsers allow few connections to one host.
pub(super) fn follow(address: String, after: i64) {
    let following = Rc::new(RefCell::new(Following { address, after, source: None }));
    open(&following);
    let on_visibility = Closure::<dyn FnMut()>::new(move || {
        if document().hidden() {
            close(&following);
        } else if is_followed() {
            open(&following);
        }
    });
    let listened =
        document().add_event_listener_with_callback("visibilitychange", on_visibility.as_ref().unchecked_ref());
    if listened.is_ok() {
        // It lives as long as the page.
        on_visibility.forget();
    }
}

/// Draws the page again after each `pause` while it is in sight, nobody is at work in it, and it says that there is more
/// to come.
pub(super) fn look_again(pause: Duration) {
    set_timeout(
        move || {
            spawn_local(async move {
                let is_left_alone = !document().hidden() && !is_in_use();
                let is_done = is_left_alone && (redraw().await.is_err() || !is_followed());
                if !is_done {
                    look_again(pause);
                }
            });
        },
        pause,
    );
}

/// Drawing the page again would take the focus away from whoever has it there.
fn is_in_use() -> bool {
    let Some(main) = document().get_element_by_id("main") else { return false };
    document().active_element().is_some_and(|active| active != main && main.contains(Some(&active)))
}

fn open(following: &Shared) {
    close(following);
    let address = {
        let following = following.borrow();
        format!("{}?after={}", following.address, following.after)
    };
    let Ok(source) = EventSource::new(&address) else { return };
    let shared = following.clone();
    let on_event = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(seq) = event.last_event_id().parse() {
            shared.borrow_mut().after = seq;
        }
        let shared = shared.clone();
        spawn_local(async move {
            if redraw().await.is_err() || !is_followed() {
                close(&shared);
            }
        });
    });
    for kind in ["step", "state"] {
        // Without a listener the page is as it was; it can still be loaded by hand.
        let _ = source.add_event_listener_with_callback(kind, on_event.as_ref().unchecked_ref());
    }
    on_event.forget();
    following.borrow_mut().source = Some(source);
}

fn close(following: &Shared) {
    if let Some(source) = following.borrow_mut().source.take() {
        source.close();
    }
}

/// The page says by an attribute whether there is anything left to follow.
fn is_followed() -> bool {
    document().query_selector("[data-followed]").is_ok_and(|found| found.is_some())
}

/// Puts the server's present drawing of this address into the place of the old one.
async fn redraw() -> Result<(), JsValue> {
    let address = window().location().href()?;
    let answer: Response = window().fetch_with_str(&address).await?.dyn_into()?;
    let text = answer.text()?.await?.as_string().unwrap_or_default();
    let fresh = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let (Some(old), Some(new)) = (document().get_element_by_id("main"), fresh.get_element_by_id("main")) else {
        return Err(JsValue::NULL);
    };
    old.set_inner_html(&new.inner_html());
    document().set_title(&fresh.title());
    Ok(())
}
