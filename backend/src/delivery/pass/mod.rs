//! One look at one repository: carry out what people agreed to, put right what the engine is told, read what it says.

mod apply;
mod changes;
mod conclude;
mod credential;
mod history;
mod look;
mod overlay;
mod pin;
mod prepare;
mod push;
mod pushes;
mod reading;
mod tree;
mod unreleased;
mod webhook;

use tree::Trees;

use super::{
    load::{self, Place, Source},
    queue::Sources,
    record,
};
use crate::{
    Db,
    cluster::{Cluster, Failure},
    git_host::{GitHost, Webhook},
    keyed_queue::{Claim, Keys, Stop, held},
};

/// How a pass ended that ran to its end.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Everything runs as it should, and the engine tells of pushes.
    Settled,
    /// Everything runs as it should, and a push is seen by looking alone.
    Pinned,
    /// Something is under way; another look soon is worth it.
    Moving,
    /// Some place could not be put right.
    Failed(Option<Failure>),
    /// Nothing is delivered from it.
    Gone,
}

pub(super) struct Pass<'a> {
    pub(super) db: &'a Db,
    pub(super) cluster: &'a Cluster,
    pub(super) git_host: &'a dyn GitHost,
    pub(super) claim: &'a Claim,
    /// How often the engine asks the Git host, in seconds.
    pub(super) interval: u32,
    /// By which the Git host tells of pushes; without one they are found by looking.
    pub(super) webhook: Option<&'a Webhook>,
}

impl Pass<'_> {
    pub(super) async fn run(&self) -> Result<Outcome, Stop> {
        let Some(mut source) = self.load().await? else { return Ok(Outcome::Gone) };
        let (clone_url, web_url) =
            (self.git_host.clone_url(&source.repository), self.git_host.web_url(&source.repository));
        held(record::addresses(self.db, self.claim, clone_url.as_str(), web_url.as_str()).await?)?;
        // What people agreed to does not wait for a cluster that is away.
        let repository = source.repository.clone();
        let trees = Trees::of(self.git_host, &repository);
        let pushed = changes::carry_out(self, &source, &trees).await?;
        if pushed.is_some() {
            // A change of production has moved its pin.
            let Some(again) = self.load().await? else { return Ok(Outcome::Gone) };
            source = again;
        }
        let mut seen = look::before(self, &source).await?;
        pin::adopt(self, &mut source, &mut seen).await?;
        credential::ensure(self, &source, &mut seen).await?;
        let head = pushes::head(self, &source).await?;
        for (place, seen) in source.places.iter().zip(&mut seen) {
            apply::put_right(self, place, seen).await?;
            if let Some(commit) = pushed.as_deref().filter(|_| seen.is_in_order()) {
                self.guard().await?;
                seen.attempt(self.cluster.request_sync(place.namespace(), commit).await)?;
            }
            if let Some(head) = &head {
                pushes::tell(self, place, seen, head).await?;
            }
            look::running(self, place, seen).await?;
        }
        if head.is_some() {
            pushes::told(self, &source, &seen).await?;
        }
        history::follow(self, &source, &trees, &seen).await?;
        let outcome = conclude::conclude(self, &source, seen).await?;
        webhook::ensure(self, &source).await?;
        Ok(outcome)
    }

    async fn load(&self) -> Result<Option<Source>, Stop> {
        let clone_url = |name: &_| self.git_host.clone_url(name).to_string();
        Ok(load::load(self.db, self.claim.key, clone_url, self.interval).await?)
    }

    /// Before every write to the outside.
    async fn guard(&self) -> Result<(), Stop> {
        held(Sources::is_held(self.db, self.claim).await?)
    }
}
