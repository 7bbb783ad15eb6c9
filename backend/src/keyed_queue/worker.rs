//! The loop that works a queue off: claims what is due and rests when nothing is.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Keys, Settings, Work, turn::turn};
use crate::{Db, hints::Hints};

/// How long looks under way may take to end after a shutdown was asked for.
const DRAIN: Duration = Duration::from_secs(10);
/// Between two claims, so that a key which nobody gets does not keep the database busy.
const SHORTEST_REST: Duration = Duration::from_millis(20);

/// Works until `shutdown` turns true. Any number of workers may run beside it.
pub(crate) async fn run<W: Work>(db: Db, work: W, settings: Settings, mut shutdown: watch::Receiver<bool>) {
    let worker = Worker { db, work: Arc::new(work), settings, hint: Notify::new() };
    let mut looks = JoinSet::new();
    tokio::select! {
        () = worker.work.watch() => {}
        () = worker.listen() => {}
        () = worker.dispatch(&mut looks) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
    let drained = timeout(DRAIN, async { while looks.join_next().await.is_some() {} }).await;
    tracing::info!(queue = W::Keys::QUEUE, drained = drained.is_ok(), "a worker has stopped");
}

struct Worker<W> {
    db: Db,
    work: Arc<W>,
    settings: Settings,
    /// Something may be due.
    hint: Notify,
}

impl<W: Work> Worker<W> {
    /// Many hints that come during one claim are worth one more.
    async fn listen(&self) {
        let mut hints = Hints::on(&self.db, W::Keys::QUEUE);
        loop {
            if hints.next(self.settings.poll_every).await.is_some() {
                self.hint.notify_one();
            }
        }
    }

    async fn dispatch(&self, looks: &mut JoinSet<()>) {
        loop {
            self.work.ready().await;
            while looks.try_join_next().is_some() {}
            let free = i64::try_from(self.room().saturating_sub(looks.len())).unwrap_or(0);
            let claims = self.work.keys().claim(&self.db, &self.settings.worker, free).await;
            let claims = claims.unwrap_or_else(|error| {
                tracing::warn!(queue = W::Keys::QUEUE, %error, "nothing could be claimed");
                Vec::new()
            });
            let is_idle = claims.is_empty();
            for claim in claims {
                let (db, work) = (self.db.clone(), Arc::clone(&self.work));
                looks.spawn(async move { turn(&db, &*work, claim).await });
            }
            if is_idle {
                self.rest(looks).await;
            }
        }
    }

    fn room(&self) -> usize {
        self.work.room(self.settings.concurrency)
    }

    /// Until something is due, a hint comes, or a look ends.
    async fn rest(&self, looks: &mut JoinSet<()>) {
        let (full, longest) = (looks.len() >= self.room(), self.settings.poll_every);
        let due = self.work.keys().next_due(&self.db).await.ok().flatten();
        let pause = due.unwrap_or(longest).clamp(SHORTEST_REST, longest);
        tokio::select! {
            () = sleep(pause), if !full => {}
            () = self.hint.notified(), if !full => {}
            _ = looks.join_next(), if !looks.is_empty() => {}
        }
    }
}
