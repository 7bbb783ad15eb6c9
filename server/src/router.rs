//! Every address of the web process, with who may ask there.

use app::{
    request::{AccountContext, RequestContext},
    routes::{App, PageAccess},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    middleware::{Next, from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{MethodRouter, delete, get, post},
};
use domain::error::ErrorKind;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, generate_route_list, render_app_async_with_context};

use crate::{
    api::{self, backstage},
    auth::{self, Access, Guard, SignedIn},
    catalog, catalog_change, clock, delivery,
    edge::{self, Problem, content_security_policy},
    golden_paths,
    page_facts::{self, PageFacts},
    provisioning, scaffold, settings,
    state::AppState,
    webhooks,
};

/// One address and who may ask there.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: String,
    pub guard: Guard,
}

/// Collects the routes together with their access, so that none can be added without saying who it is for.
struct Table {
    state: AppState,
    router: Router<AppState>,
    routes: Vec<Route>,
}

impl Table {
    fn new(state: &AppState) -> Self {
        Self { state: state.clone(), router: Router::new(), routes: Vec::new() }
    }

    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &str, guard: impl Into<Guard>, handler: H) -> Self {
        self.add("GET", path, guard.into(), get(handler))
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &str, guard: impl Into<Guard>, handler: H) -> Self {
        self.add("POST", path, guard.into(), post(handler))
    }

    fn delete<H: Handler<T, AppState>, T: 'static>(self, path: &str, guard: impl Into<Guard>, handler: H) -> Self {
        self.add("DELETE", path, guard.into(), delete(handler))
    }

    /// What changes something for programs passes [`api::once`], which none can leave out.
    fn add(mut self, method: &'static str, path: &str, guard: Guard, handler: MethodRouter<AppState>) -> Self {
        let is_mutation = method != "GET" && path.starts_with("/api/v1/");
        let handler = match is_mutation {
            true => handler.layer(from_fn_with_state(self.state.clone(), api::once)),
            false => handler,
        };
        let handler = match path.starts_with(backstage::PREFIX) {
            // The edge has its own limit.
            true => handler.layer(DefaultBodyLimit::disable()),
            false => handler,
        };
        let handler = match self.state.limits.before(method, path) {
            Some(limit) => handler.layer(limit),
            None => handler,
        };
        let guarded = handler.layer(from_fn(move |request: Request, next: Next| auth::require(guard, request, next)));
        self.router = self.router.route(path, guarded);
        self.routes.push(Route { method, path: path.to_owned(), guard });
        self
    }
}

/// The whole web side, edge included.
pub fn router(state: AppState) -> Router {
    let pages = pages(&state);
    let routes = table(pages)
        .router
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(edge::FORM_BYTES))
        .layer(from_fn_with_state(state.clone(), auth::identify))
        .layer(auth::session_layer(state.db.clone(), state.session_life.clone(), &state.public_url))
        .merge(state.site.routes())
        .with_state(state.clone());
    let events = events(&state).router.with_state(state.clone());
    edge::wrap(routes, events, &state.public_url, &state.site.assets.css)
}

/// Every address with its access, for the matrix of routes and roles.
pub fn routes(state: &AppState) -> Vec<Route> {
    [table(pages(state)).routes, events(state).routes].concat()
}

/// What other systems tell us. There is no session here and nobody who asks: a signature stands for the sender.
fn events(state: &AppState) -> Table {
    Table::new(state).post("/webhooks/{source}", Access::Public, webhooks::receive)
}

fn table(pages: Table) -> Table {
    pages
        .get("/login", Access::Public, auth::login)
        .get("/auth/callback", Access::Public, auth::callback)
        .post("/auth/backchannel-logout", Access::Public, auth::back_channel_logout)
        .post("/logout", Access::Public, auth::logout)
        .post("/settings/theme", Access::SignedIn, settings::set_theme)
        .post("/settings/tokens", Access::SignedIn.fresh_or_back_to(settings::form_of_tokens), settings::make_token)
        .post("/settings/tokens/{id}/revoke", Access::SignedIn, settings::revoke_token)
        .post("/settings/sessions/end", Access::SignedIn, settings::end_other_sessions)
        .post("/catalog/import", Access::SignedIn, catalog::import)
        .post("/catalog/import/{id}/accept", Access::SignedIn, catalog::accept)
        .post("/catalog/import/{id}/again", Access::SignedIn, catalog::import_again)
        .post("/catalog/sources/{id}/look", Access::SignedIn, catalog::look_again)
        .post("/catalog/sources/{id}/end", Access::SignedIn, catalog::end_source)
        .post("/catalog/sources/{id}/move", Access::SignedIn, catalog::accept_move)
        .post("/catalog/{kind}/{namespace}/{name}/edit", Access::SignedIn, catalog_change::edit)
        .post("/catalog/{kind}/{namespace}/{name}/adopt", Access::SignedIn, catalog_change::adopt)
        .post("/catalog/unowned/repositories/adopt", Access::SignedIn, catalog_change::adopt_repository)
        .post("/catalog/{kind}/{namespace}/{name}/remove", Access::SignedIn, catalog_change::remove)
        .post("/catalog/removed/{id}/restore", Access::SignedIn, catalog_change::restore)
        .post("/catalog/unowned/adopt", Access::SignedIn, catalog::adopt)
        .get("/catalog/{kind}/{namespace}/{name}/docs-images/{hash}", Access::SignedIn, catalog::docs_image)
        .post("/golden-paths/{name}/new", Access::Public, golden_paths::answer)
        .post("/golden-paths/{name}/plans/{id}/create", Access::SignedIn, golden_paths::create)
        .post("/golden-paths/{name}/plans/{id}/again", Access::SignedIn, golden_paths::plan_again)
        .post(
            "/provisioning/requests/{id}/approve",
            Access::SignedIn.fresh_or_back_to(provisioning::page_of_request),
            provisioning::approve_request,
        )
        .post("/provisioning/requests/{id}/deny", Access::SignedIn, provisioning::deny_request)
        .post("/provisioning/{cluster}/{namespace}/ask", Access::SignedIn, provisioning::ask)
        .post("/provisioning/requests/{id}/withdraw", Access::SignedIn, provisioning::withdraw_request)
        .post("/scaffold/{run}/cancel", Access::SignedIn, scaffold::cancel)
        .post("/scaffold/{run}/retry", Access::SignedIn, scaffold::retry)
        .post("/delivery/changes", Access::SignedIn, delivery::request)
        .post("/delivery/changes/{id}/confirm", Access::SignedIn, delivery::confirm)
        .post("/delivery/changes/{id}/approve", Access::SignedIn, delivery::approve)
        .post("/delivery/changes/{id}/deny", Access::SignedIn, delivery::deny)
        .post("/delivery/changes/{id}/withdraw", Access::SignedIn, delivery::withdraw)
        .get("/provisioning/{cluster}/{namespace}/kubeconfig", Access::SignedIn, delivery::kubeconfig)
        .get("/api/catalog/entities", Access::SignedIn, backstage::list)
        .get("/api/catalog/entities/by-query", Access::SignedIn, backstage::by_query)
        .post("/api/catalog/entities/by-query", Access::SignedIn, backstage::post_by_query)
        .get("/api/catalog/entities/by-uid/{uid}", Access::SignedIn, backstage::by_uid)
        .get("/api/catalog/entities/by-name/{kind}/{namespace}/{name}", Access::SignedIn, backstage::by_name)
        .get("/api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry", Access::SignedIn, backstage::ancestry)
        .post("/api/catalog/entities/by-refs", Access::SignedIn, backstage::by_refs)
        .get("/api/catalog/entity-facets", Access::SignedIn, backstage::facets)
        .post("/api/catalog/entity-facets", Access::SignedIn, backstage::post_facets)
        .get("/api/catalog/locations", Access::SignedIn, backstage::list_locations)
        .post("/api/catalog/locations/by-query", Access::SignedIn, backstage::locations_by_query)
        .get("/api/catalog/locations/{id}", Access::SignedIn, backstage::find_location)
        .get(
            "/api/catalog/locations/by-entity/{kind}/{namespace}/{name}",
            Access::SignedIn,
            backstage::location_by_entity,
        )
        .post("/api/catalog/validate-entity", Access::SignedIn, backstage::validate)
        .post("/api/catalog/refresh", Access::SignedIn, backstage::refresh)
        .get("/api/v1/openapi.json", Access::SignedIn, api::description)
        .get("/api/v1/me", Access::SignedIn, api::me)
        .get("/api/v1/tokens", Access::SignedIn, api::list_tokens)
        .post("/api/v1/tokens", Access::InPerson.fresh(), api::make_token)
        .delete("/api/v1/tokens/{id}", Access::InPerson, api::revoke_token)
        .get("/api/v1/maturity/scores", Access::SignedIn, api::maturity_scores)
        .get("/api/v1/maturity/explain", Access::SignedIn, api::maturity_explain)
        .get("/api/v1/golden-paths", Access::SignedIn, api::list_golden_paths)
        .get("/api/v1/golden-paths/{name}", Access::SignedIn, api::find_golden_path)
        .post("/api/v1/golden-paths/{name}/plans", Access::SignedIn, api::request_plan)
        .get("/api/v1/plans/{id}", Access::SignedIn, api::find_plan)
        .get("/api/v1/namespaces", Access::SignedIn, api::list_namespaces)
        .post("/api/v1/namespaces", Access::SignedIn, api::declare_namespace)
        .get("/api/v1/namespaces/{cluster}/{name}", Access::SignedIn, api::find_namespace)
        .get("/api/v1/quota-requests", Access::SignedIn, api::list_quota_requests)
        .post("/api/v1/quota-requests", Access::SignedIn, api::request_quota)
        .get("/api/v1/quota-requests/{id}", Access::SignedIn, api::find_quota_request)
        .post("/api/v1/quota-requests/{id}/approve", Access::SignedIn.fresh(), api::approve_quota_request)
        .post("/api/v1/quota-requests/{id}/deny", Access::SignedIn, api::deny_quota_request)
        .post("/api/v1/quota-requests/{id}/withdraw", Access::SignedIn, api::withdraw_quota_request)
        .get("/api/v1/environments", Access::SignedIn, api::list_environments)
        .get("/api/v1/deliveries", Access::SignedIn, api::list_deliveries)
        .get("/api/v1/delivery-changes", Access::SignedIn, api::list_changes)
        .post("/api/v1/delivery-changes", Access::SignedIn, api::request_change)
        .get("/api/v1/delivery-changes/{id}", Access::SignedIn, api::find_change)
        .post("/api/v1/delivery-changes/{id}/confirm", Access::SignedIn, api::confirm_change)
        .post("/api/v1/delivery-changes/{id}/approve", Access::SignedIn, api::approve_change)
        .post("/api/v1/delivery-changes/{id}/deny", Access::SignedIn, api::deny_change)
        .post("/api/v1/delivery-changes/{id}/withdraw", Access::SignedIn, api::withdraw_change)
        .get("/api/v1/runs", Access::SignedIn, api::list)
        .post("/api/v1/runs", Access::SignedIn, api::accept)
        .get("/api/v1/runs/{id}", Access::SignedIn, api::find)
        .get("/api/v1/runs/{id}/events", Access::SignedIn, api::events)
        .post("/api/v1/runs/{id}/cancel", Access::SignedIn, api::cancel)
        .post("/api/v1/runs/{id}/retry", Access::SignedIn, api::retry)
}

/// The addresses that `app` draws.
fn pages(state: &AppState) -> Table {
    let context = page_context(state.clone());
    generate_route_list(App).into_iter().fold(Table::new(state), |table, listing| {
        let access = match app::routes::access_of(listing.path()) {
            PageAccess::SignedIn => Access::SignedIn,
            PageAccess::Only(role) => Access::Only(role),
        };
        let page = get(render_app_async_with_context(context.clone(), App));
        let page = page.layer(from_fn_with_state(state.clone(), page_facts::find));
        table.add("GET", listing.path(), access.into(), page)
    })
}

/// What pages find in their context: who asks, the way to the data, and the names of the built files.
fn page_context(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        if let Some((seen, facts, uri)) = seen_and_address() {
            provide_context(RequestContext {
                viewer: seen.viewer,
                theme: seen.theme,
                has_demo_data: seen.has_demo_data,
                db: state.db.clone(),
                assets: state.site.assets.clone(),
                now: clock::now(),
                path: uri.path().to_owned(),
                address: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
                counts: facts.counts,
                account: AccountContext {
                    role_groups: state.role_groups.clone(),
                    session_life: state.session_life.clone(),
                    session: facts.session,
                    new_token: facts.new_token,
                },
                has_kubectl_login: state.kubectl_login.is_some(),
            });
        }
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
            return;
        };
        let policy = content_security_policy(&nonce, &state.provider_origin);
        if let Ok(value) = http::HeaderValue::from_str(&policy) {
            response.insert_header(http::header::CONTENT_SECURITY_POLICY, value);
        }
    }
}

fn seen_and_address() -> Option<(SignedIn, PageFacts, http::Uri)> {
    let parts = use_context::<http::request::Parts>()?;
    let facts = parts.extensions.get::<PageFacts>().cloned().unwrap_or_default();
    Some((parts.extensions.get::<SignedIn>()?.clone(), facts, parts.uri))
}

async fn nothing_here(request: Request) -> axum::response::Response {
    // Which addresses exist is not told to people who have not signed in.
    let access = if request.uri().path().starts_with("/api/") { Access::Public } else { Access::SignedIn };
    auth::refuse(access, &request).unwrap_or_else(|| Problem::of(ErrorKind::NotFound).into_response())
}
