//! Every page and its address.

use domain::access::Role;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    pages::{
        catalog::{
            CatalogPage, EditPage, EndSourcePage, EntityChangePage, EntityDocsPage, EntityPage, EnvironmentsPage,
            ErrorsPage, GraphPage, ImportPage, MinePage, PreviewPage, RemovalPage, RemovedPage, SourcePage,
            SourcesPage, UnownedPage,
        },
        delivery::{ChangePage, DeliveriesPage},
        gallery::{GalleryPage, GalleryQuestion},
        golden_paths::{GoldenPathPage, GoldenPathsPage, PlanPage, WizardPage},
        home::HomePage,
        maturity::{MaturityPage, MaturityRulePage, ServiceMaturityPage, TeamMaturityPage},
        provisioning::{AskPage, NamespacePage, NamespacesPage, RequestsPage},
        scaffold::RunPage,
        search::SearchPage,
        settings::SettingsPage,
    },
    request::RequestContext,
    shell::Shell,
};

/// Who may ask for a page at all; what they find there is decided by the operations behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAccess {
    SignedIn,
    Only(Role),
}

/// The access of a page by its path.
pub fn access_of(path: &str) -> PageAccess {
    match path {
        "/development/components" | "/development/components/question" => PageAccess::Only(Role::Platform),
        _ => PageAccess::SignedIn,
    }
}

/// The document with the page that the address names.
#[component]
pub fn App() -> impl IntoView {
    let routes = || {
        view! {
            <Router>
                // The server answers unknown addresses itself, so no page ever falls through to this.
                <Routes fallback=|| ()>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/catalog") view=CatalogPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/mine") view=MinePage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/errors") view=ErrorsPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/unowned") view=UnownedPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/environments") view=EnvironmentsPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/removed") view=RemovedPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/import") view=ImportPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/import/:id") view=PreviewPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/sources") view=SourcesPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/sources/:id") view=SourcePage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/sources/:id/end") view=EndSourcePage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name") view=EntityPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/changes/:id") view=EntityChangePage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name/edit") view=EditPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name/remove") view=RemovalPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name/graph") view=GraphPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name/docs") view=EntityDocsPage ssr=SsrMode::Async />
                    <Route path=path!("/catalog/:kind/:namespace/:name/docs/*page") view=EntityDocsPage ssr=SsrMode::Async />
                    <Route path=path!("/golden-paths") view=GoldenPathsPage ssr=SsrMode::Async />
                    <Route path=path!("/golden-paths/:name") view=GoldenPathPage ssr=SsrMode::Async />
                    <Route path=path!("/golden-paths/:name/new") view=WizardPage ssr=SsrMode::Async />
                    <Route path=path!("/golden-paths/:name/plans/:id") view=PlanPage ssr=SsrMode::Async />
                    <Route path=path!("/delivery") view=DeliveriesPage ssr=SsrMode::Async />
                    <Route path=path!("/delivery/changes/:change") view=ChangePage ssr=SsrMode::Async />
                    <Route path=path!("/maturity") view=MaturityPage ssr=SsrMode::Async />
                    <Route path=path!("/maturity/rules/:id") view=MaturityRulePage ssr=SsrMode::Async />
                    <Route path=path!("/maturity/services/:ref") view=ServiceMaturityPage ssr=SsrMode::Async />
                    <Route path=path!("/maturity/teams/:team") view=TeamMaturityPage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning") view=NamespacesPage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning/requests") view=RequestsPage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning/:cluster/:namespace") view=NamespacePage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning/:cluster/:namespace/ask") view=AskPage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("/scaffold/:run") view=RunPage ssr=SsrMode::Async />
                    <Route path=path!("/development/components") view=GalleryPage ssr=SsrMode::Async />
                    <Route path=path!("/development/components/question") view=GalleryQuestion ssr=SsrMode::Async />
                </Routes>
            </Router>
        }
    };
    match RequestContext::current() {
        Some(context) => view! { <Shell frame=context.frame()>{routes()}</Shell> }.into_any(),
        None => routes().into_any(),
    }
}
