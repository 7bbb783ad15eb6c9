//! Who may sign in to the local API server, each with a token of its own.

use crate::stack::accounts::ACCOUNTS;

pub(super) const ADMINISTRATOR: &str = "administrator";
/// The platform's own restricted identity; what it may do stands in `deploy/cluster/`.
pub(super) const PLATFORM: &str = "waymark";
const MASTERS: &str = "system:masters";

/// One line of the token file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// What its kubeconfig is called.
    pub(super) name: &'static str,
    user: String,
    groups: Vec<String>,
    pub(super) token: String,
    /// Whether `stack status` names its kubeconfig.
    pub(super) is_public: bool,
}

/// Every identity, with the token that an earlier file gave its user, else with a new one.
pub(super) fn settle(before: &str) -> Vec<Identity> {
    let own = |name: &'static str, user: &str, groups: &[&str], is_public: bool| Identity {
        name,
        user: user.to_owned(),
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
        token: token_of(before, user).unwrap_or_else(|| hex::encode(rand::random::<[u8; 24]>())),
        is_public,
    };
    let mut identities = vec![
        own(ADMINISTRATOR, ADMINISTRATOR, &[MASTERS], false),
        own("controller-manager", "system:kube-controller-manager", &[], false),
        own("scheduler", "system:kube-scheduler", &[], false),
        own("kwok", "kwok", &[MASTERS], false),
        own("flux", "flux", &[MASTERS], false),
        own(PLATFORM, PLATFORM, &[], true),
    ];
    identities.extend(ACCOUNTS.map(|account| {
        let groups: Vec<String> = account.groups.iter().map(|group| format!("oidc:{group}")).collect();
        Identity { groups, ..own(account.name, &format!("oidc:{}", account.name), &[], true) }
    }));
    identities
}

/// The file that `--token-auth-file` reads: token, user, uid and, where there are any, groups in quotes.
pub(super) fn csv(identities: &[Identity]) -> String {
    let line = |identity: &Identity| {
        let groups = match identity.groups.join(",") {
            none if none.is_empty() => String::new(),
            groups => format!(",\"{groups}\""),
        };
        format!("{},{user},{user}{groups}\n", identity.token, user = identity.user)
    };
    identities.iter().map(line).collect()
}

fn token_of(before: &str, user: &str) -> Option<String> {
    let fields = before.lines().filter_map(|line| line.split_once(','));
    let mut tokens = fields.filter(|(_, rest)| rest.split(',').next() == Some(user));
    tokens.next().map(|(token, _)| token.to_owned()).filter(|token| token.len() == 48)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_of_the_provider_with_its_prefix() {
        let identities = settle("");
        let text = csv(&identities);
        let line = |user: &str| {
            let marked = format!(",{user},{user}");
            let found = text.lines().find_map(|line| line.split_once(&marked).map(|(_, groups)| groups.to_owned()));
            found.unwrap_or_else(|| panic!("{user} is missing in {text}"))
        };
        assert_eq!(line("administrator"), ",\"system:masters\"");
        assert_eq!(line("oidc:lead"), ",\"oidc:payments,oidc:payments-leads\"");
        assert_eq!(line("oidc:outsider"), "");
        assert_eq!(line("waymark"), "");
        assert_eq!(text.lines().count(), 13);
    }

    #[test]
    fn tokens_differ_and_stay() {
        let first = settle("");
        let mut tokens: Vec<_> = first.iter().map(|identity| &identity.token).collect();
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), first.len());
        assert_eq!(settle(&csv(&first)), first);
        assert_ne!(settle(",waymark,waymark\n").iter().find(|i| i.name == PLATFORM).unwrap().token, "");
    }

    #[test]
    fn only_people_and_the_platform_are_handed_out() {
        let public: Vec<_> = settle("").into_iter().filter(|identity| identity.is_public).collect();
        assert_eq!(public.len(), ACCOUNTS.len() + 1);
        assert!(public.iter().all(|identity| !identity.groups.iter().any(|group| group == MASTERS)));
    }
}
