//! Reading a plan.

use domain::{
    access::Viewer,
    error::FieldError,
    scaffold::{FileChange, FileStatus, Plan, PlanReview, PlanState},
};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Db, Error, Result, reference};

/// A plan as pages and programs see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanView {
    pub id: Uuid,
    /// Null until a worker has answered.
    pub hash: Option<String>,
    pub state: PlanState,
    pub golden_path: String,
    pub version: String,
    pub parameters: Value,
    #[serde(serialize_with = "reference::group")]
    pub team: String,
    #[serde(serialize_with = "reference::optional_component")]
    pub service: Option<String>,
    /// Reference of the entity that it makes.
    pub entity: Option<String>,
    #[serde(flatten)]
    pub review: PlanReview,
    /// A sentence: why there is no plan, or what has moved since.
    pub problem: Option<String>,
    /// What a worker found wrong with single parameters.
    pub errors: Vec<FieldError>,
    /// Its run, once it is applied.
    pub run: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub planned_at: Option<OffsetDateTime>,
}

/// One plan, for its team, whoever asked for it and the platform team.
pub async fn find_plan(viewer: &Viewer, db: &Db, plan: Uuid) -> Result<PlanView> {
    let row = sqlx::query!(
        r#"select p.plan_id, p.hash, p.state, p.golden_path, p.version, p.parameters, p.team, p.service, p.content, p.review,
                  p.problem, p.errors, p.created_at, p.planned_at, r.run_id as "run_id?"
           from plan p left join run r using (plan_id)
           where p.plan_id = $1 and (p.person_id = $2 or p.team = any($3) or $4)"#,
        plan,
        viewer.person.0,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_one(&db.pool)
    .await?;
    let unreadable = |what: &str| Error::internal(format!("plan {plan}: {what} is not readable"));
    let content: Option<Plan> =
        row.content.map(serde_json::from_value).transpose().map_err(|_| unreadable("content"))?;
    let review: Option<PlanReview> =
        row.review.map(serde_json::from_value).transpose().map_err(|_| unreadable("review"))?;
    let mut review = review.unwrap_or_default();
    review.files = content.iter().flat_map(files).collect();
    Ok(PlanView {
        id: row.plan_id,
        hash: row.hash,
        state: PlanState::parse(&row.state).ok_or_else(|| unreadable("state"))?,
        golden_path: row.golden_path,
        version: row.version,
        parameters: row.parameters,
        team: row.team,
        service: row.service,
        entity: content.map(|plan| plan.entity.reference.to_string()),
        review,
        problem: row.problem,
        errors: serde_json::from_value(row.errors).map_err(|_| unreadable("errors"))?,
        run: row.run_id,
        created_at: row.created_at,
        planned_at: row.planned_at,
    })
}

/// The repository is new, so every file is.
fn files(plan: &Plan) -> Vec<FileChange> {
    let change = |file: &domain::scaffold::PlannedFile| FileChange {
        path: file.path.as_str().to_owned(),
        status: FileStatus::Added,
        diff: added(file.path.as_str(), &file.content),
        size: file.content.len() as u64,
        why: format!("Made by {} {} from your input.", plan.golden_path, plan.version),
    };
    plan.files.iter().map(change).collect()
}

/// A unified diff that adds every line, as `git diff` writes one.
fn added(path: &str, content: &str) -> String {
    let lines: Vec<&str> = content.split_inclusive('\n').collect();
    let mut diff = format!("--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{} @@\n", lines.len());
    for line in lines {
        diff.push('+');
        diff.push_str(line);
        if !line.ends_with('\n') {
            diff.push_str("\n\\ No newline at end of file\n");
        }
    }
    diff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_all_additions() {
        assert_eq!(added("a", "x\ny\n"), "--- /dev/null\n+++ b/a\n@@ -0,0 +1,2 @@\n+x\n+y\n");
        assert!(added("a", "x").ends_with("+x\n\\ No newline at end of file\n"));
    }
}
