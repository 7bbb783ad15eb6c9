//! Pages about the entity that their address names. Under a name that it had before they lead to where it is now.

use backend::{Error, catalog};
use domain::catalog::EntityRef;
use http::{HeaderValue, StatusCode, header::LOCATION};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_params_map;

use crate::{
    components::TextLink,
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

enum Found<T> {
    Here(T),
    CalledNow(EntityRef),
}

/// Draws `view` with what `load` brings for the entity; `address` is that of the same page of another.
pub(super) fn of_entity<T, L, V>(
    address: impl Fn(&EntityRef) -> String + Send + 'static,
    load: impl FnOnce(RequestContext, EntityRef) -> L,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> Option<AnyView>
where
    T: Send + 'static,
    L: Future<Output = Result<T, Error>> + Send + 'static,
    V: IntoView + 'static,
{
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let Ok(reference) = EntityRef::new(&part("kind"), &part("namespace"), &part("name")) else {
        return Some(missing().into_any());
    };
    let (viewer, db) = (context.viewer.clone(), context.db.clone());
    let loading = load(context, reference.clone());
    let find = async move {
        match loading.await {
            Err(Error::NotFound) => catalog::called_now(&viewer, &db, &reference).await.map(Found::CalledNow),
            other => other.map(Found::Here),
        }
    };
    let response = use_context::<ResponseOptions>();
    let draw = move |found: Found<T>| match found {
        Found::Here(found) => view(found).into_any(),
        Found::CalledNow(reference) => moved(response, &reference, address(&reference)),
    };
    Some(loaded(find, draw).into_any())
}

/// The old address may be somebody else's one day, so that nobody should remember where it leads.
fn moved(response: Option<ResponseOptions>, reference: &EntityRef, href: String) -> AnyView {
    if let (Some(response), Ok(location)) = (response, HeaderValue::from_str(&href)) {
        response.set_status(StatusCode::FOUND);
        response.insert_header(LOCATION, location);
    }
    let name = reference.to_string();
    view! { <TextLink href=href>{name}</TextLink> }.into_any()
}
