//! Which deployments failed, and how long that lasted.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::{DeliveryLog, Deployment, DeploymentKind, median::Length};

/// What is known by then about deployments, by their ids.
#[derive(Debug)]
pub(super) struct Aftermath<'a> {
    as_of: OffsetDateTime,
    /// When each failed deployment was healed; empty while it is not.
    healed: BTreeMap<&'a str, Vec<OffsetDateTime>>,
    rollbacks: BTreeSet<&'a str>,
    /// What ran before, by deployment and service.
    previous_digest: BTreeMap<(&'a str, &'a str), Option<&'a str>>,
    first: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Aftermath<'a> {
    pub(super) fn of(log: &'a DeliveryLog, as_of: OffsetDateTime) -> Self {
        let mut done: Vec<(&Deployment, OffsetDateTime)> = log
            .deployments
            .iter()
            .filter(|deployment| deployment.is_production && deployment.is_success)
            .filter_map(|deployment| Some((deployment, deployment.finished_at.filter(|at| *at <= as_of)?)))
            .collect();
        done.sort_by_key(|(_, at)| *at);
        let mut known = Self {
            as_of,
            healed: BTreeMap::new(),
            rollbacks: done
                .iter()
                .filter(|(d, _)| d.kind == DeploymentKind::Rollback)
                .map(|(d, _)| d.id.as_str())
                .collect(),
            previous_digest: BTreeMap::new(),
            first: BTreeSet::new(),
        };
        let mut running: BTreeMap<(&str, Option<&str>), Option<&str>> = BTreeMap::new();
        for (deployment, at) in &done {
            for healed in deployment.rolls_back.iter().chain(&deployment.fixes) {
                known.healed.entry(healed).or_default().push(*at);
            }
            let key = (deployment.id.as_str(), deployment.service.as_str());
            let place = (deployment.service.as_str(), deployment.environment.as_deref());
            if let Some(before) = running.insert(place, deployment.digest.as_deref()) {
                known.previous_digest.insert(key, before);
            } else {
                known.first.insert(key);
            }
        }
        known.incidents(log);
        known
    }

    fn incidents(&mut self, log: &'a DeliveryLog) {
        for incident in log.incidents.iter().filter(|incident| incident.duplicate_of.is_none()) {
            let Some(cause) = incident.cause.as_deref().filter(|_| incident.started_at <= self.as_of) else { continue };
            let resolved = incident.resolved_at.filter(|at| *at <= self.as_of);
            self.healed.entry(cause).or_default().extend(resolved);
        }
    }

    /// A rollback of a rollback brings something new again.
    pub(super) fn is_rollback(&self, deployment: &Deployment) -> bool {
        let takes_back_a_rollback =
            || deployment.rolls_back.as_deref().is_some_and(|before| self.rollbacks.contains(before));
        deployment.kind == DeploymentKind::Rollback && !takes_back_a_rollback()
    }

    /// Neither taken back nor the same again.
    pub(super) fn is_change(&self, deployment: &Deployment) -> bool {
        !self.is_rollback(deployment) && !self.is_same_again(deployment)
    }

    /// Nothing is known about what was there before the first one that was seen.
    pub(super) fn is_first(&self, deployment: &Deployment) -> bool {
        deployment.previous_commit.is_none()
            && self.first.contains(&(deployment.id.as_str(), deployment.service.as_str()))
    }

    pub(super) fn has_failed(&self, deployment: &Deployment) -> bool {
        self.healed.contains_key(deployment.id.as_str())
    }

    /// From the end of the deployment until the first thing that healed it, or until now.
    pub(super) fn recovery(&self, deployment: &Deployment) -> Option<Length> {
        let failed_at = deployment.finished_at?;
        let healed = self.healed.get(deployment.id.as_str())?.iter().filter(|at| **at >= failed_at).min();
        let until = healed.copied().unwrap_or(self.as_of);
        Some(Length { seconds: (until - failed_at).whole_seconds(), is_open: healed.is_none() })
    }

    fn is_same_again(&self, deployment: &Deployment) -> bool {
        let before = self.previous_digest.get(&(deployment.id.as_str(), deployment.service.as_str()));
        match (before.copied().flatten(), deployment.digest.as_deref()) {
            (Some(before), Some(now)) => before == now && deployment.kind != DeploymentKind::Config,
            _ => deployment.kind == DeploymentKind::Redeploy,
        }
    }
}
