//! The loop that answers plans.

use std::{sync::Arc, time::Duration};

use domain::{
    catalog::{EntityRef, Name},
    error::FieldError,
    golden_paths::PathContext,
    scaffold::{EffectKind, Plan, PlanReview, PlannedEffect},
};
use time::OffsetDateTime;
use tokio::{sync::watch, time::timeout};

use super::{
    compose::{self, Subject},
    gates, names,
    queue::{self, Claimed},
    verdicts::{self, Verdicts},
};
use crate::{
    Db, Error, Result,
    cluster::Cluster,
    git_host::GitHost,
    golden_paths::{self, PlanError},
    hints::Hints,
    kustomize::Kustomize,
    provisioning::Preview,
    renderer::Renderer,
};

/// What plans are made with.
#[derive(Clone, Debug)]
pub struct PlannerSettings {
    /// Of the Git host, without a slash at its end.
    pub git_url: String,
    /// Where new namespaces stand.
    pub cluster: String,
    pub starter: StarterImage,
    /// Repositories get a webhook.
    pub makes_webhooks: bool,
}

/// What runs until the first build of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarterImage {
    /// Without tag or digest.
    pub name: String,
    /// `sha256:` and 64 hex digits.
    pub digest: String,
}

/// Answers plans. Several, in one process or many, share the queue.
pub struct Planner {
    pub db: Db,
    pub git_host: Arc<dyn GitHost>,
    /// Without one, objects stay unverified, and the plan says so.
    pub cluster: Option<Cluster>,
    pub renderer: Renderer,
    pub kustomize: Kustomize,
    pub settings: PlannerSettings,
}

const POLL: Duration = Duration::from_secs(1);
/// Shorter than a claim.
const PATIENCE: Duration = Duration::from_secs(50);
const MOST_ATTEMPTS: i32 = 3;
const BROKEN: &str = "Something broke on our side while this was planned. It is in the log; ask the platform team.";

/// Why there is no plan.
enum Refusal {
    /// With a sentence, and what is wrong with single parameters.
    Input(String, Vec<FieldError>),
    Ours(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(errors) => Self::Input("Some of the input needs a change.".to_owned(), errors),
            other => Self::Ours(other),
        }
    }
}

impl std::fmt::Debug for Planner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Planner").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Planner {
    /// Answers plans until told to stop.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut hints = Hints::on(&self.db, "plan_asked");
        while !*stop.borrow() {
            match self.work_once().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "looking for plans failed"),
            }
            tokio::select! {
                _ = hints.next(POLL) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Answers one plan. False when none was asked for.
    pub async fn work_once(&self) -> Result<bool> {
        let Some(claimed) = queue::claim(&self.db).await? else { return Ok(false) };
        if claimed.attempts > MOST_ATTEMPTS {
            // Each attempt ended a worker before it could answer.
            tracing::error!(plan = %claimed.plan, "planning is given up");
            queue::refuse(&self.db, &claimed, BROKEN, &[]).await?;
            return Ok(true);
        }
        let answered = timeout(PATIENCE, self.plan(&claimed)).await.unwrap_or_else(|_| {
            let problem = format!("Planning took longer than {} s. Try again.", PATIENCE.as_secs());
            Err(Refusal::Input(problem, vec![]))
        });
        match answered {
            Ok((plan, review)) => queue::answer(&self.db, &claimed, &plan, &review).await?,
            Err(Refusal::Input(problem, errors)) => queue::refuse(&self.db, &claimed, &problem, &errors).await?,
            Err(Refusal::Ours(error)) if claimed.attempts < MOST_ATTEMPTS => {
                tracing::warn!(plan = %claimed.plan, attempt = claimed.attempts, %error, "planning failed and is tried again");
                queue::release(&self.db, &claimed).await?;
            }
            Err(Refusal::Ours(error)) => {
                tracing::error!(plan = %claimed.plan, %error, "planning failed");
                queue::refuse(&self.db, &claimed, BROKEN, &[]).await?;
            }
        }
        Ok(true)
    }

    async fn plan(&self, claimed: &Claimed) -> std::result::Result<(Plan, PlanReview), Refusal> {
        let rendered = self.render(claimed).await?;
        let tree = rendered.files.clone();
        let path_warnings: Vec<String> = rendered.warnings.iter().map(ToString::to_string).collect();
        let mut plan =
            compose::compose(self.subject(claimed)?, rendered).map_err(|problem| Refusal::Input(problem, vec![]))?;
        let preview = match &self.cluster {
            Some(cluster) => Some(Preview::of(&self.db, cluster).await?),
            None => None,
        };
        let found = names::look(&self.db, &*self.git_host, preview.as_ref(), &plan).await?;
        if !found.errors.is_empty() {
            return Err(Refusal::Input("The name is not free.".to_owned(), found.errors));
        }
        let weighed = gates::weigh(&self.db, &plan).await?;
        plan.reservations = weighed.reservations;
        let judged = match &preview {
            Some(preview) => verdicts::ask(preview, &self.kustomize, &plan, &tree).await?,
            None => Verdicts::default(),
        };
        let review = PlanReview {
            files: vec![],
            effects: effects(&plan, self.settings.makes_webhooks),
            objects: judged.objects,
            quota: judged.quota.into_iter().chain(weighed.quota).collect(),
            gates: weighed.gates,
            warnings: [path_warnings, found.warnings, judged.warnings].concat(),
        };
        Ok((plan, review))
    }

    async fn render(&self, claimed: &Claimed) -> std::result::Result<golden_paths::PathPlan, Refusal> {
        let subject = self.subject(claimed)?;
        let path = golden_paths::load(&self.db, &claimed.golden_path, Some(&claimed.version)).await?;
        let starter = &self.settings.starter;
        let context = PathContext::new(
            subject.service.as_str(),
            &subject.owner,
            &self.settings.git_url,
            &starter.name,
            &starter.digest,
        );
        golden_paths::plan(&self.renderer, &path, &claimed.parameters, &context).await.map_err(|error| match error {
            PlanError::Parameters(errors) => Error::Invalid(errors).into(),
            PlanError::Path(findings) => {
                let said: Vec<String> = findings.iter().take(5).map(ToString::to_string).collect();
                let problem = format!("The golden path cannot be rendered with this input: {}", said.join(" "));
                Refusal::Input(problem, vec![])
            }
            PlanError::Renderer(error) => Refusal::Ours(Error::internal(error.to_string())),
        })
    }

    fn subject(&self, claimed: &Claimed) -> std::result::Result<Subject, Refusal> {
        let text = |key: &str| claimed.parameters[key].as_str().unwrap_or_default();
        let unreadable = |key: &str| Error::internal(format!("plan {}: {key} is not readable", claimed.plan));
        Ok(Subject {
            golden_path: claimed.golden_path.clone(),
            version: claimed.version.clone(),
            owner: text("owner").parse::<EntityRef>().map_err(|_| unreadable("owner"))?,
            service: text("name").parse::<Name>().map_err(|_| unreadable("name"))?,
            cluster: self.settings.cluster.clone(),
            at: whole_seconds(claimed.now),
        })
    }
}

fn whole_seconds(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}

/// What will be there afterwards, in the order in which it comes about.
fn effects(plan: &Plan, makes_webhooks: bool) -> Vec<PlannedEffect> {
    let repository = format!("{}/{}", plan.repository.owner, plan.repository.name);
    let effect = |kind, target: String, reversible| PlannedEffect { kind, target, reversible };
    let mut effects = vec![effect(EffectKind::Repository, repository.clone(), true)];
    effects.extend(makes_webhooks.then(|| effect(EffectKind::Webhook, repository.clone(), true)));
    effects.push(effect(EffectKind::Commit, format!("{repository}@main"), false));
    effects.push(effect(EffectKind::CatalogEntity, plan.entity.reference.to_string(), true));
    let namespaces = plan.namespaces.iter().map(|n| format!("{}/{}", n.cluster, n.name));
    effects.extend(namespaces.map(|target| effect(EffectKind::Namespace, target, true)));
    let leases = plan.leases.iter().map(|l| format!("{} × {} in {}/{}", l.count, l.resource, l.cluster, l.namespace));
    effects.extend(leases.map(|target| effect(EffectKind::Quota, target, true)));
    let delivery = plan.delivery.iter().map(|d| format!("{} → {}/{}", d.folder.as_str(), d.cluster, d.namespace));
    effects.extend(delivery.map(|target| effect(EffectKind::Delivery, target, true)));
    effects
}
