//! How much is asked of a cluster at once: less for a while after it said that it has too much to do.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use super::Cluster;

const RELIEF: Duration = Duration::from_secs(60);

/// When the cluster last said so.
#[derive(Debug, Default)]
pub(super) struct Pressure(Mutex<Option<Instant>>);

impl Pressure {
    pub(super) fn rise(&self, now: Instant) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(now);
    }

    fn room(&self, most: usize, now: Instant) -> usize {
        let last = *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_relieved = last.is_none_or(|last| now.saturating_duration_since(last) >= RELIEF);
        if is_relieved { most } else { (most / 2).max(1) }
    }
}

impl Cluster {
    /// How many of `most` things may be under way now.
    pub(crate) fn room(&self, most: usize) -> usize {
        self.pressure.room(most, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_as_much_for_a_minute_after_the_last_complaint() {
        let (pressure, start) = (Pressure::default(), Instant::now());
        assert_eq!(pressure.room(8, start), 8);
        pressure.rise(start);
        assert_eq!((pressure.room(8, start), pressure.room(1, start)), (4, 1), "never nothing at all");
        pressure.rise(start + RELIEF / 2);
        assert_eq!(pressure.room(8, start + RELIEF), 4);
        assert_eq!(pressure.room(8, start + RELIEF * 3 / 2), 8);
    }
}
