//! The steps of a run.

use domain::scaffold::StepState;
use leptos::prelude::*;

use super::{Glyph, Icon, IconSize};

/// Word, shape and colours of a state.
fn look(state: StepState) -> (&'static str, Glyph, &'static str) {
    match state {
        StepState::Pending => ("not started", Glyph::Pending, "bg-sunken text-ink-3"),
        StepState::Running => ("running", Glyph::Progress, "bg-accent-soft text-accent"),
        StepState::Waiting => ("waiting", Glyph::Clock, "bg-warn-soft text-warn"),
        StepState::Succeeded => ("done", Glyph::Check, "bg-good-soft text-good"),
        StepState::Failed => ("failed", Glyph::Cross, "bg-bad-soft text-bad"),
        StepState::Skipped => ("skipped", Glyph::Skipped, "bg-sunken text-ink-3"),
        StepState::Cancelled => ("cancelled", Glyph::Cancelled, "bg-sunken text-ink-3"),
    }
}

/// What has not begun, or never will, steps back.
fn is_quiet(state: StepState) -> bool {
    matches!(state, StepState::Pending | StepState::Skipped | StepState::Cancelled)
}

/// A list of [`Step`]s in the order in which they run.
#[component]
pub fn Steps(children: Children) -> impl IntoView {
    view! { <ol role="list">{children()}</ol> }.into_any()
}

/// One step: state, name, how long it took, and what it made or waits for.
#[component]
pub fn Step(
    state: StepState,
    #[prop(into)] name: String,
    /// "0.3 s", "1.1 s, usually 1.6 s".
    #[prop(optional, into)]
    duration: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (word, glyph, colours) = look(state);
    let is_current = matches!(state, StepState::Running | StepState::Waiting).then_some("step");
    let name_class = if is_quiet(state) { "text-ink-3" } else { "font-semibold" };
    view! {
        <li
            aria-current=is_current
            class="relative pb-4.5 pl-8 before:absolute before:top-6 before:-bottom-0.5 before:left-[9px] before:w-0.5 before:bg-line last:pb-0 last:before:hidden"
        >
            <span class=format!("absolute top-0.5 left-0 grid size-5 place-items-center rounded-full {colours}")>
                <Icon glyph=glyph size=IconSize::Small />
            </span>
            <p class="flex flex-wrap items-baseline gap-x-2">
                <span class=name_class>{name}</span>
                " "
                <span class="text-sm text-ink-2 tabular-nums">{word} {duration.map(|duration| format!(" · {duration}"))}</span>
            </p>
            {children.map(|children| view! { <div class="text-sm text-ink-2">{children()}</div> })}
        </li>
    }.into_any()
}
