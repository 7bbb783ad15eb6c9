//! Maturity: levels with the evidence that they rest on, for teams, services and rules.

mod evidence;
mod levels;
mod overview;
mod question;
mod rule;
mod rules;
mod service;
mod team;

pub use overview::MaturityPage;
pub use rule::MaturityRulePage;
pub use service::ServiceMaturityPage;
pub use team::TeamMaturityPage;

use backend::maturity::Basis;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Crumb, Moment};

/// The address of a subject: a team or a service by its reference; nothing for what has no page.
pub(crate) fn subject_path(reference: &str) -> Option<String> {
    match reference.split_once(':')? {
        ("group", rest) => Some(format!("/maturity/teams/{}", rest.strip_prefix("default/").unwrap_or(reference))),
        ("component", _) => Some(format!("/maturity/services/{}", reference.replace(':', "%3A").replace('/', "%2F"))),
        _ => None,
    }
}

pub(crate) fn rule_path(id: &str) -> String {
    format!("/maturity/rules/{id}")
}

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

#[cfg(test)]
mod tests {
    use super::subject_path;

    #[test]
    fn references_lead_to_their_pages() {
        assert_eq!(subject_path("group:default/payments").as_deref(), Some("/maturity/teams/payments"));
        assert_eq!(
            subject_path("component:default/checkout").as_deref(),
            Some("/maturity/services/component%3Adefault%2Fcheckout")
        );
        assert_eq!(subject_path("unowned"), None);
    }
}
