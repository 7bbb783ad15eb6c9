//! `/api/v1/maturity`

use axum::{
    Extension, Json,
    extract::{Query, State},
};
use backend::{
    Error,
    maturity::{self, Basis, ScoreFilter},
};
use domain::{
    error::FieldError,
    maturity::{Explained, Score, moment},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::Page;
use crate::{auth::SignedIn, clock, edge::Problem, state::AppState};

#[derive(Debug, Deserialize, IntoParams)]
pub struct ScoreQuery {
    subject: Option<String>,
    dimension: Option<String>,
    as_of: Option<String>,
    reading: Option<String>,
    cursor: Option<String>,
}

/// On what every level rests, and when it was computed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Told {
    #[serde(with = "time::serde::rfc3339")]
    as_of: OffsetDateTime,
    /// Two answers with the same one were computed by the same rules.
    model: &'static str,
    rules_in_force: usize,
    /// Of the whole model.
    criteria: usize,
}

/// A list with what stands beside it.
#[derive(Debug, Serialize)]
pub struct Judged<T> {
    #[serde(flatten)]
    told: Told,
    #[serde(flatten)]
    page: Page<T>,
}

impl Told {
    fn of(basis: &Basis) -> Self {
        Self { as_of: basis.as_of, model: basis.model, rules_in_force: basis.rules_in_force, criteria: basis.criteria }
    }
}

/// `GET /api/v1/maturity/scores?subject&dimension&as_of&reading`
pub async fn maturity_scores(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ScoreQuery>,
) -> Result<Json<Judged<Score>>, Problem> {
    let page = maturity::scores(&seen.viewer, &state.db, &filter(query)?, clock::now()).await?;
    Ok(Json(Judged { told: Told::of(&page.basis), page: Page { items: page.items, next_cursor: page.next_cursor } }))
}

/// `GET /api/v1/maturity/explain?subject&dimension&as_of`: the outcome of each rule with the tree of what was found.
pub async fn maturity_explain(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ScoreQuery>,
) -> Result<Json<Judged<Explained>>, Problem> {
    let (basis, items) = maturity::explain(&seen.viewer, &state.db, &filter(query)?, clock::now()).await?;
    Ok(Json(Judged { told: Told::of(&basis), page: Page::whole(items) }))
}

fn filter(query: ScoreQuery) -> Result<ScoreFilter, Error> {
    let as_of = match &query.as_of {
        None => None,
        Some(text) => Some(moment(text).ok_or_else(|| {
            let message = "Write a time such as 2026-05-01T00:00:00Z or a date such as 2026-05-01.";
            Error::Invalid(vec![FieldError::new("/as_of", message)])
        })?),
    };
    Ok(ScoreFilter {
        subject: query.subject,
        dimension: query.dimension,
        reading: query.reading,
        as_of,
        after: query.cursor,
    })
}
