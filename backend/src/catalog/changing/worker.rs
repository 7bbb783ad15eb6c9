//! The loop that carries changes out.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};

use super::{look::Look, queue::Changes};
use crate::{
    Db, Dependency, Error,
    git_host::GitHost,
    keyed_queue::{self, Claim, Next, Settings, Stop, Work},
};

struct Keeper {
    db: Db,
    git_host: Arc<dyn GitHost>,
    keys: Changes,
}

/// A look ends itself before the queue would break it off.
const LOOK: Duration = Duration::from_secs(100);
/// While people at the Git host decide. A push into the repository makes it due at once.
const FOLLOW: Duration = Duration::from_secs(120);

/// Works until `shutdown` turns true. Any number of workers may run beside it.
pub(in crate::catalog) async fn keep_changes(
    db: Db,
    git_host: Arc<dyn GitHost>,
    settings: Settings,
    shutdown: watch::Receiver<bool>,
) {
    let keeper = Keeper { db: db.clone(), git_host, keys: Changes { is_waiting: true } };
    keyed_queue::run(db, keeper, settings, shutdown).await;
}

impl Work for Keeper {
    type Keys = Changes;
    const DEADLINE: Duration = Duration::from_secs(120);

    fn keys(&self) -> &Changes {
        &self.keys
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        let look = Look { db: &self.db, git_host: &*self.git_host, claim };
        match timeout(LOOK, look.run()).await {
            Ok(done) => done?,
            Err(_) => {
                let detail = "a change took too long".to_owned();
                return Err(Error::Unavailable { dependency: Dependency::GitHost, detail }.into());
            }
        }
        Ok(Next::audit(FOLLOW))
    }
}
