//! The registry of steps: what a run can do to the world, one kind each.

use std::str::FromStr;

use super::{Plan, PlannedLease};

/// Makes the kinds from one list, so that none can be left out of [`StepKind::ALL`].
macro_rules! step_kinds {
    ($($kind:ident = $word:literal,)+) => {
        /// Everything that a step can be. The kill test takes its cases from [`StepKind::ALL`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum StepKind {
            $($kind,)+
        }

        impl StepKind {
            /// In the order in which a run carries them out.
            pub const ALL: [StepKind; [$($word),+].len()] = [$(Self::$kind),+];

            /// As in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                }
            }
        }
    };
}

step_kinds! {
    CreateRepository = "create_repository",
    PushCommit = "push_commit",
    RegisterEntity = "register_entity",
    DeclareNamespaces = "declare_namespaces",
    AwaitNamespaces = "await_namespaces",
    RequestLeases = "request_leases",
    DeclareDelivery = "declare_delivery",
    AwaitDelivery = "await_delivery",
}

/// One step of a run, as it is stored when the run is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepSpec {
    pub kind: StepKind,
    /// What people read.
    pub name: String,
}

/// Where a process can be killed around the effect of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillPoint {
    /// The step is noted as begun and nothing has happened.
    BeforeEffect,
    /// It has happened and is noted nowhere.
    AfterEffect,
    /// It is noted, and the next step has not begun.
    AfterRecord,
}

/// A step kind that this version does not know: the run was accepted by another one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown step kind {0:?}")]
pub struct UnknownStep(String);

impl FromStr for StepKind {
    type Err = UnknownStep;

    fn from_str(word: &str) -> Result<Self, UnknownStep> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownStep(word.to_owned()))
    }
}

impl KillPoint {
    pub const ALL: [KillPoint; 3] = [Self::BeforeEffect, Self::AfterEffect, Self::AfterRecord];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeEffect => "before_effect",
            Self::AfterEffect => "after_effect",
            Self::AfterRecord => "after_record",
        }
    }
}

/// The steps that carry out a plan, in order.
pub fn steps(plan: &Plan) -> Vec<StepSpec> {
    let repository = format!("{}/{}", plan.repository.owner, plan.repository.name);
    let mut steps = vec![
        StepSpec { kind: StepKind::CreateRepository, name: format!("Create the repository {repository}") },
        StepSpec {
            kind: StepKind::PushCommit,
            name: format!("Push the first commit with {}", files(plan.files.len())),
        },
        StepSpec { kind: StepKind::RegisterEntity, name: format!("Register {} in the catalog", plan.entity.reference) },
    ];
    if !plan.namespaces.is_empty() {
        let names: Vec<&str> = plan.namespaces.iter().map(|namespace| namespace.name.as_str()).collect();
        steps.push(StepSpec { kind: StepKind::DeclareNamespaces, name: format!("Declare {}", names.join(", ")) });
        steps.push(StepSpec { kind: StepKind::AwaitNamespaces, name: "Wait until their fences stand".to_owned() });
    }
    if !plan.leases.is_empty() {
        let asked: Vec<String> = plan.leases.iter().map(counted).collect();
        steps.push(StepSpec { kind: StepKind::RequestLeases, name: format!("Lease {}", asked.join(", ")) });
    }
    if !plan.delivery.is_empty() {
        let places: Vec<&str> = plan.delivery.iter().map(|delivery| delivery.environment.as_str()).collect();
        let places = places.join(", ");
        steps.push(StepSpec { kind: StepKind::DeclareDelivery, name: format!("Declare the delivery to {places}") });
        steps.push(StepSpec { kind: StepKind::AwaitDelivery, name: format!("Wait until it runs in {places}") });
    }
    steps
}

fn counted(lease: &PlannedLease) -> String {
    format!("{} × {} for {}", lease.count, lease.resource, lease.environment)
}

fn files(n: usize) -> String {
    if n == 1 { "1 file".to_owned() } else { format!("{n} files") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::{
        PlannedDelivery,
        plan::tests::{lease, plan},
    };

    #[test]
    fn every_kind_is_read_back_by_its_word() {
        for kind in StepKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("rm".parse::<StepKind>().is_err());
    }

    #[test]
    fn a_full_plan_takes_every_kind_of_step_and_the_repository_comes_first() {
        let mut full = plan();
        full.leases = vec![lease()];
        full.delivery.push(PlannedDelivery {
            cluster: "local".into(),
            namespace: "payments-checkout-dev".into(),
            environment: "dev".into(),
            branch: "main".into(),
            folder: "deploy/overlays/dev".parse().unwrap(),
        });
        let kinds: Vec<StepKind> = steps(&full).into_iter().map(|step| step.kind).collect();
        assert_eq!(kinds, StepKind::ALL);
        let mut bare = plan();
        bare.namespaces.clear();
        assert_eq!(steps(&bare).len(), 3);
    }
}
