//! What is being made.

use backend::scaffold::RunView;
use domain::{access::Viewer, links, scaffold::RunState};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, Lead, Moment, RowItem, Rows, TextLink, Tone};

/// Runs of one's own or of one's teams that nobody has taken up again.
pub(super) fn stopped(runs: &[RunView], viewer: &Viewer) -> Vec<RunView> {
    let is_mine = |run: &&RunView| viewer.is_member(&run.team) || run.requested_by == viewer.login;
    let has_stopped = |run: &&RunView| matches!(run.state, RunState::Failed | RunState::CleanupFailed);
    runs.iter().filter(has_stopped).filter(is_mine).cloned().collect()
}

pub(super) fn made(runs: Vec<RunView>, now: OffsetDateTime) -> AnyView {
    if runs.is_empty() {
        return view! { <p class="text-ink-2">"Nothing has been created by your teams yet."</p> }.into_any();
    }
    let row = move |run: RunView| {
        let (tone, word) = look(run.state);
        let address = links::run(run.id);
        view! {
            <RowItem detail=format!("{} · {}", run.golden_path, run.team)>
                <Lead slot><Badge tone=tone word=word /></Lead>
                <TextLink href=address>{run.entity}</TextLink>
                " "
                <Moment at=run.created_at now=now />
            </RowItem>
        }
    };
    view! { <Rows>{runs.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

fn look(state: RunState) -> (Tone, &'static str) {
    match state {
        RunState::Succeeded => (Tone::Good, "ready"),
        RunState::Failed | RunState::CleanupFailed => (Tone::Bad, "stopped"),
        RunState::Waiting => (Tone::Warn, "waits"),
        RunState::AwaitingApproval => (Tone::Warn, "to approve"),
        RunState::Queued | RunState::Running | RunState::Cleaning => (Tone::Info, "under way"),
        RunState::Cancelled | RunState::Cleaned => (Tone::Info, "taken back"),
    }
}
