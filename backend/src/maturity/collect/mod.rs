//! Collectors: each asks one part of the world and brings facts. A new source of evidence is one more line in
//! [`collectors`] and one more file beside this one.

mod catalog;
mod cluster;
mod delivery;
mod git;
mod identity;
#[cfg(test)]
mod live;
mod release;
mod workload;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::stream::{self, StreamExt};
use tokio::{sync::watch, time::sleep};

use super::{
    levels,
    observation::{Observation, keep},
};
use crate::{Db, Result, cluster::Cluster, git_host::GitHost};

/// What a worker can ask; what is not configured is not asked, and its facts stay unknown.
#[derive(Clone, Default)]
pub struct Sources {
    pub git_host: Option<Arc<dyn GitHost>>,
    pub cluster: Option<Cluster>,
}

/// One source of evidence.
#[async_trait]
trait Collector: Send + Sync {
    fn name(&self) -> &'static str;

    /// How long one turn's evidence is good enough.
    fn every(&self) -> Duration {
        EVERY
    }

    /// An error says that the source as a whole did not answer; then nothing of this turn is kept.
    async fn collect(&self, db: &Db) -> Result<Vec<Observation>>;
}

const EVERY: Duration = Duration::from_secs(60);
/// How often a worker looks whether it is somebody's turn.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A turn that takes longer has failed.
const DEADLINE: Duration = Duration::from_secs(120);

/// The facts that some collector brings; rules need no others.
#[cfg(test)]
pub(super) const COLLECTED: [&str; 11] = [
    catalog::ENTITY,
    catalog::COMPONENTS,
    catalog::LINK,
    identity::SEEN,
    git::STATE,
    git::RELEASE,
    cluster::NAMESPACE,
    cluster::NETWORK,
    cluster::WORKLOADS,
    cluster::PODS,
    delivery::IN_SYNC,
];

/// How many subjects are looked at beside each other.
const AT_ONCE: usize = 8;

/// Looks at every subject. One that cannot be read brings nothing and holds nobody else up; when none can, the source as
/// a whole does not answer.
async fn each<S: std::fmt::Debug, F: Future<Output = Result<Vec<Observation>>>>(
    subjects: Vec<S>,
    look: impl Fn(&S) -> F,
) -> Result<Vec<Observation>> {
    let looks = stream::iter(subjects).map(|subject| {
        let looking = look(&subject);
        async move { (subject, looking.await) }
    });
    let looked: Vec<(S, Result<Vec<Observation>>)> = looks.buffer_unordered(AT_ONCE).collect().await;
    let (mut observations, mut answered, mut problem) = (Vec::new(), looked.is_empty(), None);
    for (subject, outcome) in looked {
        match outcome {
            Ok(found) => {
                answered = true;
                observations.extend(found);
            }
            Err(error) => {
                tracing::warn!(?subject, %error, "no evidence of this subject");
                problem = Some(error);
            }
        }
    }
    match problem {
        Some(error) if !answered => Err(error),
        _ => Ok(observations),
    }
}

fn collectors(sources: Sources) -> Vec<Box<dyn Collector>> {
    let mut collectors: Vec<Box<dyn Collector>> =
        vec![Box::new(catalog::Catalog), Box::new(identity::Identity), Box::new(delivery::Delivery)];
    if let Some(host) = sources.git_host {
        collectors.push(Box::new(git::Git { host }));
    }
    if let Some(cluster) = sources.cluster {
        collectors.push(Box::new(cluster::InCluster { cluster }));
    }
    collectors
}

/// Collects until `shutdown` turns true. Any number of workers may run beside it: each turn is taken by one of them.
pub async fn run(db: Db, sources: Sources, mut shutdown: watch::Receiver<bool>) {
    let collectors = collectors(sources);
    let turns = collectors.iter().map(|collector| take_turns(&db, collector.as_ref()));
    tokio::select! {
        _ = futures::future::join_all(turns) => {}
        () = levels::keep(&db) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

async fn take_turns(db: &Db, collector: &dyn Collector) {
    loop {
        match is_my_turn(db, collector).await {
            Ok(true) => turn(db, collector).await,
            Ok(false) => sleep(LOOK_EVERY).await,
            Err(error) => {
                tracing::warn!(collector = collector.name(), %error, "it cannot be seen whose turn it is");
                sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn turn(db: &Db, collector: &dyn Collector) {
    let name = collector.name();
    let collected = async {
        let observations = collector.collect(db).await?;
        keep(db, name, &observations).await
    };
    let outcome = match tokio::time::timeout(DEADLINE, collected).await {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", DEADLINE.as_secs())),
    };
    if let Err(problem) = &outcome {
        tracing::warn!(collector = name, problem, "nothing was collected");
    }
    if let Err(error) = conclude(db, name, outcome.err()).await {
        tracing::warn!(collector = name, %error, "the end of a turn could not be kept");
    }
}

/// The turn belongs to whoever moves it into the future.
async fn is_my_turn(db: &Db, collector: &dyn Collector) -> Result<bool> {
    sqlx::query!("insert into fact_collector (name) values ($1) on conflict do nothing", collector.name())
        .execute(&db.pool)
        .await?;
    let taken = sqlx::query!(
        "update fact_collector set due_at = now() + make_interval(secs => $2) where name = $1 and due_at <= now()",
        collector.name(),
        collector.every().as_secs_f64(),
    )
    .execute(&db.pool)
    .await?;
    Ok(taken.rows_affected() == 1)
}

async fn conclude(db: &Db, name: &str, problem: Option<String>) -> Result<()> {
    sqlx::query!(
        "update fact_collector set
             succeeded_at = case when $2::text is null then now() else succeeded_at end,
             failed_at = case when $2::text is null then failed_at else now() end,
             problem = $2
         where name = $1",
        name,
        problem,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Error;

    async fn looked(subjects: &[&'static str]) -> Result<Vec<Observation>> {
        each(subjects.to_vec(), |subject| {
            let subject = *subject;
            async move {
                match subject {
                    "broken" => Err(Error::internal("broken")),
                    _ => Ok(vec![Observation::now(subject, "x", json!(true), None)]),
                }
            }
        })
        .await
    }

    #[tokio::test]
    async fn one_that_cannot_be_read_holds_nobody_up() {
        assert_eq!(looked(&["a", "broken", "b"]).await.unwrap().len(), 2);
        assert_eq!(looked(&[]).await.unwrap().len(), 0);
        assert!(looked(&["broken"]).await.is_err(), "a source that answers nothing has not answered");
    }
}
