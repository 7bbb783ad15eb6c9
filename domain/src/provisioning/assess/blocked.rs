//! Where nothing may be written, or nobody answers.

use super::{
    super::{ConditionStatus, ConditionType as T, Standing, Verdict},
    reachable,
};

/// Why nothing is written to a namespace at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked<'a> {
    Standing(&'a Standing),
    /// The namespace already carries a later revision than the one that was read.
    Outrun,
    /// The cluster refused what a pass begins with.
    Refused {
        reason: &'a str,
        message: &'a str,
    },
}

use ConditionStatus::{False, True, Unknown};

/// The conditions where the pass stopped before its first write.
pub fn blocked(why: Blocked<'_>) -> Vec<Verdict> {
    let (reason, message, active) = match why {
        Blocked::Refused { reason, message } => (reason, message, Unknown),
        Blocked::Standing(Standing::Foreign) => {
            let message = "A namespace of this name exists and was not made by the platform. Nothing was written to it. \
                           Choose another name, or ask the platform team to adopt it.";
            let mut verdicts = stalled("AdoptionPending", message, True);
            verdicts.push(Verdict::new(T::AdoptionPending, True, "NotOurs", message));
            return verdicts;
        }
        Blocked::Standing(Standing::Terminating { .. }) => (
            "Terminating",
            "The namespace is being deleted in the cluster. Nothing is written until it is gone.",
            False,
        ),
        Blocked::Standing(Standing::Lost) => (
            "Lost",
            "Somebody deleted the namespace and what it held. Ask the platform team to make it again, empty.",
            False,
        ),
        Blocked::Standing(Standing::Replaced { .. }) => (
            "IdentityChanged",
            "Somebody deleted the namespace and made another of the same name. Nothing was written to it. \
             Ask the platform team to look at it.",
            True,
        ),
        Blocked::Standing(Standing::Absent | Standing::Ours { .. }) | Blocked::Outrun => {
            ("Outrun", "The namespace already carries a later change. It is read again shortly.", True)
        }
    };
    stalled(reason, message, active)
}

fn stalled(reason: &str, message: &str, active: ConditionStatus) -> Vec<Verdict> {
    vec![
        Verdict::new(T::Ready, False, reason, message),
        Verdict::new(T::NamespaceActive, active, reason, message),
        Verdict::new(T::Stalled, True, reason, message),
        reachable(),
    ]
}

/// Of every namespace of a cluster that does not answer.
pub fn unreachable(reason: &str, message: &str) -> Vec<Verdict> {
    vec![
        Verdict::new(T::Ready, Unknown, "ClusterUnreachable", message),
        Verdict::new(T::ClusterReachable, False, reason, message),
    ]
}
