//! How much waits for workers, and for how long: what an operator watches.

use crate::{Db, Result};

/// One queue at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueDepth {
    pub queue: String,
    /// What a worker could take up now and none has.
    pub pending: i64,
    /// How long the first of them has been due, in seconds; nothing where nothing waits.
    pub oldest_seconds: f64,
}

/// Every queue, with a zero where nothing waits.
pub async fn queue_depths(db: &Db) -> Result<Vec<QueueDepth>> {
    let rows = sqlx::query!(
        r#"select queue as "queue!", count(due_at) as "pending!",
               coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as "oldest_seconds!"
           from (
               select 'runs' as queue, not_before as due_at from run
               where state in ('queued', 'running', 'waiting') and not_before <= now()
                   and (lease_until is null or lease_until < now())
               union all select 'plans', created_at from plan where state = 'planning'
               union all select 'provisioning', due_at from tenant_namespace
               where due_at <= now() and (lease_until is null or lease_until < now())
               union all select 'delivery', due_at from delivery_source
               where due_at <= now() and (lease_until is null or lease_until < now())
               union all select 'catalog_source', due_at from catalog_source
               where is_living and due_at <= now() and (lease_until is null or lease_until < now())
               union all select 'catalog_import', due_at from catalog_import
               where is_waiting and due_at <= now() and (lease_until is null or lease_until < now())
               union all select 'catalog_change', due_at from catalog_change
               where is_waiting and due_at <= now() and (lease_until is null or lease_until < now())
               union all select unnest(array['runs', 'plans', 'provisioning', 'delivery', 'catalog_source',
                                             'catalog_import', 'catalog_change']), null
           ) waiting group by queue order by queue"#
    )
    .fetch_all(&db.pool)
    .await?;
    let depth = |queue, pending, oldest_seconds| QueueDepth { queue, pending, oldest_seconds };
    Ok(rows.into_iter().map(|row| depth(row.queue, row.pending, row.oldest_seconds)).collect())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    async fn of_sources(db: &Db) -> QueueDepth {
        let depths = queue_depths(db).await.unwrap();
        assert_eq!(depths.len(), 7);
        depths.into_iter().find(|depth| depth.queue == "catalog_source").unwrap()
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_is_due_and_what_a_worker_has_are_told_apart(pool: PgPool) {
        let db = Db::of_pool(pool.clone());
        let nothing = of_sources(&db).await;
        assert_eq!((nothing.pending, nothing.oldest_seconds), (0, 0.0));
        let make = "insert into catalog_source (origin, kind, repository, branch, path, due_at)
                    select n::text, 'git', 'a/' || n, 'main', 'catalog-info.yaml', now() - make_interval(mins => n)
                    from generate_series(-1, 2) n";
        sqlx::query(make).execute(&pool).await.unwrap();
        let found = of_sources(&db).await;
        assert_eq!(found.pending, 3);
        assert!((119.0..140.0).contains(&found.oldest_seconds), "{found:?}");
        sqlx::query("update catalog_source set lease_owner = 'w', lease_until = now() + interval '1 minute'")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(of_sources(&db).await.pending, 0);
    }
}
