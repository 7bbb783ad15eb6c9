//! Telling those who follow runs that there is something new, over one connection for all of them.

use std::time::Duration;

use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};
use uuid::Uuid;

use crate::{Db, hints::Hints};

/// News of all runs, for the followers within this process.
#[derive(Clone, Debug)]
pub struct RunNews(broadcast::Sender<Uuid>);

/// News of one run.
#[derive(Debug)]
pub struct RunFollower {
    run: Uuid,
    news: broadcast::Receiver<Uuid>,
}

/// News that nobody has taken yet; whoever falls behind further looks for himself.
const BACKLOG: usize = 1_024;
/// Hints can be lost: a follower looks this often without one.
const LOOK_AT_LEAST: Duration = Duration::from_secs(5);

impl RunNews {
    /// Hands on what the database says, until told to stop.
    pub async fn listen(&self, db: &Db, mut stop: watch::Receiver<bool>) {
        let mut hints = Hints::on(db, "run_event");
        loop {
            tokio::select! {
                hint = hints.next(LOOK_AT_LEAST) => {
                    if let Some(run) = hint.and_then(|text| text.parse().ok()) {
                        // An error means that nobody follows.
                        let _ = self.0.send(run);
                    }
                }
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    pub fn of(&self, run: Uuid) -> RunFollower {
        RunFollower { run, news: self.0.subscribe() }
    }
}

impl Default for RunNews {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl RunFollower {
    /// Rests until there may be something new.
    pub async fn next(&mut self) {
        let ours = async {
            while let Ok(run) = self.news.recv().await {
                if run == self.run {
                    return;
                }
            }
        };
        // Whether it came or not, the follower looks.
        let _ = timeout(LOOK_AT_LEAST, ours).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn news_wake_the_followers_of_their_run_alone() {
        let news = RunNews::default();
        let (ours, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut follower = news.of(ours);
        news.0.send(other).unwrap();
        assert!(timeout(Duration::from_millis(50), follower.next()).await.is_err(), "another run's news woke it");
        news.0.send(ours).unwrap();
        timeout(LOOK_AT_LEAST / 2, follower.next()).await.expect("its own news wake it");
    }

    #[tokio::test]
    async fn whoever_fell_behind_looks() {
        let news = RunNews::default();
        let mut follower = news.of(Uuid::from_u128(1));
        for other in 0..BACKLOG + 5 {
            news.0.send(Uuid::from_u128(1_000 + other as u128)).unwrap();
        }
        let begun = Instant::now();
        follower.next().await;
        assert!(begun.elapsed() < LOOK_AT_LEAST / 2, "it waited although it had missed something");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_the_database_says_arrives(pool: sqlx::PgPool) {
        let db = Db::of_pool(pool);
        let news = RunNews::default();
        let run = Uuid::from_u128(7);
        let mut follower = news.of(run);
        let (stop, stopped) = watch::channel(false);
        let listening = news.clone();
        let listener = {
            let db = db.clone();
            tokio::spawn(async move { listening.listen(&db, stopped).await })
        };
        // Until it listens, what is said is lost: said again, it arrives.
        let arrived = async {
            loop {
                sqlx::query("select pg_notify('run_event', $1)").bind(run.to_string()).execute(&db.pool).await.unwrap();
                if timeout(Duration::from_millis(200), follower.next()).await.is_ok() {
                    return;
                }
            }
        };
        timeout(LOOK_AT_LEAST, arrived).await.expect("the news arrive");
        stop.send_replace(true);
        listener.await.unwrap();
    }
}
