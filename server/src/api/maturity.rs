//! `/api/v1/maturity`

use axum::{
    Extension, Json,
    extract::{Query, State},
};
use backend::{
    Error,
    maturity::{self, Basis, ScoreFilter},
};
use domain::{error::FieldError, maturity::moment};
use serde::Deserialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::{auth::SignedIn, clock, edge::Problem, state::AppState};

#[derive(Debug, Deserialize)]
pub struct ScoreQuery {
    subject: Option<String>,
    dimension: Option<String>,
    as_of: Option<String>,
    reading: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/v1/maturity/scores?subject&dimension&as_of&reading`
pub async fn maturity_scores(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ScoreQuery>,
) -> Result<Json<Value>, Problem> {
    let page = maturity::scores(&seen.viewer, &state.db, &filter(query)?, clock::now()).await?;
    let mut answer = told(&page.basis);
    answer["items"] = json!(page.items);
    answer["next_cursor"] = json!(page.next_cursor);
    Ok(Json(answer))
}

/// `GET /api/v1/maturity/explain?subject&dimension&as_of`: the outcome of each rule with the tree of what was found.
pub async fn maturity_explain(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ScoreQuery>,
) -> Result<Json<Value>, Problem> {
    let (basis, items) = maturity::explain(&seen.viewer, &state.db, &filter(query)?, clock::now()).await?;
    let mut answer = told(&basis);
    answer["items"] = json!(items);
    answer["next_cursor"] = Value::Null;
    Ok(Json(answer))
}

fn told(basis: &Basis) -> Value {
    json!({
        "as_of": basis.as_of.format(&Rfc3339).ok(),
        "model": basis.model,
        "rules_in_force": basis.rules_in_force,
        "criteria": basis.criteria,
    })
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
