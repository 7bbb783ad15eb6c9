//! The one sentence about a service: what runs where, which version, who owns it, what changed last.

use time::OffsetDateTime;

use crate::sentence::{Fact, listed};

/// What is known of one environment.
#[derive(Clone, Debug)]
pub struct EnvironmentFact {
    pub environment: String,
    pub cluster: String,
    /// Version that the workloads name; `None` when nothing runs or nothing is known.
    pub version: Option<String>,
    pub is_starter: bool,
    pub ready: u32,
    pub desired: u32,
    /// Nothing stands in the way.
    pub is_well: bool,
    pub observed_at: Option<OffsetDateTime>,
    /// What the branch holds for it and what does not run there.
    pub unreleased: Option<Fact>,
}

/// The latest commit.
#[derive(Clone, Debug)]
pub struct LastChange {
    pub author: String,
    pub subject: String,
    pub at: OffsetDateTime,
}

/// The facts in reading order. Environments with the same version are told together.
pub fn sentence(
    service: &str,
    environments: &[EnvironmentFact],
    owner: Option<(&str, OffsetDateTime)>,
    last: Option<&LastChange>,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut rest: Vec<&EnvironmentFact> = environments.iter().collect();
    while let Some(first) = rest.first().copied() {
        let same = |e: &&EnvironmentFact| running(e) == running(first) && e.cluster == first.cluster;
        let together: Vec<&EnvironmentFact> = rest.iter().copied().filter(same).collect();
        rest.retain(|e| !same(e));
        let subject = if facts.is_empty() { service } else { "it" };
        facts.push(runs(subject, &together));
    }
    facts.extend(environments.iter().filter_map(|environment| environment.unreleased.clone()));
    if facts.is_empty() {
        facts.push(Fact {
            text: format!("{service} is delivered nowhere by Waymark"),
            source: "Waymark".into(),
            at: None,
        });
    }
    facts.push(match owner {
        Some((owner, at)) => Fact { text: format!("owned by {owner}"), source: "catalog".into(), at: Some(at) },
        None => Fact { text: "nobody owns it".into(), source: "catalog".into(), at: None },
    });
    if let Some(last) = last {
        let text = format!("changed last by {} with “{}”", last.author, last.subject);
        facts.push(Fact { text, source: "Git".into(), at: Some(last.at) });
    }
    facts
}

/// What is said of an environment, apart from its name.
fn running(e: &EnvironmentFact) -> (Option<&str>, bool, bool, bool) {
    (e.version.as_deref(), e.is_starter, e.observed_at.is_some(), e.is_well)
}

fn runs(subject: &str, together: &[&EnvironmentFact]) -> Fact {
    let names: Vec<&str> = together.iter().map(|e| e.environment.as_str()).collect();
    let places = listed(&names);
    let first = together.first();
    let source = first.map(|e| format!("cluster {}", e.cluster)).unwrap_or_default();
    let at = together.iter().map(|e| e.observed_at).min().flatten();
    let what = match first.map(|e| running(e)) {
        Some((Some(version), true, ..)) => format!("{subject} runs the starter image {version} in {places}"),
        Some((Some(version), false, ..)) => format!("{subject} runs {version} in {places}"),
        Some((None, _, true, _)) => format!("{subject} does not run in {places} yet"),
        _ => format!("what {subject} runs in {places} is not known yet"),
    };
    let (ready, desired) = together.iter().fold((0, 0), |(r, d), e| (r + e.ready, d + e.desired));
    let text = match desired {
        0 => what,
        _ if together.iter().all(|e| e.is_well) => format!("{what}, {ready} of {desired} pods ready"),
        _ => format!("{what}, {ready} of {desired} pods ready and something in the way"),
    };
    Fact { text, source, at }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn environment(name: &str, version: Option<&str>) -> EnvironmentFact {
        EnvironmentFact {
            environment: name.into(),
            cluster: "local".into(),
            version: version.map(str::to_owned),
            is_starter: false,
            ready: 2,
            desired: if version.is_some() { 2 } else { 0 },
            is_well: true,
            observed_at: Some(NOW),
            unreleased: None,
        }
    }

    fn texts(facts: &[Fact]) -> Vec<&str> {
        facts.iter().map(|fact| fact.text.as_str()).collect()
    }

    #[test]
    fn what_is_the_same_is_said_once() {
        let environments =
            [environment("dev", Some("1.5")), environment("staging", Some("1.5")), environment("prod", Some("1.4"))];
        let last = LastChange { author: "developer".into(), subject: "More replicas".into(), at: NOW };
        let facts = sentence("checkout", &environments, Some(("payments", NOW)), Some(&last));
        assert_eq!(
            texts(&facts),
            [
                "checkout runs 1.5 in dev and staging, 4 of 4 pods ready",
                "it runs 1.4 in prod, 2 of 2 pods ready",
                "owned by payments",
                "changed last by developer with “More replicas”",
            ]
        );
        assert_eq!((facts[0].source.as_str(), facts[0].at), ("cluster local", Some(NOW)));
    }

    #[test]
    fn what_is_not_released_stands_behind_what_runs() {
        let text = "main is 1 commit ahead of what prod runs: a differs".to_owned();
        let fact = Fact { text, source: "Git".into(), at: Some(NOW) };
        let prod = EnvironmentFact { unreleased: Some(fact.clone()), ..environment("prod", Some("1.5")) };
        let facts = sentence("checkout", &[environment("dev", Some("1.5")), prod], None, None);
        assert_eq!(facts[1], fact);
        assert_eq!(texts(&facts)[0], "checkout runs 1.5 in dev and prod, 4 of 4 pods ready");
    }

    #[test]
    fn starter_unknown_and_nothing_are_three_things() {
        let mut starter = environment("dev", Some("5f0c"));
        starter.is_starter = true;
        let nothing = environment("staging", None);
        let mut unknown = environment("prod", None);
        unknown.observed_at = None;
        let facts = sentence("checkout", &[starter, nothing, unknown], None, None);
        assert_eq!(
            texts(&facts),
            [
                "checkout runs the starter image 5f0c in dev, 2 of 2 pods ready",
                "it does not run in staging yet",
                "what it runs in prod is not known yet",
                "nobody owns it",
            ]
        );
        assert_eq!(facts[2].at, None);
        assert_eq!(texts(&sentence("checkout", &[], None, None))[0], "checkout is delivered nowhere by Waymark");
    }

    #[test]
    fn trouble_is_not_passed_over() {
        let mut broken = environment("dev", Some("1.5"));
        (broken.ready, broken.is_well) = (1, false);
        let facts = sentence("checkout", &[broken, environment("staging", Some("1.5"))], None, None);
        assert_eq!(facts[0].text, "checkout runs 1.5 in dev, 1 of 2 pods ready and something in the way");
        assert_eq!(facts[1].text, "it runs 1.5 in staging, 2 of 2 pods ready");
    }
}
