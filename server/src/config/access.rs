//! Which groups give which roles, how long a session lives, and how people sign in to the cluster.

use backend::{access::SessionLife, delivery::KubectlLogin};
use domain::access::RoleGroups;

use super::Vars;

#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// `WAYMARK_GROUP_PLATFORM`, `WAYMARK_GROUP_OPERATOR`, `WAYMARK_GROUP_LEADERSHIP`
    pub role_groups: RoleGroups,
    pub session_life: SessionLife,
}

/// `WAYMARK_KUBECTL_LOGIN`: the command line by which clients of the cluster get a credential, in words as a shell would
/// split them; no shell ever reads it.
pub(super) fn kubectl_login(vars: &mut Vars) -> Option<KubectlLogin> {
    let line = vars.optional("WAYMARK_KUBECTL_LOGIN")?;
    let login = shlex::split(&line).and_then(KubectlLogin::of);
    if login.is_none() {
        let must = "it must be a command with its arguments, such as kubectl oidc-login get-token \
                    --oidc-issuer-url=https://id.example.com; close every quotation mark";
        vars.problem("WAYMARK_KUBECTL_LOGIN", must);
    }
    login
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
