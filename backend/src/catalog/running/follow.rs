//! The worker's view of a cluster, kept as rows. It hinders nothing else: its own loop, its own failures.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use domain::catalog::running::{namespace, workload};
use futures::{StreamExt, future::join_all};
use kube::{api::DynamicObject, runtime::watcher::Event};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::{
    sync::watch,
    time::{Instant, interval, sleep},
};

use super::store::Store;
use crate::{
    Db, Result,
    cluster::{Cluster, RunningEvent, RunningKind},
    provisioning::register_cluster,
    retry::until_done,
};

/// At most so many changes go into one statement.
const MOST_AT_ONCE: usize = 500;
/// What changes meanwhile is written together.
const PAUSE: Duration = Duration::from_millis(200);
const BEAT: Duration = Duration::from_secs(20);
/// A watch that broke and says nothing since then begins anew, with a list, which tells for certain.
const PATIENCE: Duration = Duration::from_secs(30);
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Follows everything that runs in the cluster until `shutdown` turns true. Any number of workers may do so beside it.
pub async fn run(db: Db, cluster: Cluster, mut shutdown: watch::Receiver<bool>) {
    let registered = until_done("registering the cluster", &mut shutdown, || register_cluster(&db, &cluster));
    let Some((cluster_id, _)) = registered.await else { return };
    let all = RunningKind::ALL.map(|kind| follow(Store { db: &db, cluster_id, kind }, &cluster));
    tokio::select! {
        _ = join_all(all) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

/// Never ends. Whatever goes wrong, the next list puts it right.
async fn follow(store: Store<'_>, cluster: &Cluster) {
    loop {
        if let Err(error) = watch_once(&store, cluster).await {
            tracing::warn!(kind = store.kind.as_str(), %error, "what runs in the cluster could not be written down; it is listed again");
        }
        sleep(AFTER_FAILURE).await;
    }
}

/// From a list on, until the watch has been broken for too long or a row could not be written.
async fn watch_once(store: &Store<'_>, cluster: &Cluster) -> Result<()> {
    let mut events = Box::pin(cluster.watch_running(store.kind).ready_chunks(MOST_AT_ONCE));
    let mut followed = Followed::default();
    let mut beat = interval(BEAT);
    let mut broken_since: Option<Instant> = None;
    loop {
        tokio::select! {
            chunk = events.next() => {
                let Some(chunk) = chunk else { return Ok(()) };
                match chunk.last() {
                    Some(Err(error)) => {
                        tracing::debug!(cluster = cluster.name(), kind = store.kind.as_str(), %error, "watch broke off");
                        broken_since.get_or_insert_with(Instant::now);
                    }
                    _ => broken_since = None,
                }
                followed.take(store, chunk).await?;
                if followed.is_between_lists() {
                    sleep(PAUSE).await;
                }
            }
            _ = beat.tick() => match broken_since {
                Some(since) if since.elapsed() > PATIENCE && followed.is_between_lists() => return Ok(()),
                Some(_) => {}
                None => store.heard().await?,
            },
        }
    }
}

/// What is known of the objects of one kind, so that only changes of what is kept are written.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Digests of what is kept, by uid.
    known: HashMap<String, u64>,
    listing: Option<Listing>,
}

/// Written when it is complete: what is gone has to make room first, as a cluster that was made anew counts from one.
#[derive(Debug)]
struct Listing {
    began: OffsetDateTime,
    uids: HashSet<String>,
    batch: Batch,
}

/// What is to be written, the latest of each name.
#[derive(Debug, Default)]
struct Batch {
    seen: BTreeMap<(String, String), Value>,
    gone: Vec<String>,
}

/// An object, as far as it is kept.
struct Kept {
    uid: String,
    key: (String, String),
    digest: u64,
    row: Value,
}

impl Followed {
    fn is_between_lists(&self) -> bool {
        self.listing.is_none()
    }

    pub(super) async fn take(&mut self, store: &Store<'_>, events: Vec<RunningEvent>) -> Result<()> {
        let mut batch = Batch::default();
        for event in events.into_iter().flatten() {
            match event {
                Event::Init => {
                    let (began, uids) = (store.now().await?, HashSet::new());
                    self.listing = Some(Listing { began, uids, batch: Batch::default() });
                }
                Event::InitApply(object) | Event::Apply(object) => {
                    if let Some(kept) = Kept::of(store.kind, &object) {
                        self.put(&mut batch, kept);
                    }
                }
                Event::InitDone => self.end_list(store).await?,
                Event::Delete(object) => {
                    if let Some(kept) = Kept::of(store.kind, &object) {
                        self.known.remove(&kept.uid);
                        batch.drop(kept);
                    }
                }
            }
        }
        batch.write(store).await
    }

    fn put(&mut self, batch: &mut Batch, kept: Kept) {
        let batch = match &mut self.listing {
            Some(listing) => {
                listing.uids.insert(kept.uid.clone());
                &mut listing.batch
            }
            None => batch,
        };
        if self.known.insert(kept.uid, kept.digest) != Some(kept.digest) {
            batch.seen.insert(kept.key, kept.row);
        }
    }

    async fn end_list(&mut self, store: &Store<'_>) -> Result<()> {
        let Some(Listing { began, uids, batch }) = self.listing.take() else { return Ok(()) };
        self.known.retain(|uid, _| uids.contains(uid));
        store.forget_unlisted(began, &uids.into_iter().collect::<Vec<_>>()).await?;
        batch.write(store).await?;
        store.listed().await
    }
}

impl Batch {
    fn drop(&mut self, kept: Kept) {
        if self.seen.get(&kept.key).is_some_and(|row| row["uid"] == kept.uid.as_str()) {
            self.seen.remove(&kept.key);
        }
        self.gone.push(kept.uid);
    }

    /// What is gone first: another of the same name may have come since.
    async fn write(self, store: &Store<'_>) -> Result<()> {
        store.forget(&self.gone).await?;
        let seen: Vec<Value> = self.seen.into_values().collect();
        for some in seen.chunks(MOST_AT_ONCE) {
            store.keep(some).await?;
        }
        Ok(())
    }
}

impl Kept {
    fn of(kind: RunningKind, object: &DynamicObject) -> Option<Self> {
        let object = serde_json::to_value(object).ok()?;
        match kind {
            RunningKind::Namespace => {
                let mut seen = namespace(&object)?;
                let row = serde_json::to_value(&seen).ok()?;
                // The cluster's count changes with every report.
                seen.version = 0;
                Some(Self { digest: digest(&seen), uid: seen.uid, key: (String::new(), seen.name), row })
            }
            RunningKind::Workload(kind) => {
                let mut seen = workload(kind, &object)?;
                let row = serde_json::to_value(&seen).ok()?;
                seen.version = 0;
                Some(Self { digest: digest(&seen), uid: seen.uid, key: (seen.namespace, seen.name), row })
            }
        }
    }
}

fn digest(kept: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    kept.hash(&mut hasher);
    hasher.finish()
}
