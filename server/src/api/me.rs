//! `GET /api/v1/me`

use axum::{Extension, Json};
use domain::access::Role;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::SignedIn;

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    person: Person,
    teams: Vec<Team>,
    roles: Vec<Role>,
    may: May,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    id: Uuid,
    /// The account at the identity provider.
    login: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Team {
    /// Such as `group:default/payments`.
    #[serde(rename = "ref")]
    reference: String,
    leads: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct May {
    create_services: bool,
    approve_quota: bool,
}

/// `GET /api/v1/me`
pub async fn me(Extension(seen): Extension<SignedIn>) -> Json<Me> {
    let viewer = seen.viewer;
    let team = |team: &String| Team { reference: format!("group:default/{team}"), leads: viewer.leads(team) };
    Json(Me {
        teams: viewer.teams.iter().map(team).collect(),
        may: May { create_services: !viewer.teams.is_empty(), approve_quota: viewer.has(Role::Platform) },
        person: Person { id: viewer.person.0, login: viewer.login, name: viewer.name },
        roles: viewer.roles,
    })
}
