//! The person who makes this request.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;

/// Our own id of a person; never taken from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Uuid);

/// Who is asking. Every operation of `backend` takes one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub person: PersonId,
    /// The account name at the identity provider, such as `developer`.
    pub login: String,
    pub name: String,
    /// Groups as the identity provider last gave them.
    pub groups: Vec<String>,
    pub roles: Vec<Role>,
    /// Names of the catalog groups that the person belongs to, such as `payments`.
    pub teams: Vec<String>,
}

impl Viewer {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn is_member(&self, team: &str) -> bool {
        self.teams.iter().any(|t| t == team)
    }

    /// A team is led by the members of the group `<team>-leads`.
    pub fn leads(&self, team: &str) -> bool {
        self.is_member(team) && self.groups.iter().any(|g| g.strip_suffix("-leads") == Some(team))
    }

    /// The teams that this person leads.
    pub fn led_teams(&self) -> Vec<String> {
        self.teams.iter().filter(|team| self.leads(team)).cloned().collect()
    }

    /// The platform team and the operators see what belongs to any team.
    pub fn sees_all_teams(&self) -> bool {
        self.has(Role::Platform) || self.has(Role::Operator)
    }

    /// Leadership reads the levels of every team, beside those who see everything.
    pub fn sees_all_levels(&self) -> bool {
        self.sees_all_teams() || self.has(Role::Leadership)
    }

    /// Somebody without a team and without a role sees nothing of the organisation yet.
    pub fn is_outsider(&self) -> bool {
        self.teams.is_empty() && self.roles.is_empty()
    }

    /// Stands among the readers of what is hidden from nobody who belongs to the organisation.
    pub const EVERYBODY: &str = "everybody";
    /// Stands among the readers of everything, for those who see what belongs to any team.
    pub const ALL_TEAMS: &str = "all-teams";

    /// What lets the viewer see an entity of the catalog that has one of these among its readers.
    pub fn catalog_readers(&self) -> Vec<String> {
        if self.is_outsider() {
            return Vec::new();
        }
        let everywhere = self.sees_all_teams().then(|| Self::ALL_TEAMS.to_owned());
        everywhere.into_iter().chain([Self::EVERYBODY.to_owned()]).chain(self.team_references()).collect()
    }

    /// The viewer's teams as the catalog names them.
    pub fn team_references(&self) -> Vec<String> {
        self.teams.iter().map(|team| format!("group:default/{team}")).collect()
    }

    /// One or two letters that stand for the person.
    pub fn initials(&self) -> String {
        let letters: Vec<char> = self.name.split_whitespace().filter_map(|word| word.chars().next()).collect();
        match letters.as_slice() {
            [] => "?".to_owned(),
            [only] => only.to_uppercase().collect(),
            [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(groups: &[&str], teams: &[&str]) -> Viewer {
        Viewer {
            person: PersonId(Uuid::nil()),
            login: "developer".into(),
            name: "Dana Velez".into(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
            roles: vec![],
            teams: teams.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    #[test]
    fn who_sees_other_teams() {
        let of = |roles: &[Role]| Viewer { roles: roles.to_vec(), ..viewer(&[], &[]) };
        for (roles, teams, levels) in [
            (vec![], false, false),
            (vec![Role::Leadership], false, true),
            (vec![Role::Platform], true, true),
            (vec![Role::Operator], true, true),
        ] {
            assert_eq!((of(&roles).sees_all_teams(), of(&roles).sees_all_levels()), (teams, levels), "{roles:?}");
        }
    }

    #[test]
    fn leading_needs_both_the_team_and_its_leads_group() {
        assert!(viewer(&["payments", "payments-leads"], &["payments"]).leads("payments"));
        assert!(!viewer(&["payments-leads"], &[]).leads("payments"));
        assert!(!viewer(&["payments", "search-leads"], &["payments"]).leads("payments"));
        assert!(!viewer(&["payments"], &["payments"]).leads("payments"));
        let lead = viewer(&["payments", "search", "search-leads", "pricing-leads"], &["payments", "search"]);
        assert_eq!(lead.led_teams(), ["search"]);
    }

    #[test]
    fn an_outsider_has_neither_team_nor_role() {
        assert!(viewer(&["unknown"], &[]).is_outsider());
        assert!(!viewer(&["payments"], &["payments"]).is_outsider());
        assert!(!Viewer { roles: vec![Role::Leadership], ..viewer(&[], &[]) }.is_outsider());
    }

    #[test]
    fn readers_are_everybody_who_belongs_their_teams_and_those_who_see_all() {
        let of = |teams: &[&str], roles: &[Role]| {
            Viewer { roles: roles.to_vec(), ..viewer(&[], teams) }.catalog_readers().join(" ")
        };
        assert_eq!(of(&[], &[]), "");
        assert_eq!(of(&["payments", "search"], &[]), "everybody group:default/payments group:default/search");
        assert_eq!(of(&[], &[Role::Leadership]), "everybody");
        assert_eq!(of(&[], &[Role::Platform]), "all-teams everybody");
    }

    #[test]
    fn initials_survive_any_name() {
        let named = |name: &str| Viewer { name: name.into(), ..viewer(&[], &[]) }.initials();
        assert_eq!(named("Dana Velez"), "DV");
        assert_eq!(named("ada"), "A");
        assert_eq!(named("  "), "?");
        assert_eq!(named("ß x y"), "SSY");
    }
}
