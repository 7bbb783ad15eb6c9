//! Tells the person what happens and what it costs. Progress goes to stderr; stdout carries results alone.

use std::time::{Duration, Instant};

use crate::failure::Result;

/// Announces `what`, does it and says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("· {what} …");
    let begun = Instant::now();
    let done = work()?;
    eprintln!("  {what}: {}", took(begun.elapsed()));
    Ok(done)
}

/// One line about something that takes no time.
pub(crate) fn note(what: &str) {
    eprintln!("  {what}");
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 5 s`.
pub(crate) fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", time.as_secs_f64()),
        10..=119 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(took(Duration::from_millis(420)), "0.4 s");
        assert_eq!(took(Duration::from_millis(9_940)), "9.9 s");
        assert_eq!(took(Duration::from_secs(119)), "119 s");
        assert_eq!(took(Duration::from_secs(185)), "3 min 5 s");
    }
}
