//! One promotion, roll-back or release: the difference, who agrees, and how far it has come.

use backend::delivery::{self, ChangeView};
use domain::{
    access::Viewer,
    delivery::{ChangeKind, ChangeState, needs_approval},
    links,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;
use uuid::Uuid;

use super::words::{change_tone, change_words, short};
use crate::{
    components::{
        Actions, Badge, Button, ButtonKind, Card, Columns, Crumb, DiffLine, DiffView, FieldText, Grid, KeyValue,
        KeyValues, Note, PageHeader, Sentence, TextAreaField, TextLink, Timeline, TimelineEntry, Tone,
    },
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

#[component]
pub fn ChangePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let Some(change) = use_params_map().read_untracked().get("change").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let query = use_query_map().read_untracked().clone();
    let (typed, is_refused) = (context.typed("reason").unwrap_or_default(), query.get("reason").is_some());
    let reason = Reason { typed, is_refused };
    let (now, viewer) = (context.now, context.viewer.clone());
    let load = async move { delivery::find_change(&context.viewer, &context.db, change).await };
    let draw = move |change| view! { <Change change=change viewer=viewer reason=reason now=now /> };
    Some(loaded(load, draw).into_any())
}

/// Why not, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reason {
    typed: String,
    is_refused: bool,
}

#[component]
fn Change(change: ChangeView, viewer: Viewer, reason: Reason, now: OffsetDateTime) -> impl IntoView {
    let follows = matches!(change.state, ChangeState::Preparing | ChangeState::Queued | ChangeState::Syncing);
    let service = change.service.name().to_owned();
    let crumbs = vec![Crumb::new("Delivery", "/delivery"), Crumb::new(service.clone(), links::delivery(&service))];
    let (title, next) = (title(&change), next(&change, &viewer));
    let (actions, decision) = (actions(&change), decision(&change, reason));
    let problem = change.problem.clone().map(|problem| problem_note(change.state, problem));
    let (difference, facts, history) = (difference(&change), facts(&change), history(&change, now));
    let (notes, changes) = (notes(&change), format!("What it changes in {}", change.environment));
    view! {
        {follows.then(super::followed)}
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>{next}</Sentence>
            <Actions slot>{actions}</Actions>
        </PageHeader>
        {problem}
        {decision}
        <Grid columns=Columns::WideAndNarrow>
            <Card title=changes>{notes} {difference}</Card>
            <div class="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
                <Card title="Facts">{facts}</Card>
                <Card title="So far">{history}</Card>
            </div>
        </Grid>
    }
}

fn problem_note(state: ChangeState, problem: String) -> AnyView {
    let (title, tone) = match state {
        ChangeState::Stale => ("It is out of date", Tone::Warn),
        _ => ("It cannot be done", Tone::Bad),
    };
    view! { <div class="mb-4"><Note tone=tone title=title>{problem}</Note></div> }.into_any()
}

fn title(change: &ChangeView) -> String {
    let subject = change.subject.clone().unwrap_or_else(|| match change.kind {
        ChangeKind::Promote => format!("Promote {} to {}", change.service.name(), change.environment),
        ChangeKind::RollBack => format!("Roll {} back in {}", change.service.name(), change.environment),
        ChangeKind::Release => format!("Release {} to {}", change.service.name(), change.environment),
    });
    format!("{subject}: {}", change_words(change.state))
}

/// What happens next, and through whom.
fn next(change: &ChangeView, viewer: &Viewer) -> String {
    let environment = &change.environment;
    match change.state {
        ChangeState::Preparing => {
            "The files are read and the difference is worked out. This takes a few seconds.".into()
        }
        ChangeState::Ready if change.is_own && needs_approval(environment) => {
            format!("Read the difference. When you confirm it, a lead of {} is asked.", change.team.name())
        }
        ChangeState::Ready if change.is_own => {
            format!("Read the difference. When you confirm it, it becomes a commit and {environment} follows.")
        }
        ChangeState::Ready => format!("{} has not confirmed it yet.", change.requested_by),
        ChangeState::AwaitingApproval if change.may_decide => {
            format!("{} asks you. Read the difference and decide.", change.requested_by)
        }
        ChangeState::AwaitingApproval if change.is_own && viewer.leads(change.team.name()) => {
            "Another lead of the team has to approve it: nobody approves their own change.".into()
        }
        ChangeState::AwaitingApproval => {
            format!("A lead of {} has to approve it. Until then nothing is changed.", change.team.name())
        }
        ChangeState::Queued => "The commit is being pushed.".into(),
        ChangeState::Syncing => format!("The commit is in the repository. Flux applies it to {environment}."),
        ChangeState::Synced => format!("{environment} has it. The page of the service shows what runs."),
        ChangeState::Denied => "It was denied. Nothing was changed.".into(),
        ChangeState::Withdrawn => "It was taken back. Nothing was changed.".into(),
        ChangeState::Stale => "Nothing was changed. Start it again to see the difference as it is now.".into(),
        ChangeState::Failed => "Nothing was changed.".into(),
    }
}

fn actions(change: &ChangeView) -> AnyView {
    let form = |verb: &str, label: String, kind: ButtonKind| {
        view! {
            <form method="post" action=format!("{}/{verb}", links::change(change.id))>
                <Button kind=kind>{label}</Button>
            </form>
        }
    };
    let confirm = (change.state == ChangeState::Ready && change.is_own).then(|| {
        let label = if needs_approval(&change.environment) {
            format!("Ask a lead of {}", change.team.name())
        } else {
            format!("Push it to {}", change.environment)
        };
        form("confirm", label, ButtonKind::Primary)
    });
    let withdraw = (change.state.can_withdraw() && change.is_own)
        .then(|| form("withdraw", "Take it back".to_owned(), ButtonKind::Plain));
    view! {
        {confirm}
        {withdraw}
    }
    .into_any()
}

/// For a lead of the team; a denial needs its reason.
fn decision(change: &ChangeView, reason: Reason) -> Option<AnyView> {
    if change.state != ChangeState::AwaitingApproval || !change.may_decide {
        return None;
    }
    let Reason { typed, is_refused } = reason;
    let error = is_refused
        .then(|| "Say in 1 to 500 characters why not, so that whoever asked knows what to change.".to_owned());
    let reason = FieldText::new("reason", "Why not").hint("Only for denying: whoever asked reads it.").error(error);
    let (approve, deny) =
        (format!("{}/approve", links::change(change.id)), format!("{}/deny", links::change(change.id)));
    let label = format!("Approve for {}", change.environment);
    let view = view! {
        <div class="mb-4">
            <Card title="Your decision">
                <div class="grid gap-4 md:grid-cols-2">
                    <form method="post" action=approve>
                        <p class="mb-3 text-ink-2">
                            "It is pushed at once and Flux applies it. Your name stands in the trail beside the name of whoever asked."
                        </p>
                        <Button kind=ButtonKind::Primary>{label}</Button>
                    </form>
                    <form method="post" action=deny class="grid gap-3">
                        <TextAreaField text=reason value=typed rows=2 />
                        <div><Button kind=ButtonKind::Danger>"Deny it"</Button></div>
                    </form>
                </div>
            </Card>
        </div>
    };
    Some(view.into_any())
}

/// What comes with it beside what was asked for.
fn notes(change: &ChangeView) -> Option<AnyView> {
    if change.notes.is_empty() {
        return None;
    }
    let sentences = change.notes.iter().map(|note| view! { <p class="break-words">{note.clone()}</p> }).collect_view();
    let note = view! {
        <div class="mb-3">
            <Note tone=Tone::Warn title="More comes with it">{sentences}</Note>
        </div>
    };
    Some(note.into_any())
}

fn difference(change: &ChangeView) -> AnyView {
    let Some(diff) = &change.diff else {
        let sentence =
            if change.state == ChangeState::Preparing { "It is being worked out." } else { "It was never worked out." };
        return view! { <p class="text-ink-2">{sentence}</p> }.into_any();
    };
    let views = files(diff).into_iter().map(|(path, body)| {
        let lines = DiffLine::parse_unified(&body);
        view! { <DiffView caption=path lines=lines /> }
    });
    view! { <div class="grid grid-cols-[minmax(0,1fr)] gap-3">{views.collect_view()}</div> }.into_any()
}

/// One file after another: its path, and its part of the difference.
fn files(diff: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut lines = diff.lines().peekable();
    while let Some(line) = lines.next() {
        let new = lines.peek().and_then(|next| next.strip_prefix("+++ "));
        if let (Some(old), Some(new)) = (line.strip_prefix("--- "), new) {
            let path = if new == "/dev/null" { old } else { new };
            let path = path.trim_start_matches("a/").trim_start_matches("b/").to_owned();
            files.push((path, String::new()));
        }
        if let Some((_, body)) = files.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    files
}

fn facts(change: &ChangeView) -> AnyView {
    let code = |text: String| view! { <code>{text}</code> }.into_any();
    let link = |href: String, text: &str| {
        let text = text.to_owned();
        view! { <TextLink href=href>{text}</TextLink> }.into_any()
    };
    let namespace = links::namespace(&change.cluster, &change.namespace);
    let state = view! { <Badge tone=change_tone(change.state) word=change_words(change.state) /> }.into_any();
    let rows = [
        Some(("State", state)),
        Some(("Service", link(links::entity(&change.service), change.service.name()))),
        Some(("Environment", link(namespace, &change.environment))),
        Some(("Repository", code(change.repository.clone()))),
        change.from_environment.clone().map(|from| ("From", from.into_any())),
        change.to_commit.as_deref().map(|to| ("As of commit", code(short(to)))),
        change.compared_with.as_deref().map(|commit| ("Compared with commit", code(short(commit)))),
        change.commit.as_deref().map(|commit| ("Commit", code(short(commit)))),
    ];
    let row = |(term, value): (&'static str, AnyView)| view! { <KeyValue term=term>{value}</KeyValue> };
    let rows = rows.into_iter().flatten().map(row).collect_view();
    view! { <KeyValues>{rows}</KeyValues> }.into_any()
}

fn history(change: &ChangeView, now: OffsetDateTime) -> AnyView {
    let by = &change.requested_by;
    let decided = change.decided_by.clone().unwrap_or_default();
    let entries = [
        Some((change.created_at, Tone::Info, "asked for", format!("{by} asked for it."))),
        change
            .confirmed_at
            .map(|at| (at, Tone::Info, "confirmed", format!("{by} read the difference and confirmed it."))),
        change.decided_at.map(|at| match &change.reason {
            Some(reason) => (at, Tone::Bad, "denied", format!("{decided} denied it: {reason}")),
            None => (at, Tone::Good, "approved", format!("{decided} approved it.")),
        }),
        change.pushed_at.map(|at| (at, Tone::Info, "pushed", "The commit is in the repository.".to_owned())),
        change
            .finished_at
            .filter(|_| change.state == ChangeState::Synced)
            .map(|at| (at, Tone::Good, "synced", format!("Flux has applied it to {}.", change.environment))),
    ];
    let entry = move |(at, tone, word, text): (OffsetDateTime, Tone, &'static str, String)| {
        view! { <TimelineEntry tone=tone word=word at=at now=now>{text}</TimelineEntry> }
    };
    let entries = entries.into_iter().flatten().map(entry).collect_view();
    view! { <Timeline>{entries}</Timeline> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_several_files_is_taken_apart() {
        let diff = "--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-a\n+b\n--- a/y.yaml\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n";
        let found = files(diff);
        assert_eq!(found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["x.yaml", "y.yaml"]);
        assert_eq!(DiffLine::parse_unified(&found[0].1).len(), 3);
    }
}
