//! Beginnings that need something that may not be there yet.

use std::{fmt::Display, future::Future, time::Duration};

use tokio::{sync::watch, time::sleep};

use crate::Result;

const PAUSE: Duration = Duration::from_secs(1);

/// Tries until it works, a second between two attempts; `None` when told to stop meanwhile.
pub(crate) async fn until_done<T, F: Future<Output = Result<T>>>(
    what: impl Display,
    stop: &mut watch::Receiver<bool>,
    attempt: impl Fn() -> F,
) -> Option<T> {
    loop {
        match attempt().await {
            Ok(done) => return Some(done),
            Err(error) => tracing::warn!(%what, %error, "it is tried again"),
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            _ = stop.wait_for(|stop| *stop) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::Error;

    #[tokio::test]
    async fn it_goes_on_until_it_works_or_is_told_to_stop() {
        let (told, mut stop) = watch::channel(false);
        let attempts = Cell::new(0);
        let third = until_done("a test", &mut stop, || async {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 3 { Err(Error::internal("not yet")) } else { Ok(attempts.get()) }
        });
        assert_eq!(third.await, Some(3));
        told.send_replace(true);
        let never = until_done("a test", &mut stop, || async { Err::<(), _>(Error::internal("never")) });
        assert_eq!(never.await, None);
    }
}
