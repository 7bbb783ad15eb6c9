//! Whether what runs is what Git says, sampled once a turn and told as a share of the last seven days.

use async_trait::async_trait;
use domain::maturity::Samples;
use serde_json::json;

use super::{Collector, Observation};
use crate::{Db, Result};

pub(super) const IN_SYNC: &str = "gitops.in_sync";
const WINDOW_DAYS: i32 = 7;
/// What delivery itself has not looked at for longer is no sample.
const FRESH_SECONDS: f64 = 600.0;
/// Samples are kept for twice the window.
const KEPT_DAYS: i32 = 14;

pub(super) struct Delivery;

#[async_trait]
impl Collector for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    async fn collect(&self, db: &Db) -> Result<Vec<Observation>> {
        sample(db).await?;
        let shares = sqlx::query!(
            r#"select subject, sum(passed)::int as "passed!", sum(total)::int as "total!" from fact_sample
               where name = $1 and hour > now() - make_interval(days => $2) group by subject"#,
            IN_SYNC,
            WINDOW_DAYS,
        )
        .fetch_all(&db.pool)
        .await?;
        let told = shares.into_iter().map(|share| {
            let count = |count: i32| u32::try_from(count).unwrap_or(0);
            let samples = Samples { passed: count(share.passed), total: count(share.total) };
            let source = Some(format!("{WINDOW_DAYS} days of delivery"));
            Observation { samples: Some(samples), ..Observation::now(&share.subject, IN_SYNC, json!(null), source) }
        });
        Ok(told.collect())
    }
}

/// One sample for each service with a production namespace: good when everything there is delivered, in sync and ready.
async fn sample(db: &Db) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    sqlx::query!(
        r#"insert into fact_sample (subject, name, hour, passed, total)
           select 'component:default/' || n.service, $1, date_trunc('hour', now()),
                  bool_and(d.delivery_id is not null and d.synced_commit is not distinct from d.desired_commit
                           and coalesce(d.observed #>> '{sync,ready,status}' = 'True', false))::int, 1
           from tenant_namespace n left join delivery d on d.namespace_id = n.namespace_id
           where n.environment = 'prod'
             and (d.delivery_id is null or d.observed_at > now() - make_interval(secs => $2))
           group by n.service
           on conflict (subject, name, hour) do update
               set passed = fact_sample.passed + excluded.passed, total = fact_sample.total + 1"#,
        IN_SYNC,
        FRESH_SECONDS,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from fact_sample where hour < now() - make_interval(days => $1)", KEPT_DAYS)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
