//! The queries of a queue, written once and checked for each table.

/// Implements [`Keys`](super::Keys) for a struct, over a table with the columns `due_at`, `failures`, `wakes`,
/// `lease_owner`, `lease_epoch` and `lease_until`. Parts that are left out, from the end:
///
/// * `scope`: a column, and the field of the struct that holds the value which the keys have there.
/// * `of_namespace`: [`InCluster`](super::InCluster) as well; selects the keys that belong to the namespace `$2` of the
///   cluster `$1`, which the struct holds as `cluster_id`.
macro_rules! keyed_table {
    ($keys:ident {
        table: $table:tt,
        key: $key:tt,
        queue: $queue:tt,
        $(scope: $column:tt = $field:ident,)?
        $(of_namespace: $of_namespace:tt,)?
    }) => {
        impl $crate::keyed_queue::Keys for $keys {
            const QUEUE: &'static str = $queue;

            async fn claim(
                &self,
                db: &$crate::Db,
                worker: &str,
                limit: i64,
            ) -> $crate::Result<Vec<$crate::keyed_queue::Claim>> {
                let rows = sqlx::query!(
                    "update " + $table + " n
                     set lease_owner = $1, lease_epoch = lease_epoch + 1, lease_until = now() + interval '15 seconds'
                     from (select " + $key + " as key from " + $table + "
                           where due_at <= now() and (lease_until is null or lease_until < now())"
                               $(+ " and " + $column + " = $3")? + "
                           order by due_at limit $2 for update skip locked) due
                     where n." + $key + " = due.key
                     returning due.key, n.lease_epoch, n.failures, n.wakes",
                    worker,
                    limit,
                    $(self.$field,)?
                )
                .fetch_all(&db.pool)
                .await?;
                let claims = rows.into_iter().map(|row| $crate::keyed_queue::Claim {
                    key: row.key,
                    epoch: row.lease_epoch,
                    failures: u32::try_from(row.failures).unwrap_or(0),
                    wakes: row.wakes,
                });
                Ok(claims.collect())
            }

            async fn next_due(&self, db: &$crate::Db) -> $crate::Result<Option<::std::time::Duration>> {
                let seconds = sqlx::query_scalar!(
                    "select extract(epoch from min(greatest(due_at, coalesce(lease_until, due_at))) - now())::float8
                     from " + $table $(+ " where " + $column + " = $1")?,
                    $(self.$field,)?
                )
                .fetch_one(&db.pool)
                .await?;
                Ok(seconds.map(|s| ::std::time::Duration::try_from_secs_f64(s).unwrap_or_default()))
            }

            async fn renew(db: &$crate::Db, claim: &$crate::keyed_queue::Claim) -> $crate::Result<bool> {
                let renewed = sqlx::query!(
                    "update " + $table + " set lease_until = now() + interval '15 seconds'
                     where " + $key + " = $1 and lease_epoch = $2 and lease_until > now()",
                    claim.key,
                    claim.epoch,
                )
                .execute(&db.pool)
                .await?;
                Ok(renewed.rows_affected() == 1)
            }

            async fn is_held(db: &$crate::Db, claim: &$crate::keyed_queue::Claim) -> $crate::Result<bool> {
                let held = sqlx::query_scalar!(
                    "select exists (select from " + $table + "
                         where " + $key + " = $1 and lease_epoch = $2 and lease_until > now() + interval '5 seconds')
                         as \"held!\"",
                    claim.key,
                    claim.epoch,
                )
                .fetch_one(&db.pool)
                .await?;
                Ok(held)
            }

            async fn fenced(
                db: &$crate::Db,
                claim: &$crate::keyed_queue::Claim,
            ) -> $crate::Result<Option<::sqlx::Transaction<'static, ::sqlx::Postgres>>> {
                let mut tx = db.pool.begin().await?;
                let held = sqlx::query_scalar!(
                    "select lease_epoch from " + $table + " where " + $key + " = $1 and lease_epoch = $2 for update",
                    claim.key,
                    claim.epoch,
                )
                .fetch_optional(&mut *tx)
                .await?;
                Ok(held.map(|_| tx))
            }

            async fn finish(
                db: &$crate::Db,
                claim: &$crate::keyed_queue::Claim,
                next: $crate::keyed_queue::Next,
            ) -> $crate::Result<()> {
                sqlx::query!(
                    "update " + $table + "
                     set lease_owner = null, lease_until = null, failures = $4,
                         due_at = case when wakes = $3 then now() + make_interval(secs => $5) else now() end
                     where " + $key + " = $1 and lease_epoch = $2",
                    claim.key,
                    claim.epoch,
                    claim.wakes,
                    i32::try_from(next.failures).unwrap_or(i32::MAX),
                    next.after.as_secs_f64(),
                )
                .execute(&db.pool)
                .await?;
                Ok(())
            }

            async fn wake(
                tx: &mut ::sqlx::Transaction<'_, ::sqlx::Postgres>,
                key: ::uuid::Uuid,
            ) -> $crate::Result<()> {
                sqlx::query!(
                    "with woken as (
                         update " + $table + " set wakes = wakes + 1, due_at = now() where " + $key + " = $1
                         returning wakes)
                     select pg_notify('" + $queue + "', '') from woken",
                    key
                )
                .execute(&mut **tx)
                .await?;
                Ok(())
            }
        }

        $(impl $crate::keyed_queue::InCluster for $keys {
            async fn wake_namespace(
                &self,
                db: &$crate::Db,
                namespace: &str,
                delay: ::std::time::Duration,
            ) -> $crate::Result<()> {
                sqlx::query!(
                    "with woken as (
                         update " + $table + "
                         set wakes = wakes + 1, due_at = least(due_at, now() + make_interval(secs => $3))
                         where " + $key + " in (" + $of_namespace + ") returning wakes)
                     select pg_notify('" + $queue + "', '') from woken",
                    self.cluster_id,
                    namespace,
                    delay.as_secs_f64(),
                )
                .execute(&db.pool)
                .await?;
                Ok(())
            }
        })?
    };
}

pub(crate) use keyed_table;
