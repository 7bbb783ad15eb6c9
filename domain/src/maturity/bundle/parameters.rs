//! What an organisation decides about its own scores.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use crate::maturity::{
    document::{self, Doc, Fault, Fields, Read},
    number::Exact,
};

/// The decisions behind a roll-up and behind the figures of delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The share of services that has to have reached a level.
    pub quantile: Exact,
    pub tier_weights: TierWeights,
    /// How far a team may be above its weakest service of tier 1.
    pub floor_distance: u8,
    /// How long the facts of a collector that is down are kept beyond their age.
    pub hold: Duration,
    /// Younger services are listed and not weighed.
    pub onboarding_days: u32,
    /// What the figures of delivery look back on.
    pub window_days: u32,
    /// None: Monday to Friday are counted.
    pub working_days: Option<u32>,
    /// Failures of younger deployments may not have been reported yet.
    pub fail_maturity: Duration,
}

/// What a service weighs in its team, by its tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierWeights {
    pub by_tier: BTreeMap<u32, u32>,
    pub none: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            quantile: Exact::new(4.into(), 5.into()),
            tier_weights: TierWeights { by_tier: BTreeMap::from([(1, 4), (2, 2), (3, 1)]), none: 2 },
            floor_distance: 1,
            hold: Duration::hours(72),
            onboarding_days: 30,
            window_days: 30,
            working_days: None,
            fail_maturity: Duration::hours(72),
        }
    }
}

impl TierWeights {
    /// A tier that nobody gave a weight weighs like none.
    pub fn of(&self, tier: Option<u32>) -> u64 {
        let weight = tier.and_then(|tier| self.by_tier.get(&tier)).unwrap_or(&self.none);
        u64::from(*weight)
    }
}

impl Parameters {
    pub(super) fn read(doc: &Doc) -> Read<Self> {
        let usual = Self::default();
        let mut fields = Fields::of(doc, "the parameters")?;
        let parameters = Self {
            quantile: fields.optional("quantile", document::share)?.unwrap_or(usual.quantile),
            tier_weights: fields.optional("tier_weights", tier_weights)?.unwrap_or(usual.tier_weights),
            floor_distance: fields.optional("floor_distance", distance)?.unwrap_or(usual.floor_distance),
            hold: fields.optional("hold", document::span)?.unwrap_or(usual.hold),
            onboarding_days: fields.optional("onboarding_days", days)?.unwrap_or(usual.onboarding_days),
            window_days: fields.optional("window_days", days)?.unwrap_or(usual.window_days),
            working_days: fields.optional("working_days", days)?,
            fail_maturity: fields.optional("fail_maturity", document::span)?.unwrap_or(usual.fail_maturity),
        };
        fields.end()?;
        Ok(parameters)
    }

    /// The instant that many days before.
    pub fn before(at: OffsetDateTime, days: u32) -> OffsetDateTime {
        at.checked_sub(Duration::days(days.into())).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

fn tier_weights(doc: &Doc) -> Read<TierWeights> {
    let mut weights = Parameters::default().tier_weights;
    let mut fields = Fields::of(doc, "the weights of tiers")?;
    for (key, tier) in [("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5)] {
        if let Some(weight) = fields.optional(key, document::positive)? {
            weights.by_tier.insert(tier, weight);
        }
    }
    weights.none = fields.optional("none", document::positive)?.unwrap_or(weights.none);
    fields.end()?;
    Ok(weights)
}

fn distance(doc: &Doc) -> Read<u8> {
    let distance = u8::try_from(document::count(doc)?).ok().filter(|distance| *distance <= 5);
    distance.ok_or_else(|| doc.wrong("Write a whole number from 0 to 5 here."))
}

/// Up to ten years.
fn days(doc: &Doc) -> Result<u32, Fault> {
    let days = document::count(doc)?;
    if days <= 3_660 { Ok(days) } else { Err(doc.wrong("Write a number of days up to 3660 here.")) }
}
