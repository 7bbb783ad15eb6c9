//! The demo organisation's accounts, as the local identity provider knows them.

/// Account and what it may do, in the order in which a newcomer would try them.
const ACCOUNTS: [(&str, &str); 7] = [
    ("developer", "works on what payments owns"),
    ("lead", "approves inside payments"),
    ("neighbour", "works on what search owns"),
    ("platform", "curates golden paths, approves quotas, sees drift"),
    ("operator", "clusters, roles, break-glass"),
    ("leadership", "reads maturity and cost, changes nothing"),
    ("outsider", "signs in and sees whom to ask"),
];

/// Shown when the pages answer.
pub(crate) fn table() -> String {
    let rows = ACCOUNTS.map(|(account, may)| format!("    {account:<12}{may}\n")).concat();
    format!("  Demo accounts, password `waymark` for all:\n{rows}")
}
