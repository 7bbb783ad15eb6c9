//! The demo organisation's accounts, as the local identity provider and the local cluster know them.

/// One account; its password is its provider's matter.
pub(crate) struct Account {
    pub(crate) name: &'static str,
    /// As the identity provider says them; the cluster sees `oidc:<group>`.
    pub(crate) groups: &'static [&'static str],
    may: &'static str,
}

/// In the order in which a newcomer would try them.
pub(crate) const ACCOUNTS: [Account; 7] = [
    account("developer", &["payments"], "works on what payments owns"),
    account("lead", &["payments", "payments-leads"], "approves inside payments"),
    account("neighbour", &["search"], "works on what search owns"),
    account("platform", &["platform"], "curates golden paths, approves quotas, sees drift"),
    account("operator", &["platform", "platform-operators"], "clusters, roles, break-glass"),
    account("leadership", &["leadership"], "reads maturity and cost, changes nothing"),
    account("outsider", &[], "signs in and sees whom to ask"),
];

/// Shown when the pages answer.
pub(crate) fn table() -> String {
    let rows = ACCOUNTS.map(|account| format!("    {:<12}{}\n", account.name, account.may)).concat();
    format!("  Demo accounts, password `waymark` for all:\n{rows}")
}

const fn account(name: &'static str, groups: &'static [&'static str], may: &'static str) -> Account {
    Account { name, groups, may }
}
