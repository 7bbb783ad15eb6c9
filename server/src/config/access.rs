//! Which groups give which roles, and how long a session lives.

use backend::access::SessionLife;
use domain::access::RoleGroups;

use super::Vars;

#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// `WAYMARK_GROUP_PLATFORM`, `WAYMARK_GROUP_OPERATOR`, `WAYMARK_GROUP_LEADERSHIP`
    pub role_groups: RoleGroups,
    pub session_life: SessionLife,
}

const HOUR: f64 = 3600.0;

impl AccessConfig {
    pub(super) fn read(vars: &mut Vars) -> Self {
        let role_groups = RoleGroups {
            platform: vars.text("WAYMARK_GROUP_PLATFORM", "platform"),
            operator: vars.text("WAYMARK_GROUP_OPERATOR", "platform-operators"),
            leadership: vars.text("WAYMARK_GROUP_LEADERSHIP", "leadership"),
        };
        let session_life = SessionLife {
            idle_secs: 8.0 * HOUR,
            absolute_secs: 24.0 * HOUR,
            operator_absolute_secs: 12.0 * HOUR,
            operator_group: role_groups.operator.clone(),
        };
        Self { role_groups, session_life }
    }
}
