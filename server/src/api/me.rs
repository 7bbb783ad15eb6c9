//! `GET /api/v1/me`

use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::auth::SignedIn;

/// Who asks, and what they may do.
pub async fn me(Extension(seen): Extension<SignedIn>) -> Json<Value> {
    let viewer = seen.viewer;
    let teams: Vec<Value> = viewer
        .teams
        .iter()
        .map(|team| json!({ "ref": format!("group:default/{team}"), "leads": viewer.leads(team) }))
        .collect();
    Json(json!({
        "person": { "id": viewer.person, "login": viewer.login, "name": viewer.name },
        "teams": teams,
        "roles": viewer.roles,
        "may": {
            "create_services": !viewer.teams.is_empty(),
            "approve_quota": viewer.has(domain::access::Role::Platform),
        },
    }))
}
