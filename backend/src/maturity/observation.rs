//! Facts as collectors bring them, and how they are kept.

use domain::maturity::Samples;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Db, Result};

/// One observation of one subject, not yet kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Observation {
    /// A catalog reference.
    pub(super) subject: String,
    pub(super) name: &'static str,
    pub(super) value: Value,
    pub(super) samples: Option<Samples>,
    /// Where it can be looked up.
    pub(super) source_ref: Option<String>,
    /// None: now.
    pub(super) observed_at: Option<OffsetDateTime>,
}

/// What did not change is written again after this long, well within the hour that most rules accept.
const HEARTBEAT_SECONDS: f64 = 1_200.0;

impl Observation {
    pub(super) fn now(subject: &str, name: &'static str, value: Value, source_ref: Option<String>) -> Self {
        Self { subject: subject.to_owned(), name, value, samples: None, source_ref, observed_at: None }
    }
}

/// Keeps what is new. The same value from the same source is kept again only when the last one grows old; so are samples,
/// which grow with every turn, unless one of them is the first that did not pass.
pub(super) async fn keep(db: &Db, collector: &str, observations: &[Observation]) -> Result<u64> {
    let subjects: Vec<String> = observations.iter().map(|o| o.subject.clone()).collect();
    let names: Vec<String> = observations.iter().map(|o| o.name.to_owned()).collect();
    let values: Vec<Value> = observations.iter().map(|o| o.value.clone()).collect();
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let passed: Vec<Option<i32>> = observations.iter().map(|o| o.samples.map(|s| count(s.passed))).collect();
    let total: Vec<Option<i32>> = observations.iter().map(|o| o.samples.map(|s| count(s.total))).collect();
    let sources: Vec<Option<String>> = observations.iter().map(|o| o.source_ref.clone()).collect();
    let observed: Vec<Option<OffsetDateTime>> = observations.iter().map(|o| o.observed_at).collect();
    let kept = sqlx::query!(
        r#"insert into fact (subject, name, value, samples_passed, samples_total, source_ref, observed_at, collector)
           select new.subject, new.name, new.value, new.passed, new.total, new.source_ref,
                  coalesce(new.observed_at, now()), $1
           from unnest($2::text[], $3::text[], $4::jsonb[], $5::int[], $6::int[], $7::text[], $8::timestamptz[])
               as new (subject, name, value, passed, total, source_ref, observed_at)
           left join lateral (
               select f.value, f.samples_passed, f.samples_total, f.source_ref, f.observed_at, f.collector from fact f
               where f.subject = new.subject and f.name = new.name
               order by f.observed_at desc, f.fact_id desc limit 1
           ) as last on true
           where last.observed_at is null or last.collector <> $1
              or last.value is distinct from new.value or last.source_ref is distinct from new.source_ref
              or (last.samples_passed = last.samples_total) is distinct from (new.passed = new.total)
              or coalesce(new.observed_at, now()) - last.observed_at >= make_interval(secs => $9)"#,
        collector,
        &subjects,
        &names,
        &values,
        &passed as &[Option<i32>],
        &total as &[Option<i32>],
        &sources as &[Option<String>],
        &observed as &[Option<OffsetDateTime>],
        HEARTBEAT_SECONDS,
    )
    .execute(&db.pool)
    .await?;
    Ok(kept.rows_affected())
}
