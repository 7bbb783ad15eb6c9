//! Following a run over server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::response::sse;
use backend::scaffold::{self, Event, EventKind};
use domain::{access::Viewer, scaffold::RunState};
use futures::{Stream, stream};
use serde_json::Value;
use uuid::Uuid;

use crate::state::AppState;

/// How often the database is asked. Events are few, and a page that follows is open for a minute.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A stream ends by itself after this; browsers connect again, and permission is asked for anew.
const MAX_LOOKS: u32 = 30 * 60 * 2;

struct Following {
    state: AppState,
    viewer: Viewer,
    run: Uuid,
    seq: i64,
    looks: u32,
    pending: std::vec::IntoIter<Event>,
    has_ended: bool,
}

/// Everything after `seq`, then everything that happens, until the run has ended or the process stops.
pub fn follow(
    state: AppState,
    viewer: Viewer,
    run: Uuid,
    seq: i64,
) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    let following = Following { state, viewer, run, seq, looks: 0, pending: Vec::new().into_iter(), has_ended: false };
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
            if self.has_ended || self.looks >= MAX_LOOKS {
                return None;
            }
            if self.looks > 0 && self.pause_or_stop().await {
                return None;
            }
            self.looks += 1;
            let found = scaffold::events_after(&self.viewer, &self.state.db, self.run, self.seq).await;
            // While the database is away the stream stays open and says nothing.
            self.pending = found.unwrap_or_default().into_iter();
        }
    }

    /// True when the process stops.
    async fn pause_or_stop(&mut self) -> bool {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => false,
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
