//! Ctrl-C and SIGTERM, noticed by everything that waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::failure::{Failure, Result, While};

const PAUSE: Duration = Duration::from_millis(40);

/// Counts the requests to stop that this process received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt {
    received: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Takes over SIGINT, SIGTERM and SIGHUP for the whole process.
    pub(crate) fn install() -> Result<Self> {
        let interrupt = Self::default();
        let received = Arc::clone(&interrupt.received);
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]).world("listen for signals")?;
        std::thread::spawn(move || {
            for _ in signals.forever() {
                received.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(interrupt)
    }

    pub(crate) fn requested(&self) -> bool {
        self.received.load(Ordering::SeqCst) > 0
    }

    /// Asked a second time: whoever is ending things should stop being polite.
    pub(crate) fn insisted(&self) -> bool {
        self.received.load(Ordering::SeqCst) > 1
    }

    /// An interruption as a failure, for use with `?`.
    pub(crate) fn check(&self) -> Result<()> {
        if self.requested() { Err(Failure::interrupted()) } else { Ok(()) }
    }

    /// Asks `done` again and again until it answers, the deadline passes (`None`) or the person interrupts.
    pub(crate) fn poll<T>(&self, deadline: Duration, mut done: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
        let begun = Instant::now();
        loop {
            if let Some(answer) = done()? {
                return Ok(Some(answer));
            }
            self.check()?;
            if begun.elapsed() >= deadline {
                return Ok(None);
            }
            std::thread::sleep(PAUSE);
        }
    }
}
