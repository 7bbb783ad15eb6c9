//! The connection to Postgres.

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Error, MIGRATOR, Result, catalog::Kept};

/// Where the database is and how many connections one process may hold.
#[derive(Clone)]
pub struct DbSettings {
    /// `postgres://…`
    pub url: String,
    pub max_connections: u32,
}

/// A cheap handle to the database; clones share one pool.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pool: PgPool,
    pub(crate) kept: Kept,
}

/// How long a request waits for a free connection before it is told that the database does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection that rested longer than this may be half open: it is asked first, with a deadline of its own.
const REST: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_millis(300);
/// How long `migrate` waits for another migration under way, in milliseconds.
const MIGRATION_LOCK_MS: &str = "60000";

impl Db {
    /// Connects lazily: the process starts, and says that it is not ready, while the database is away.
    pub fn connect(settings: &DbSettings) -> Result<Self> {
        let options = connect_options(&settings.url)?.options([
            ("TimeZone", "UTC"),
            ("statement_timeout", "5000"),
            ("lock_timeout", "2000"),
            ("idle_in_transaction_session_timeout", "15000"),
            // What a request reads is read sooner than a plan is compiled.
            ("jit", "off"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(settings.max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for < REST {
                        return Ok(true);
                    }
                    Ok(matches!(tokio::time::timeout(PING_TIMEOUT, connection.ping()).await, Ok(Ok(()))))
                })
            })
            .connect_lazy_with(options);
        Ok(Self::of_pool(pool))
    }

    /// A handle that remembers nothing yet.
    pub fn of_pool(pool: PgPool) -> Self {
        Self { pool, kept: Kept::default() }
    }

    /// Answers when the database does and has the schema that this program was built with.
    pub async fn is_ready(&self) -> Result<()> {
        let applied = sqlx::query_scalar!("select max(version) from _sqlx_migrations where success")
            .fetch_one(&self.pool)
            .await?;
        let wanted = MIGRATOR.iter().map(|m| m.version).max();
        if applied == wanted {
            return Ok(());
        }
        Err(Error::internal(format!(
            "the schema is at {applied:?} and this program needs {wanted:?}: run waymark migrate"
        )))
    }
}

/// Applies the migrations that are missing, over a connection of its own without the limits of requests.
pub async fn migrate(url: &str) -> Result<usize> {
    let options = connect_options(url)?.options([("TimeZone", "UTC"), ("lock_timeout", MIGRATION_LOCK_MS)]);
    let mut connection = PgConnection::connect_with(&options).await?;
    let before = applied_count(&mut connection).await;
    MIGRATOR.run(&mut connection).await.map_err(|e| Error::internal(format!("migration: {e}")))?;
    let after = applied_count(&mut connection).await;
    connection.close().await?;
    Ok(after.saturating_sub(before))
}

/// Zero before the first migration, when the table of migrations is not there yet.
async fn applied_count(connection: &mut PgConnection) -> usize {
    sqlx::query_scalar::<_, i64>("select count(*) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await
        .ok()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0)
}

fn connect_options(url: &str) -> Result<PgConnectOptions> {
    PgConnectOptions::from_str(url).map_err(|e| Error::internal(format!("DATABASE_URL: {e}")))
}
