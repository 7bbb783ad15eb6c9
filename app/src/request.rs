//! The only door of pages to the server side: who asks, and the way to the data.

use std::sync::Arc;

use backend::{
    Db,
    access::{IdHash, SessionLife},
};
use domain::access::{RoleGroups, Theme, TokenText, Viewer};
use domain::golden_paths::form::Typed;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use crate::shell::{Assets, Frame, NavCounts};

/// Put into the context of every page by the server.
#[derive(Clone, Debug)]
pub struct RequestContext {
    pub viewer: Viewer,
    pub theme: Theme,
    pub has_demo_data: bool,
    pub db: Db,
    pub assets: Arc<Assets>,
    /// Without the query string.
    pub path: String,
    /// Path and query string.
    pub address: String,
    /// When the request came in: pages read no clock.
    pub now: OffsetDateTime,
    pub counts: NavCounts,
    pub account: AccountContext,
    /// Whether kubeconfigs bring a way to sign in to the cluster.
    pub has_kubectl_login: bool,
    pub left_form: LeftForm,
}

/// What became of a form of this page that came without a sign-in that was good enough.
#[derive(Clone, Debug, Default)]
pub struct LeftForm {
    /// What was typed into it.
    pub typed: Option<Typed>,
    /// What the page says about it at its top.
    pub note: Option<SignedOutNote>,
}

/// The session had ended when a form was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOutNote {
    /// What was typed stands in the form again.
    Kept,
    /// There was nothing to type.
    Undone,
}

/// What the page of settings shows of how somebody came in.
#[derive(Clone, Debug)]
pub struct AccountContext {
    pub role_groups: Arc<RoleGroups>,
    pub session_life: SessionLife,
    /// The session of this browser.
    pub session: Option<IdHash>,
    /// A token that was made by the form a moment ago.
    pub new_token: Option<TokenText>,
}

impl RequestContext {
    /// `None` only while the list of routes is drawn up, when nobody asks for anything.
    pub(crate) fn current() -> Option<Self> {
        use_context()
    }

    /// What somebody has typed into a field of this page and sent: before they signed in again, or as its address says.
    pub(crate) fn typed(&self, field: &str) -> Option<String> {
        let left = self.left_form.typed.as_ref().and_then(|typed| typed.get(field)).map(str::to_owned);
        left.or_else(|| use_query_map().read_untracked().get(field))
    }

    pub(crate) fn frame(&self) -> Frame {
        Frame {
            assets: (*self.assets).clone(),
            theme: self.theme,
            viewer: Some(self.viewer.clone()),
            path: self.path.clone(),
            address: self.address.clone(),
            counts: self.counts,
            is_demo: self.has_demo_data,
            note: self.left_form.note,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
