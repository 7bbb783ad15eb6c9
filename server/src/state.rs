//! What handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use backend::{Db, access::SessionLife, delivery::KubectlLogin, scaffold::RunNews};
use domain::access::RoleGroups;
use leptos::config::LeptosOptions;
use secrecy::SecretString;

use crate::{auth::Provider, config::PublicUrl, edge::Limits, shutdown::Shutdown, site::Site};

#[derive(Clone, Debug)]
pub struct AppState {
    pub db: Db,
    pub provider: Provider,
    pub public_url: PublicUrl,
    pub role_groups: Arc<RoleGroups>,
    pub session_life: SessionLife,
    pub run_news: RunNews,
    /// Scheme, host and port of the identity provider.
    pub provider_origin: Arc<str>,
    pub site: Site,
    pub shutdown: Shutdown,
    /// How people sign in to the cluster; without it their kubeconfigs say whom to ask.
    pub kubectl_login: Option<Arc<KubectlLogin>>,
    /// What events of other systems are signed with; without it none is taken.
    pub webhook_secret: Option<SecretString>,
    pub limits: Limits,
    /// Wanted by the page router; nothing of ours reads it.
    pub leptos_options: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos_options.clone()
    }
}
