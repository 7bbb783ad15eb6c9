//! Reading runs.

use domain::{
    access::Viewer,
    scaffold::{RunState, StepState},
};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Db, Error, Result, reference};

/// A run as pages and programs see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunView {
    pub id: Uuid,
    pub state: RunState,
    /// `{kind, detail, since}`
    pub waiting_for: Option<Value>,
    pub plan_id: Uuid,
    #[serde(serialize_with = "reference::group")]
    pub team: String,
    pub golden_path: String,
    /// Reference of the entity that it makes.
    pub entity: String,
    pub requested_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    pub steps: Vec<StepView>,
    pub effects: Vec<EffectView>,
    /// Number of the last event that this view already shows.
    #[serde(skip)]
    pub last_event: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepView {
    pub id: String,
    pub name: String,
    pub state: StepState,
    pub attempt: i32,
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    pub error: Option<String>,
    pub link: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EffectView {
    pub kind: String,
    pub target: String,
    pub external_id: Option<String>,
    pub url: Option<String>,
    /// Null while it is not known whether it was made.
    pub made_by_this_run: Option<bool>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Which runs to list; everything that is set must match.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub state: Option<RunState>,
    /// Only those that the viewer started.
    pub mine: bool,
    /// Only those older than this run, for the next page.
    pub after: Option<Uuid>,
    pub limit: i64,
}

/// One line of the stream that follows a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub seq: i64,
    pub kind: EventKind,
    pub data: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    Step,
    Log,
    State,
}

impl EventKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Log => "log",
            Self::State => "state",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        [Self::Step, Self::Log, Self::State]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| Error::internal(format!("unknown event kind {word:?}")))
    }
}

struct RunRow {
    run_id: Uuid,
    state: String,
    waiting_for: Option<Value>,
    plan_id: Uuid,
    team: String,
    golden_path: String,
    entity: Option<String>,
    requested_by: String,
    created_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
}

impl RunRow {
    fn view(self) -> Result<RunView> {
        Ok(RunView {
            id: self.run_id,
            state: self.state.parse().map_err(|e| Error::internal(format!("run {}: {e}", self.run_id)))?,
            waiting_for: self.waiting_for,
            plan_id: self.plan_id,
            team: self.team,
            golden_path: self.golden_path,
            entity: self.entity.unwrap_or_default(),
            requested_by: self.requested_by,
            created_at: self.created_at,
            finished_at: self.finished_at,
            steps: Vec::new(),
            effects: Vec::new(),
            last_event: 0,
        })
    }
}

/// One run with its steps and effects, for its team, whoever started it and the platform team.
pub async fn find(viewer: &Viewer, db: &Db, run: Uuid) -> Result<RunView> {
    let row = sqlx::query_as!(
        RunRow,
        "select r.run_id, r.state, r.waiting_for, r.plan_id, r.team, p.golden_path,
                p.entity, person.login as requested_by, r.created_at, r.finished_at
         from run r join plan p using (plan_id) join person on person.person_id = r.person_id
         where r.run_id = $1 and (r.person_id = $2 or r.team = any($3) or $4)",
        run,
        viewer.person.0,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_one(&db.pool)
    .await?;
    let mut view = row.view()?;
    // Read before the rest: an event that is shown and still sent costs a redraw, one that is missed costs the truth.
    view.last_event =
        sqlx::query_scalar!(r#"select coalesce(max(seq), 0) as "seq!" from run_event where run_id = $1"#, run)
            .fetch_one(&db.pool)
            .await?;
    fill(db, std::slice::from_mut(&mut view)).await?;
    Ok(view)
}

/// Puts steps and effects into runs that the viewer may see.
async fn fill(db: &Db, views: &mut [RunView]) -> Result<()> {
    let runs: Vec<Uuid> = views.iter().map(|view| view.id).collect();
    let steps = sqlx::query!(
        "select run_id, position, name, state, attempt, started_at, finished_at, error, link from run_step
         where run_id = any($1) order by run_id, position",
        &runs
    )
    .fetch_all(&db.pool)
    .await?;
    for row in steps {
        let Some(view) = views.iter_mut().find(|view| view.id == row.run_id) else { continue };
        view.steps.push(StepView {
            id: row.position.to_string(),
            state: row.state.parse().map_err(|e| Error::internal(format!("run {}: {e}", row.run_id)))?,
            name: row.name,
            attempt: row.attempt,
            started_at: row.started_at,
            finished_at: row.finished_at,
            error: row.error,
            link: row.link,
        });
    }
    let effects = sqlx::query!(
        "select run_id, kind, target, external_id, url, made_by_this_run, at from effect
         where run_id = any($1) order by at, kind, target",
        &runs
    )
    .fetch_all(&db.pool)
    .await?;
    for row in effects {
        let Some(view) = views.iter_mut().find(|view| view.id == row.run_id) else { continue };
        view.effects.push(EffectView {
            kind: row.kind,
            target: row.target,
            external_id: row.external_id,
            url: row.url,
            made_by_this_run: row.made_by_this_run,
            at: row.at,
        });
    }
    Ok(())
}

/// Runs, newest first.
pub async fn list(viewer: &Viewer, db: &Db, filter: &RunFilter) -> Result<Vec<RunView>> {
    let rows = sqlx::query_as!(
        RunRow,
        "select r.run_id, r.state, r.waiting_for, r.plan_id, r.team, p.golden_path,
                p.entity, person.login as requested_by, r.created_at, r.finished_at
         from run r join plan p using (plan_id) join person on person.person_id = r.person_id
         where (r.person_id = $1 or r.team = any($2) or $3)
           and ($4::text is null or r.state = $4)
           and (not $5 or r.person_id = $1)
           and ($6::uuid is null or (r.created_at, r.run_id) < (select created_at, run_id from run where run_id = $6))
         order by r.created_at desc, r.run_id desc limit $7",
        viewer.person.0,
        &viewer.teams,
        viewer.sees_all_teams(),
        filter.state.map(|state| state.to_string()),
        filter.mine,
        filter.after,
        filter.limit.clamp(1, 100),
    )
    .fetch_all(&db.pool)
    .await?;
    let mut views: Vec<RunView> = rows.into_iter().map(RunRow::view).collect::<Result<_>>()?;
    fill(db, &mut views).await?;
    Ok(views)
}

/// What happened in a run after the given number. Permission is asked for each time: it may end while somebody follows.
pub async fn events_after(viewer: &Viewer, db: &Db, run: Uuid, seq: i64) -> Result<Vec<Event>> {
    let rows = sqlx::query!(
        "select e.seq, e.kind, e.data from run_event e join run r using (run_id)
         where r.run_id = $1 and e.seq > $2 and (r.person_id = $3 or r.team = any($4) or $5)
         order by e.seq limit 500",
        run,
        seq,
        viewer.person.0,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(|row| Ok(Event { seq: row.seq, kind: EventKind::parse(&row.kind)?, data: row.data })).collect()
}
