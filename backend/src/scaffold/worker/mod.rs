//! The loop that carries runs out.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use domain::scaffold::{KillPoint, Plan, RunState, StepKind, WaitingFor};
use rand::Rng;
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    failpoint,
    lease::{self, Claimed, Lease, Lost},
    record::{self, Effect, OpenStep, Tx},
};
use crate::{Db, Error, Result, hints::Hints};

/// What a step has to work with.
#[derive(Debug)]
pub struct StepContext<'a> {
    pub db: &'a Db,
    pub run: Uuid,
    pub plan: &'a Plan,
    pub requested_by: Uuid,
    pub(super) lease: &'a Lease,
}

impl StepContext<'_> {
    /// For effects that are rows of this database: a transaction in which the lease holds, so that a run that was
    /// cancelled or taken over writes nothing more. Its ledger is written in it too.
    pub(super) async fn begin(&self) -> Result<Tx> {
        self.lease.begin(self.db).await.map_err(|lost| match lost {
            Lost::Other(error) => error,
            Lost::Lease => {
                Error::Conflict { code: "run_state", detail: "The run was cancelled, or another worker has it.".into() }
            }
        })
    }
}

/// How a step ended. Every step looks for its effect before it makes it, so it can be asked any number of times.
#[derive(Debug)]
pub enum StepOutcome {
    Done {
        /// Where people find what was made.
        link: Option<String>,
        effects: Vec<Effect>,
    },
    /// Something outside is not there yet; the run lets go and looks again.
    Wait(WaitingFor),
    /// It will not work, however often it is tried; the text says why and what to do.
    Failed(String),
}

/// The steps themselves. Tests put their own world behind the queue.
#[async_trait]
pub trait Steps: Send + Sync {
    /// What a step will try to make outside of this database. It is listed before it is tried.
    fn intended(&self, _: StepKind, _: &Plan) -> Vec<Effect> {
        vec![]
    }

    async fn carry_out(&self, kind: StepKind, context: StepContext<'_>) -> Result<StepOutcome>;
}

/// One worker. Several, in one process or many, share the queue.
#[derive(Debug)]
pub struct Worker<S> {
    pub db: Db,
    /// Who holds a lease, for people who look; rights come from the epoch alone.
    pub name: String,
    pub steps: S,
}

const HEARTBEAT: Duration = Duration::from_secs(5);
const POLL_MILLIS: u64 = 1_000;

impl<S: Steps> Worker<S> {
    /// Carries out runs until told to stop. A step under way is finished; no new one is begun.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut hints = Hints::on(&self.db, "run");
        while !*stop.borrow() {
            match self.work_once(&stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                // One failed look must not end all runs: it is said, and tried again.
                Err(error) => tracing::warn!(%error, "looking for runs failed"),
            }
            tokio::select! {
                _ = hints.next(pause()) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Claims one run and carries out what can be carried out now. False when there was none.
    pub async fn work_once(&self, stop: &watch::Receiver<bool>) -> Result<bool> {
        let Some(claimed) = lease::claim(&self.db, &self.name).await? else {
            return Ok(false);
        };
        metrics::counter!("runs_claimed_total").increment(1);
        let run = claimed.lease.run;
        match self.held(&claimed.lease, self.carry_on(&claimed, stop)).await {
            Ok(()) => {}
            Err(Lost::Lease) => tracing::info!(%run, "another worker has this run now, or it was cancelled"),
            Err(Lost::Other(error)) => tracing::warn!(%run, %error, "the run is left for the next look"),
        }
        Ok(true)
    }

    /// Keeps the lease alive while `work` goes on and drops the work the moment the lease is lost.
    async fn held(
        &self,
        lease: &Lease,
        work: impl Future<Output = std::result::Result<(), Lost>>,
    ) -> std::result::Result<(), Lost> {
        let heartbeat = async {
            let mut beat = tokio::time::interval(HEARTBEAT);
            beat.tick().await;
            loop {
                beat.tick().await;
                // A database that does not answer is not yet a lost lease; the writes decide.
                if let Ok(false) = lease.renew(&self.db).await {
                    return Lost::Lease;
                }
            }
        };
        tokio::select! {
            outcome = work => outcome,
            lost = heartbeat => Err(lost),
        }
    }

    async fn carry_on(&self, claimed: &Claimed, stop: &watch::Receiver<bool>) -> std::result::Result<(), Lost> {
        let lease = &claimed.lease;
        let mut waits = claimed.waits;
        while !*stop.borrow() {
            let mut tx = lease.begin(&self.db).await?;
            let Some(step) = record::begin_step(&mut tx, lease.run).await? else {
                record::finish(&mut tx, lease.run, RunState::Succeeded).await?;
                tx.commit().await?;
                return Ok(());
            };
            record::intend(&mut tx, lease.run, &self.steps.intended(step.kind, &claimed.plan)).await?;
            tx.commit().await?;
            failpoint::reach(step.kind, KillPoint::BeforeEffect);
            lease.check_margin(&self.db).await?;
            let outcome = self.attempt(claimed, &step).await;
            failpoint::reach(step.kind, KillPoint::AfterEffect);
            if !self.write(lease, &step, waits, outcome).await? {
                return Ok(());
            }
            waits = 0;
            failpoint::reach(step.kind, KillPoint::AfterRecord);
        }
        self.let_go(lease).await
    }

    async fn attempt(&self, claimed: &Claimed, step: &OpenStep) -> StepOutcome {
        let context = StepContext {
            db: &self.db,
            run: claimed.lease.run,
            plan: &claimed.plan,
            requested_by: claimed.requested_by,
            lease: &claimed.lease,
        };
        match self.steps.carry_out(step.kind, context).await {
            Ok(outcome) => outcome,
            Err(Error::Unavailable { dependency, detail }) => {
                tracing::warn!(run = %claimed.lease.run, %dependency, detail, "the run waits");
                StepOutcome::Wait(WaitingFor {
                    kind: dependency.code().to_owned(),
                    detail: format!("Right now {dependency} does not answer. The run goes on by itself when it does."),
                })
            }
            Err(Error::Internal { detail }) => {
                tracing::error!(run = %claimed.lease.run, step = step.name, detail, "a step failed");
                StepOutcome::Failed("Something broke on our side. It is in the log; ask the platform team.".to_owned())
            }
            Err(error) => StepOutcome::Failed(error.to_string()),
        }
    }

    /// True when the run goes on to its next step.
    async fn write(
        &self,
        lease: &Lease,
        step: &OpenStep,
        waits: u32,
        outcome: StepOutcome,
    ) -> std::result::Result<bool, Lost> {
        let mut tx = lease.begin(&self.db).await?;
        let word = match &outcome {
            StepOutcome::Done { link, effects } => {
                record::succeed_step(&mut tx, lease.run, step, link.as_deref(), effects).await?;
                "done"
            }
            StepOutcome::Wait(what) => {
                record::wait(&mut tx, lease.run, step, waits, what).await?;
                "waits"
            }
            StepOutcome::Failed(reason) => {
                record::log(&mut tx, lease.run, &step.name, reason).await?;
                record::fail(&mut tx, lease.run, step, reason).await?;
                "failed"
            }
        };
        tx.commit().await?;
        metrics::counter!("run_steps_total", "kind" => step.kind.as_str(), "outcome" => word).increment(1);
        Ok(matches!(outcome, StepOutcome::Done { .. }))
    }

    /// Gives an unfinished run back at once, so that another worker need not wait for the lease to end.
    async fn let_go(&self, lease: &Lease) -> std::result::Result<(), Lost> {
        let mut tx = lease.begin(&self.db).await?;
        record::release(&mut tx, lease.run).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Workers that rest do not all look at the same instant.
fn pause() -> Duration {
    Duration::from_millis(POLL_MILLIS - rand::rng().random_range(0..POLL_MILLIS / 4))
}

#[cfg(test)]
mod tests;
