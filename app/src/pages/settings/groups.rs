//! What the identity provider says somebody is, and what follows from it.

use domain::access::{Role, RoleGroups, Viewer};
use leptos::prelude::*;

use crate::components::{EmptyState, RowItem, Rows};

pub(super) fn table(viewer: &Viewer, roles: &RoleGroups) -> AnyView {
    if viewer.groups.is_empty() {
        return view! { <EmptyState sentence="Your identity provider names no group of yours. Ask the lead of your team, or the platform team, to add you to one; then sign out and in again." /> }
            .into_any();
    }
    let rows = viewer.groups.iter().map(|group| {
        let meaning = meaning(group, viewer, roles);
        let group = group.clone();
        view! { <RowItem detail=meaning><code class="wrap-anywhere">{group}</code></RowItem> }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <Rows>{rows}</Rows>
        <p class="mt-2 text-sm text-ink-2">
            "Groups come from your identity provider, each time you sign in. Teams are the groups that the catalog knows; which group gives a role is set by whoever runs Waymark."
        </p>
    }
    .into_any()
}

/// Everything that a group gives, in one sentence.
fn meaning(group: &str, viewer: &Viewer, roles: &RoleGroups) -> String {
    let role = roles.roles_of(&[group.to_owned()]).into_iter().map(|role| match role {
        Role::Platform => {
            "the role platform: curates golden paths, decides about accelerators, sees every team".to_owned()
        }
        Role::Operator => "the role operator: clusters and roles, sees every team; its sessions are shorter".to_owned(),
        Role::Leadership => "the role leadership: reads the levels of all teams".to_owned(),
    });
    let team = viewer.is_member(group).then(|| format!("the team {group}"));
    let led = group.strip_suffix("-leads").filter(|team| viewer.leads(team));
    let lead = led.map(|team| format!("leading {team}: decides what goes to production"));
    let given: Vec<String> = role.chain(team).chain(lead).collect();
    match given.is_empty() {
        true => "Gives nothing here: no team of this name is in the catalog, and it gives no role.".to_owned(),
        false => format!("Gives {}.", given.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json;

    use super::*;

    #[test]
    fn every_group_says_what_it_gives() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let viewer = Viewer {
            person: serde_json::from_str("\"00000000-0000-0000-0000-000000000000\"").unwrap(),
            login: "lead".into(),
            name: "Lead".into(),
            groups: names(&["payments", "payments-leads", "platform", "chess"]),
            roles: vec![Role::Platform],
            teams: names(&["payments"]),
        };
        let roles =
            RoleGroups { platform: "platform".into(), operator: "operators".into(), leadership: "leadership".into() };
        let of = |group: &str| meaning(group, &viewer, &roles);
        assert_eq!(of("payments"), "Gives the team payments.");
        assert_eq!(of("payments-leads"), "Gives leading payments: decides what goes to production.");
        assert!(of("platform").starts_with("Gives the role platform"));
        assert!(of("chess").starts_with("Gives nothing here"));
    }
}
