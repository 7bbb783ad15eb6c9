//! Roles come from groups of the identity provider; configuration says which group gives which role.

use serde::{Deserialize, Serialize};

/// What somebody is to the whole platform, beside the teams they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Curates golden paths, approves quota, sees drift.
    Platform,
    /// Clusters, roles, break-glass.
    Operator,
    /// Reads every maturity and cost page, changes nothing.
    Leadership,
}

/// The group that gives each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGroups {
    pub platform: String,
    pub operator: String,
    pub leadership: String,
}

impl RoleGroups {
    /// The roles of somebody in `groups`, sorted.
    pub fn roles_of(&self, groups: &[String]) -> Vec<Role> {
        [(Role::Platform, &self.platform), (Role::Operator, &self.operator), (Role::Leadership, &self.leadership)]
            .into_iter()
            .filter(|(_, group)| groups.contains(group))
            .map(|(role, _)| role)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role_groups() -> RoleGroups {
        RoleGroups {
            platform: "platform".into(),
            operator: "platform-operators".into(),
            leadership: "leadership".into(),
        }
    }

    #[test]
    fn groups_give_roles_by_exact_name() {
        let of = |groups: &[&str]| role_groups().roles_of(&groups.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["platform", "platform-operators"]), [Role::Platform, Role::Operator]);
        assert_eq!(of(&["leadership"]), [Role::Leadership]);
        assert!(of(&["payments", "Platform", "platform "]).is_empty());
        assert!(of(&[]).is_empty());
    }
}
