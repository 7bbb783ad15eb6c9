//! Where somebody is signed in.

use backend::access::{IdHash, SessionSummary};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, Button, ButtonKind, Lead, Moment, RowItem, Rows, Tone};

pub(super) fn list(sessions: Vec<SessionSummary>, own: Option<IdHash>, now: OffsetDateTime) -> AnyView {
    let others = sessions.iter().filter(|session| Some(session.id) != own).count();
    let row = |session: SessionSummary| {
        let is_own = Some(session.id) == own;
        let (tone, word) = if is_own { (Tone::Good, "this browser") } else { (Tone::Info, "another browser") };
        view! {
            <RowItem>
                <Lead slot><Badge tone=tone word=word /></Lead>
                "Signed in " <Moment at=session.created_at now=now /> ", seen " <Moment at=session.seen_at now=now />
            </RowItem>
        }
    };
    let rows = sessions.into_iter().map(row).collect_view();
    view! {
        <Rows>{rows}</Rows>
        {(others > 0)
            .then(|| {
                view! {
                    <form method="post" action="/settings/sessions/end" class="mt-3">
                        <Button kind=ButtonKind::Danger>"Sign out everywhere else"</Button>
                    </form>
                }
            })}
    }
    .into_any()
}
