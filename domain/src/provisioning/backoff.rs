//! How long a key rests after it failed.

use std::time::Duration;

/// No key rests longer than this because of failures.
pub const MAX_BACKOFF: Duration = Duration::from_secs(300);

const FIRST: Duration = Duration::from_millis(500);

/// Doubles from half a second to five minutes with full jitter; `jitter` lies between 0 and 1 and is drawn by the caller.
/// The first failure has number 1. A tenth of the step always remains, so that no draw makes a hot loop.
pub fn backoff(failures: u32, jitter: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(20)));
    let step = doubled.min(MAX_BACKOFF);
    step.mul_f64(0.1 + 0.9 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_five_minutes() {
        assert_eq!(backoff(1, 1.0), Duration::from_millis(500));
        assert_eq!(backoff(2, 1.0), Duration::from_secs(1));
        assert_eq!(backoff(10, 1.0), Duration::from_secs(256));
        assert_eq!(backoff(11, 1.0), MAX_BACKOFF);
        assert_eq!(backoff(u32::MAX, 1.0), MAX_BACKOFF);
    }

    #[test]
    fn jitter_spreads_without_reaching_zero() {
        assert_eq!(backoff(1, 0.0), Duration::from_millis(50));
        assert!(backoff(3, 0.2) < backoff(3, 0.9));
        assert_eq!(backoff(0, 7.0), Duration::from_millis(500));
    }
}
