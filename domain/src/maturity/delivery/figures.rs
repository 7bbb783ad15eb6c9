//! The five figures of a service, a team or a unit. Groups pool the events and never average medians or rates.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime, Weekday};

use super::{
    Counts, DeliveryLog, Deployment, Figures, Ranks,
    failure::Aftermath,
    median::{Length, median},
    rank,
};
use crate::maturity::{
    bundle::{Bundle, Parameters},
    number::{self, Exact},
    score::Organisation,
};

/// Below this many deployments a rate says little.
const SMALL_SAMPLE: u64 = 5;

/// One row for each service, team and unit, sorted by subject.
pub(in crate::maturity) fn figures(bundle: &Bundle, organisation: &Organisation<'_>) -> Vec<Figures> {
    let aftermath = Aftermath::of(&bundle.delivery, bundle.as_of);
    let names = |services: Vec<&crate::maturity::bundle::Subject>| -> BTreeSet<String> {
        services.into_iter().map(|service| service.reference.clone()).collect()
    };
    let services = organisation.services.iter().map(|s| (s.reference.clone(), BTreeSet::from([s.reference.clone()])));
    let teams = organisation.teams.iter().map(|team| ((*team).to_owned(), names(organisation.services_of_team(team))));
    let units = organisation
        .units
        .iter()
        .map(|unit| (unit.reference.clone(), names(organisation.services_of_unit(&unit.reference))));
    let groups: BTreeMap<String, BTreeSet<String>> = services.chain(teams).chain(units).collect();
    let figures = |(subject, services)| Group { bundle, aftermath: &aftermath, services }.figures(subject);
    groups.into_iter().map(figures).collect()
}

struct Group<'a> {
    bundle: &'a Bundle,
    aftermath: &'a Aftermath<'a>,
    services: BTreeSet<String>,
}

impl<'a> Group<'a> {
    fn figures(&self, subject: String) -> Figures {
        let Parameters { window_days, working_days, fail_maturity, .. } = &self.bundle.parameters;
        let all = self.deployments();
        let changed: Vec<&Deployment> = all.iter().filter(|d| self.aftermath.is_change(d)).copied().collect();
        let judged_until = self.bundle.as_of.checked_sub(*fail_maturity).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let judged: Vec<&Deployment> =
            changed.iter().filter(|d| d.finished_at.is_some_and(|at| at <= judged_until)).copied().collect();
        let failed: Vec<&Deployment> = judged.iter().filter(|d| self.aftermath.has_failed(d)).copied().collect();
        let recoveries: Vec<Length> = failed.iter().filter_map(|d| self.aftermath.recovery(d)).collect();
        let lead_times = lead_times(&self.bundle.delivery, &self.services, &all, self.aftermath);
        let reworked = |deployment: &&&Deployment| deployment.is_rework || self.aftermath.is_rollback(deployment);
        let counts = Counts {
            deployments: size(&all),
            change_deployments: size(&changed),
            judged_deployments: size(&judged),
            failed_deployments: size(&failed),
            open_failures: size(&recoveries.iter().filter(|length| length.is_open).collect::<Vec<_>>()),
            rework_deployments: size(&all.iter().filter(reworked).collect::<Vec<_>>()),
            changes: size(&lead_times.0),
            negative_lead_times: lead_times.1,
            working_days: working_days.map_or_else(|| weekdays(self.bundle.as_of, *window_days), u64::from),
        };
        told(subject, counts, median(lead_times.0), median(recoveries))
    }

    /// Successful production deployments of the window; one that touched several services is one.
    fn deployments(&self) -> Vec<&'a Deployment> {
        let as_of = self.bundle.as_of;
        let begin = Parameters::before(as_of, self.bundle.parameters.window_days);
        let in_window = |at: OffsetDateTime| begin < at && at <= as_of;
        let mut seen = BTreeSet::new();
        let rows = self.bundle.delivery.deployments.iter();
        rows.filter(|d| d.is_production && d.is_success && self.services.contains(&d.service))
            .filter(|d| d.finished_at.is_some_and(in_window))
            .filter(|d| seen.insert(d.id.as_str()))
            .collect()
    }
}

fn told(subject: String, counts: Counts, lead_time: Option<Length>, recovery: Option<Length>) -> Figures {
    let something = Some(counts.deployments).filter(|count| *count > 0);
    let frequency = something.and_then(|count| number::share(count, counts.working_days));
    let fail_rate = number::share(counts.failed_deployments, counts.judged_deployments);
    let rework_rate = number::share(counts.rework_deployments, counts.deployments);
    let ranks = Ranks {
        deployment_frequency: frequency.as_ref().map(rank::of_frequency),
        lead_time: lead_time.map(|length| rank::of_length(length.seconds)),
        recovery: recovery.map(|length| rank::of_length(length.seconds)),
    };
    let shown = |number: Option<&Exact>| number.map(number::two_decimals);
    Figures {
        subject,
        deployment_frequency: shown(frequency.as_ref()),
        lead_time_seconds: lead_time.map(|length| length.seconds),
        change_fail_rate: shown(fail_rate.as_ref()),
        recovery_seconds: recovery.map(|length| length.seconds),
        recovery_censored: recovery.is_some_and(|length| length.is_open),
        rework_rate: shown(rework_rate.as_ref()),
        small_sample: counts.deployments < SMALL_SAMPLE,
        quick_check: shown(rank::quick_check(&ranks, [fail_rate.as_ref(), rework_rate.as_ref()]).as_ref()),
        ranks,
        counts,
    }
}

/// How long each change took until it ran, and how many were committed after that.
fn lead_times(
    log: &DeliveryLog,
    services: &BTreeSet<String>,
    deployments: &[&Deployment],
    aftermath: &Aftermath<'_>,
) -> (Vec<Length>, u64) {
    let ids: BTreeSet<&str> = deployments.iter().map(|deployment| deployment.id.as_str()).collect();
    let rows: BTreeMap<(&str, &str), &Deployment> = log
        .deployments
        .iter()
        .filter(|d| d.is_production && d.is_success && services.contains(&d.service) && ids.contains(d.id.as_str()))
        .map(|deployment| ((deployment.id.as_str(), deployment.service.as_str()), deployment))
        .collect();
    let (mut lengths, mut negative, mut seen) = (Vec::new(), 0, BTreeSet::new());
    for change in log.changes.iter().filter(|change| !change.is_merge) {
        let row = rows.get(&(change.deployment.as_str(), change.service.as_str()));
        let Some(deployment) = row.filter(|row| !aftermath.is_first(row)) else { continue };
        let Some(finished_at) = deployment.finished_at else { continue };
        if !seen.insert((change.deployment.as_str(), change.commit.as_str())) {
            continue;
        }
        let seconds = (finished_at - change.committed_at).whole_seconds();
        if finished_at < change.committed_at {
            negative += 1;
        } else {
            lengths.push(Length { seconds, is_open: false });
        }
    }
    (lengths, negative)
}

/// Mondays to Fridays among the days that begin in the window.
fn weekdays(as_of: OffsetDateTime, days: u32) -> u64 {
    let last = as_of.checked_sub(Duration::nanoseconds(1)).unwrap_or(as_of).date();
    let dates = std::iter::successors(Some(last), |date| date.previous_day());
    let working = |date: &time::Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    size(&dates.take(usize::try_from(days).unwrap_or(0)).filter(working).collect::<Vec<_>>())
}

fn size<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
