//! Home: what needs me.

use domain::access::Viewer;
use leptos::prelude::*;

use crate::{
    components::{EmptyState, PageHeader, Sentence},
    request::RequestContext,
};

#[component]
pub fn HomePage() -> impl IntoView {
    RequestContext::current().map(|context| view! { <Home viewer=context.viewer /> })
}

#[component]
fn Home(viewer: Viewer) -> impl IntoView {
    if viewer.is_outsider() {
        return view! { <NothingYet viewer=viewer /> }.into_any();
    }
    view! {
        <PageHeader title="Nothing needs you">
            <Sentence slot>"You are signed in as " {viewer.name} "."</Sentence>
        </PageHeader>
    }
    .into_any()
}

/// Somebody without team and role is told so, and whom to ask.
#[component]
fn NothingYet(viewer: Viewer) -> impl IntoView {
    view! {
        <PageHeader title="There is nothing for you yet">
            <Sentence slot>
                "You are signed in as " {viewer.name} ", and your account " <strong>{viewer.login}</strong>
                " belongs to no team that Waymark knows."
            </Sentence>
        </PageHeader>
        <EmptyState sentence="Ask the lead of your team, or the platform team, to add your account to your team's group at the identity provider. Then sign out and in again." />
    }
}
