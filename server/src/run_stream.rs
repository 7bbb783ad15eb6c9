//! Following a run over server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::response::sse;
use backend::scaffold::{self, Event, EventKind, RunFollower};
use domain::{access::Viewer, scaffold::RunState};
use futures::{Stream, stream};
use serde_json::Value;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use crate::state::AppState;

/// A stream ends by itself after this, and whoever connects again needs a session and permission again: nobody reads on for
/// longer after signing out or leaving the team.
const LONGEST: Duration = Duration::from_secs(55);

struct Following {
    state: AppState,
    viewer: Viewer,
    run: Uuid,
    seq: i64,
    news: RunFollower,
    ends_at: Instant,
    has_looked: bool,
    pending: std::vec::IntoIter<Event>,
    has_ended: bool,
    is_over: bool,
}

/// Everything after `seq`, then everything that happens, until the run has ended or the process stops. Of a run that
/// `is_over` nothing more can happen.
pub fn follow(
    state: AppState,
    viewer: Viewer,
    run: Uuid,
    seq: i64,
    is_over: bool,
) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    let following = Following {
        // Before the first look, so that nothing falls between the two.
        news: state.run_news.of(run),
        state,
        viewer,
        run,
        seq,
        ends_at: Instant::now() + LONGEST,
        has_looked: false,
        pending: Vec::new().into_iter(),
        has_ended: false,
        is_over,
    };
    stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok(written(&event)), following))
    })
}

impl Following {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.next() {
                self.seq = event.seq;
                self.has_ended = ends(&event);
                return Some(event);
            }
            if self.has_ended || (self.has_looked && (self.is_over || self.rest_or_end().await)) {
                return None;
            }
            self.has_looked = true;
            let found = scaffold::events_after(&self.viewer, &self.state.db, self.run, self.seq).await;
            // While the database is away the stream stays open and says nothing.
            self.pending = found.unwrap_or_default().into_iter();
        }
    }

    /// Until there is something to look for. True when the stream is over.
    async fn rest_or_end(&mut self) -> bool {
        tokio::select! {
            () = self.news.next() => false,
            () = sleep_until(self.ends_at) => true,
            () = self.state.shutdown.requested() => true,
        }
    }
}

fn ends(event: &Event) -> bool {
    event.kind == EventKind::State
        && event
            .data
            .get("state")
            .and_then(Value::as_str)
            .and_then(|word| word.parse::<RunState>().ok())
            .is_some_and(RunState::is_terminal)
}

fn written(event: &Event) -> sse::Event {
    sse::Event::default().event(event.kind.as_str()).id(event.seq.to_string()).data(event.data.to_string())
}
