//! The only door of pages to the server side: who asks, and the way to the data.

use std::sync::Arc;

use backend::{
    Db,
    access::{IdHash, SessionLife},
};
use domain::access::{RoleGroups, Theme, TokenText, Viewer};
use leptos::prelude::*;
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

    pub(crate) fn frame(&self) -> Frame {
        Frame {
            assets: (*self.assets).clone(),
            theme: self.theme,
            viewer: Some(self.viewer.clone()),
            path: self.path.clone(),
            address: self.address.clone(),
            counts: self.counts,
            is_demo: self.has_demo_data,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
