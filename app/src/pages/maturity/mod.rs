//! Maturity: levels with the evidence that they rest on, for teams, services and rules.

mod evidence;
mod levels;
mod overview;
mod question;
mod rule;
mod rules;
mod service;
mod team;

pub(super) use levels::LevelsRow;
pub use overview::MaturityPage;
pub use rule::MaturityRulePage;
pub use service::ServiceMaturityPage;
pub use team::TeamMaturityPage;

use backend::maturity::Basis;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Crumb, Moment};

fn crumbs() -> Vec<Crumb> {
    vec![Crumb::new("Maturity", "/maturity")]
}

/// "12 of 90 rules in force": what every level rests on.
fn in_force(basis: &Basis) -> String {
    format!("{} of {} rules in force", basis.rules_in_force, basis.criteria)
}

/// On what and when this was computed; it stays when the page is printed.
#[component]
fn Computed(basis: Basis, now: OffsetDateTime) -> impl IntoView {
    view! {
        <p class="mt-4 text-sm text-ink-2">
            {in_force(&basis)} " of our own reading of the Cloud Native Maturity Model; rules " <code>{basis.model}</code>
            ", certified reading, computed from live facts " <Moment at=basis.as_of now=now /> "."
        </p>
    }
    .into_any()
}
