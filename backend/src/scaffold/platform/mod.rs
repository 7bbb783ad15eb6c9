//! The steps on the real world. Each looks for its effect first and makes only what is missing.

mod delivery;
mod entity;
mod leases;
mod namespaces;
mod repository;

use std::sync::Arc;

use async_trait::async_trait;
use domain::scaffold::{Plan, StepKind};

pub(super) use namespaces::declaration;

use super::{
    record::Effect,
    worker::{StepContext, StepOutcome, Steps},
};
use crate::{
    Result,
    git_host::{GitHost, Webhook},
};

/// What the steps act on.
#[derive(Clone)]
pub struct Platform {
    pub git_host: Arc<dyn GitHost>,
    /// By which the Git host tells of pushes; without one they are found by looking.
    pub webhook: Option<Webhook>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}

#[async_trait]
impl Steps for Platform {
    fn intended(&self, kind: StepKind, plan: &Plan) -> Vec<Effect> {
        match kind {
            StepKind::CreateRepository => repository::intended_repository(&*self.git_host, self.webhook.as_ref(), plan),
            StepKind::PushCommit => repository::intended_commit(&*self.git_host, plan),
            _ => vec![],
        }
    }

    async fn carry_out(&self, kind: StepKind, context: StepContext<'_>) -> Result<StepOutcome> {
        match kind {
            StepKind::CreateRepository => repository::create(&*self.git_host, self.webhook.as_ref(), &context).await,
            StepKind::PushCommit => repository::push(&*self.git_host, &context).await,
            StepKind::RegisterEntity => entity::register(&*self.git_host, &context).await,
            StepKind::DeclareNamespaces => namespaces::declare(&context).await,
            StepKind::AwaitNamespaces => namespaces::await_fences(&context).await,
            StepKind::RequestLeases => leases::request(&context).await,
            StepKind::DeclareDelivery => delivery::declare(&context).await,
            StepKind::AwaitDelivery => delivery::await_running(&context).await,
        }
    }
}
