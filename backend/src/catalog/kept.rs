//! Answers that hold as long as the catalog does not change. The database is asked each time how often it has changed; what
//! was worked out at that number is given again to whoever may see the same.

use std::{any::Any, fmt, sync::Arc};

use domain::access::Viewer;
use quick_cache::{Weighter, sync::Cache};

use crate::{Db, Error, Result};

/// In bytes, as far as they can be told.
const CAPACITY: u64 = 8 << 20;
/// Answers of pages with counts; larger ones make room for fewer.
const USUAL_NUMBER: usize = 1_000;

/// The answers that one process remembers.
#[derive(Clone)]
pub(crate) struct Kept(Arc<Cache<String, Answer, Size>>);

#[derive(Clone)]
struct Answer {
    size: usize,
    value: Arc<dyn Any + Send + Sync>,
}

#[derive(Clone)]
struct Size;

impl Weighter<String, Answer> for Size {
    fn weight(&self, key: &String, answer: &Answer) -> u64 {
        u64::try_from(key.len() + answer.size).unwrap_or(u64::MAX)
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(USUAL_NUMBER, CAPACITY, Size)))
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("answers", &self.0.len()).finish()
    }
}

/// The answer to a question about the catalog alone, worked out once for each state of the catalog. `asked` tells it from
/// every other question; `size` says how many bytes an answer takes.
///
/// # Errors
/// Those of the answer, which are not kept.
pub async fn kept<T, E>(
    viewer: &Viewer,
    db: &Db,
    asked: &str,
    size: impl Fn(&T) -> usize,
    answer: impl Future<Output = std::result::Result<T, E>>,
) -> std::result::Result<Arc<T>, E>
where
    T: Any + Send + Sync,
    E: From<Error>,
{
    // Before the answer is worked out: what changes meanwhile makes it newer than its number, and never older.
    let revision = revision(db).await?;
    let (readers, teams, sees_levels) = (viewer.catalog_readers(), viewer.team_references(), viewer.sees_all_levels());
    let key = format!("{revision}\n{readers:?}\n{teams:?}\n{sees_levels}\n{asked}");
    let found = db.kept.0.get_value_or_guard_async(&key).await;
    let guard = match found {
        Ok(Answer { value, .. }) => {
            let unlike = || Error::internal(format!("two kinds of answers to {asked}"));
            return Ok(value.downcast().map_err(|_| unlike())?);
        }
        Err(guard) => guard,
    };
    let value = Arc::new(answer.await?);
    // It can be refused when another took the place, and is the answer all the same.
    drop(guard.insert(Answer { size: size(&value), value: value.clone() }));
    Ok(value)
}

async fn revision(db: &Db) -> Result<i64> {
    let revision =
        sqlx::query_scalar!(r#"select coalesce(sum(changes), 0)::bigint as "revision!" from catalog_revision"#)
            .fetch_one(&db.pool)
            .await?;
    Ok(revision)
}

/// Adds up what no transaction under way can be among, so that few rows are read; the sum stays.
pub async fn add_up_revisions(db: &Db) -> Result<()> {
    sqlx::query!(
        "with past as (
             delete from catalog_revision where transaction_id < pg_snapshot_xmin(pg_current_snapshot()) returning changes
         )
         insert into catalog_revision (changes) select sum(changes) from past having count(*) > 0"
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}
