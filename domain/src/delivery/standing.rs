//! Whether a commit has arrived in an environment and runs there.

use super::{observed::Observed, trouble::troubles};
use crate::scaffold::tree::CommitId;

/// How far an environment has come with a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The commit, or a later one, is applied, and all replicas are available.
    Ready,
    /// Not yet; the sentence says what is missing, in the engine's own words where it refuses.
    UnderWay(String),
}

/// `is_reached` says of a commit whether it is the wanted one or a later one.
pub fn standing(observed: Option<&Observed>, wanted: &CommitId, is_reached: impl Fn(&CommitId) -> bool) -> Standing {
    let Some(observed) = observed else {
        return Standing::UnderWay("nobody has looked at it yet.".to_owned());
    };
    let troubles = troubles(observed);
    let is_synced = observed.sync.as_ref().and_then(|sync| sync.applied.as_ref()).is_some_and(is_reached);
    if is_synced && observed.is_available() {
        return Standing::Ready;
    }
    if let Some(trouble) = troubles.first() {
        return Standing::UnderWay(format!("{} {}", trouble.said, trouble.remedy));
    }
    let short = wanted.as_str().get(..7).unwrap_or_default();
    Standing::UnderWay(match (is_synced, observed.workloads.is_empty()) {
        (false, _) => format!("the delivery engine has not applied commit {short} yet."),
        (true, true) => "the commit is applied and describes nothing that runs.".to_owned(),
        (true, false) => {
            let (ready, desired) = observed.replicas();
            format!("{ready} of {desired} pods are ready.")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::trouble::tests::{observed, refused};
    use super::*;

    #[test]
    fn ready_needs_the_commit_and_its_pods() {
        let wanted: CommitId = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
        let of = |observed: &Observed, reached: bool| standing(Some(observed), &wanted, |_| reached);
        assert_eq!(of(&observed(), true), Standing::Ready);
        let Standing::UnderWay(why) = of(&observed(), false) else { panic!("an older commit counts as this one") };
        assert!(why.contains("0123456"), "{why}");
        let mut starting = observed();
        starting.workloads[0].is_available = false;
        starting.workloads[0].ready = 1;
        assert_eq!(of(&starting, true), Standing::UnderWay("1 of 2 pods are ready.".into()));
        let mut nothing = observed();
        nothing.workloads.clear();
        assert!(matches!(of(&nothing, true), Standing::UnderWay(_)));
        assert!(matches!(standing(None, &wanted, |_| true), Standing::UnderWay(_)));
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words() {
        let wanted: CommitId = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
        let Standing::UnderWay(why) = standing(Some(&refused("exceeded quota: waymark-gpu")), &wanted, |_| true) else {
            panic!("refused pods count as ready")
        };
        assert!(why.starts_with("exceeded quota: waymark-gpu"), "{why}");
    }
}
