//! Levels of services that are kept, so that lists can be narrowed to them. Pages about maturity work them out when asked.

use std::{collections::BTreeMap, time::Duration};

use domain::maturity::SubjectKind;
use tokio::time::{Instant, sleep};

use super::{
    load::{Scope, Sight},
    read::evaluated,
};
use crate::{Db, Result};

const EVERY: Duration = Duration::from_secs(60);
/// How often a worker looks whether it is its turn.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Of the time that passes, this share at most goes into working levels out: in a large catalog they are older.
const SHARE: u32 = 20;

/// Keeps levels until it is dropped. Any number of workers may run beside it: each turn is taken by one of them.
pub(super) async fn keep(db: &Db) {
    loop {
        match take_turn(db).await {
            Ok(Some(took)) => sleep((took * SHARE).max(LOOK_EVERY)).await,
            Ok(None) => sleep(LOOK_EVERY).await,
            Err(error) => {
                tracing::warn!(%error, "levels were not worked out");
                sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// How long it took; `None` when it is not time yet, or another's turn.
async fn take_turn(db: &Db) -> Result<Option<Duration>> {
    let turn = sqlx::query_scalar!(
        r#"update maturity_level_turn set due_at = now() + make_interval(secs => $1) where due_at <= now()
           returning now() as "now!""#,
        EVERY.as_secs_f64(),
    )
    .fetch_optional(&db.pool)
    .await?;
    let Some(now) = turn else { return Ok(None) };
    let begun = Instant::now();
    work_out(db, now).await?;
    Ok(Some(begun.elapsed()))
}

/// Only what is another level than before is written: each write makes answers about the catalog old.
pub(super) async fn work_out(db: &Db, as_of: time::OffsetDateTime) -> Result<()> {
    let evaluated = evaluated(Sight::everything(), db, Scope::All, as_of).await?;
    let services = evaluated.of_kind(SubjectKind::Service).into_iter();
    let levels: BTreeMap<String, Option<i16>> = services
        .map(|levels| (levels.reference, levels.headline.and_then(|headline| headline.level).map(i16::from)))
        .collect();
    let mut before = BTreeMap::new();
    for row in sqlx::query!("select subject, level from maturity_level").fetch_all(&db.pool).await? {
        before.insert(row.subject, row.level);
    }
    let changed: Vec<(&String, &Option<i16>)> =
        levels.iter().filter(|(subject, level)| before.get(*subject) != Some(level)).collect();
    if !changed.is_empty() {
        let (subjects, levels): (Vec<String>, Vec<Option<i16>>) =
            changed.into_iter().map(|(subject, level)| (subject.clone(), *level)).unzip();
        sqlx::query!(
            "insert into maturity_level (subject, level) select * from unnest($1::text[], $2::smallint[])
             on conflict (subject) do update set level = excluded.level",
            &subjects,
            &levels as &[Option<i16>],
        )
        .execute(&db.pool)
        .await?;
    }
    let gone: Vec<String> = before.into_keys().filter(|subject| !levels.contains_key(subject)).collect();
    if !gone.is_empty() {
        sqlx::query!("delete from maturity_level where subject = any ($1)", &gone).execute(&db.pool).await?;
    }
    Ok(())
}
