//! The loops that read the Git host: sources, imports, and which repositories there are.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};
use url::Url;

use super::{
    address::Host,
    list_repositories::{declare_host, list_repositories},
    look::Look,
    queue::{Imports, RepositoryHosts, Sources},
};
use crate::{
    Db,
    catalog::changing,
    git_host::{GitHost, Webhook},
    keyed_queue::{self, Claim, Next, Settings, Stop, Work},
    retry::until_done,
};

/// How one worker behaves.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Stands with each lease; any text that tells workers apart.
    pub worker: String,
    /// The root of the Git host.
    pub git_url: Url,
    /// Sources under way at once.
    pub concurrency: usize,
    /// Each source is looked at after this long, more or less a tenth, where nothing tells of a push.
    pub look_every: Duration,
    pub list_every: Duration,
    /// Where the host tells of pushes; none where it cannot reach this platform.
    pub webhook: Option<Webhook>,
    /// The longest rest of an idle worker; a hint from the database ends it sooner.
    pub poll_every: Duration,
}

impl WorkerSettings {
    pub fn new(worker: String, git_url: Url) -> Self {
        Self {
            worker,
            git_url,
            concurrency: 4,
            look_every: Duration::from_secs(120),
            list_every: Duration::from_secs(60),
            webhook: None,
            poll_every: Duration::from_secs(5),
        }
    }
}

/// What all loops share.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) db: Db,
    pub(super) git_host: Arc<dyn GitHost>,
    pub(super) host: Host,
}

struct SourceKeeper {
    reader: Reader,
    keys: Sources,
    look_every: Duration,
    webhook: Option<Webhook>,
}

struct ImportKeeper {
    reader: Reader,
    keys: Imports,
}

struct HostKeeper {
    reader: Reader,
    keys: RepositoryHosts,
    list_every: Duration,
}

/// A look ends itself before the queue would break it off, so that it can say so.
const LOOK: Duration = Duration::from_secs(100);
/// While somebody reads a preview.
const IMPORT_POLL: Duration = Duration::from_secs(30);

/// Works until `shutdown` turns true. Any number of workers may run beside it.
pub async fn run(db: Db, git_host: Arc<dyn GitHost>, settings: WorkerSettings, mut shutdown: watch::Receiver<bool>) {
    let WorkerSettings { worker, git_url, concurrency, look_every, list_every, webhook, poll_every } = settings;
    let Some(host) = Host::new(git_url.as_str()) else {
        tracing::error!("the address of the Git host is not one that is read from");
        return;
    };
    let declared = until_done("writing the Git host down", &mut shutdown, || declare_host(&db, host.as_str()));
    if declared.await.is_none() {
        return;
    }
    let reader = Reader { db: db.clone(), git_host, host };
    let sources = SourceKeeper { reader: reader.clone(), keys: Sources { is_living: true }, look_every, webhook };
    let imports = ImportKeeper { reader: reader.clone(), keys: Imports { is_waiting: true } };
    let hosts = HostKeeper { reader: reader.clone(), keys: RepositoryHosts { is_only: true }, list_every };
    let settings = Settings { worker, concurrency, poll_every };
    let changes = changing::keep_changes(db.clone(), reader.git_host.clone(), settings.clone(), shutdown.clone());
    tokio::join!(
        changes,
        keyed_queue::run(db.clone(), sources, settings.clone(), shutdown.clone()),
        keyed_queue::run(db.clone(), imports, settings.clone(), shutdown.clone()),
        keyed_queue::run(db, hosts, Settings { concurrency: 1, ..settings }, shutdown),
    );
}

impl Work for SourceKeeper {
    type Keys = Sources;
    const DEADLINE: Duration = Duration::from_secs(120);

    fn keys(&self) -> &Sources {
        &self.keys
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        let look = Look::<Sources>::new(&self.reader, claim);
        match timeout(LOOK, look.run()).await {
            Ok(done) => done?,
            Err(_) => look.too_slow().await?,
        }
        if let Some(webhook) = &self.webhook {
            look.ensure_webhook(webhook).await?;
        }
        Ok(Next::audit(self.look_every))
    }
}

impl Work for ImportKeeper {
    type Keys = Imports;
    const DEADLINE: Duration = Duration::from_secs(120);

    fn keys(&self) -> &Imports {
        &self.keys
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        let look = Look::<Imports>::new(&self.reader, claim);
        match timeout(LOOK, look.run()).await {
            Ok(done) => done?,
            Err(_) => look.too_slow().await?,
        }
        Ok(Next::audit(IMPORT_POLL))
    }
}

impl Work for HostKeeper {
    type Keys = RepositoryHosts;
    const DEADLINE: Duration = Duration::from_secs(300);

    fn keys(&self) -> &RepositoryHosts {
        &self.keys
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        list_repositories(&self.reader.db, &*self.reader.git_host, claim).await?;
        Ok(Next::audit(self.list_every))
    }
}
