//! The one sentence about an entity that the platform does not deliver itself: what it is, whose, where it runs, what
//! depends on it, and what changed last.

use time::OffsetDateTime;

use super::{EntityRef, running::rank};
use crate::sentence::{Fact, listed};

/// What is known of an entity.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    pub reference: &'a EntityRef,
    /// What people call it.
    pub name: &'a str,
    pub spec_type: Option<&'a str>,
    pub lifecycle: Option<&'a str>,
    /// Full reference.
    pub owner: Option<&'a str>,
    pub may_have_owner: bool,
    pub described_at: OffsetDateTime,
    /// Since when its source does not describe it any more.
    pub orphaned_at: Option<OffsetDateTime>,
    /// Since when its source cannot be read.
    pub stale_since: Option<OffsetDateTime>,
    /// Relations of the viewer's catalog, such as `ownerOf`, each with how many there are.
    pub relations: Vec<(&'a str, i64)>,
    /// `None`: it cannot run, or no cluster is connected.
    pub runs: Option<Runs<'a>>,
    /// Of one to five, with when it was worked out; `None`: it has none, or it is not the viewer's to see.
    pub level: Option<(Option<u8>, OffsetDateTime)>,
    pub last_change: Option<(LastWords, OffsetDateTime)>,
}

/// What runs of it, as clusters said.
#[derive(Clone, Debug)]
pub struct Runs<'a> {
    /// Of all clusters that were asked.
    pub clusters: Vec<&'a str>,
    /// The oldest answer of them; `None`: some were not listed in full yet.
    pub heard_at: Option<OffsetDateTime>,
    pub workloads: Vec<Workload<'a>>,
    /// There are more workloads than these.
    pub is_cut: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Workload<'a> {
    pub environment: Option<&'a str>,
    pub cluster: &'a str,
    /// Pods that are ready and that should run; `None` where that is not known, or runs at times.
    pub pods: Option<(u32, u32)>,
}

/// What happened to it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastWords {
    Appeared,
    ChangedInGit,
    ChangedHere,
    Renamed,
    Adopted,
}

/// The facts in reading order; `now` is when the relations were counted.
pub fn standing(of: &Standing<'_>, now: OffsetDateTime) -> Vec<Fact> {
    let mut facts = vec![catalog(format!("{} is {}", of.name, what(of)), of.described_at)];
    facts.extend(doubt(of));
    if of.may_have_owner {
        facts.push(match of.owner {
            Some(owner) => catalog(format!("owned by {}", short(owner)), of.described_at),
            None => catalog("nobody owns it".to_owned(), of.described_at),
        });
    }
    facts.extend(of.runs.as_ref().map(runs));
    let counted = related(&of.relations);
    facts.extend((!counted.is_empty()).then(|| catalog(counted, now)));
    facts.extend(of.level.map(|(level, at)| Fact {
        text: level.map_or_else(|| "its level is not known yet".to_owned(), |level| format!("its level is {level}")),
        source: "evidence".to_owned(),
        at: Some(at),
    }));
    facts.extend(of.last_change.map(|(words, at)| last(words, at)));
    facts
}

fn catalog(text: String, at: OffsetDateTime) -> Fact {
    Fact { text, source: "catalog".to_owned(), at: Some(at) }
}

fn short(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

fn what(of: &Standing<'_>) -> String {
    let words: Vec<&str> = match of.reference.kind() {
        "component" => [of.lifecycle, Some(of.spec_type.unwrap_or("component"))].into_iter().flatten().collect(),
        "api" => [of.lifecycle, of.spec_type, Some("API")].into_iter().flatten().collect(),
        "resource" => [of.spec_type, Some("resource")].into_iter().flatten().collect(),
        "group" => vec![of.spec_type.unwrap_or("group")],
        "user" => vec!["person"],
        "template" => vec!["template"],
        "location" => vec!["pointer to files that describe others"],
        kind => [of.spec_type, Some(kind)].into_iter().flatten().collect(),
    };
    let words = words.join(" ");
    let is_vowel = words.chars().next().is_some_and(|first| "aeioAEIO".contains(first));
    format!("{} {words}", if is_vowel { "an" } else { "a" })
}

/// Why what stands here may not hold.
fn doubt(of: &Standing<'_>) -> Option<Fact> {
    let said = |text: &str, at| Fact { text: text.to_owned(), source: "its source".to_owned(), at: Some(at) };
    let orphaned = of.orphaned_at.map(|at| said("nothing describes it any more", at));
    orphaned.or_else(|| of.stale_since.map(|at| said("its source cannot be read, so this may be out of date", at)))
}

fn runs(runs: &Runs<'_>) -> Fact {
    let clusters = match runs.clusters.as_slice() {
        [only] => format!("cluster {only}"),
        several => format!("clusters {}", listed(several)),
    };
    let text = match (runs.workloads.is_empty(), runs.heard_at) {
        (true, None) => "where it runs is not known yet".to_owned(),
        (true, Some(_)) => "nothing that runs carries its mark".to_owned(),
        (false, _) => format!("it runs {}", places(runs)),
    };
    Fact { text, source: clusters, at: runs.heard_at }
}

/// Environments in the order in which a change travels, and the pods of all together.
fn places(runs: &Runs<'_>) -> String {
    let mut environments: Vec<&str> = runs.workloads.iter().filter_map(|workload| workload.environment).collect();
    environments.sort_by_key(|name| (rank(Some(name)), *name));
    environments.dedup();
    let count = runs.workloads.len();
    let place = match (environments.is_empty(), runs.is_cut, count) {
        (true, true, _) => format!("in more than {count} places"),
        (true, false, 1) => "in one place".to_owned(),
        (true, false, _) => format!("in {count} places"),
        (false, ..) => format!("in {}", listed(&environments)),
    };
    let known: Option<Vec<(u32, u32)>> = runs.workloads.iter().map(|workload| workload.pods).collect();
    match known.filter(|_| !runs.is_cut) {
        Some(pods) => {
            let (ready, wanted) = pods.iter().fold((0, 0), |(r, w), (ready, wanted)| (r + ready, w + wanted));
            format!("{place}, {ready} of {wanted} pods ready")
        }
        None => place,
    }
}

/// What others have to do with it; what it has to do with others stands below the sentence.
fn related(relations: &[(&str, i64)]) -> String {
    let said = |(relation, count): &(&str, i64)| {
        let (one, several) = match *relation {
            "hasPart" => ("it has one part", "it has {} parts"),
            "hasMember" => ("one person belongs to it", "{} people belong to it"),
            "ownerOf" => ("it owns one thing", "it owns {} things"),
            "apiProvidedBy" => ("one component provides it", "{} components provide it"),
            "apiConsumedBy" => ("one uses it", "{} use it"),
            "dependencyOf" => ("one depends on it", "{} depend on it"),
            _ => return None,
        };
        Some(if *count == 1 { one.to_owned() } else { several.replace("{}", &count.to_string()) })
    };
    let said: Vec<String> = relations.iter().filter(|(_, count)| *count > 0).filter_map(said).collect();
    listed(&said.iter().map(String::as_str).collect::<Vec<_>>())
}

fn last(words: LastWords, at: OffsetDateTime) -> Fact {
    let (text, source) = match words {
        LastWords::Appeared => ("unchanged since it came into the catalog", "catalog"),
        LastWords::ChangedInGit => ("its description changed last", "Git"),
        LastWords::ChangedHere => ("its description changed last", "catalog"),
        LastWords::Renamed => ("it was renamed last", "catalog"),
        LastWords::Adopted => ("somebody adopted it", "catalog"),
    };
    Fact { text: text.to_owned(), source: source.to_owned(), at: Some(at) }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);

    fn of(reference: &EntityRef) -> Standing<'_> {
        Standing {
            reference,
            name: reference.name(),
            spec_type: None,
            lifecycle: None,
            owner: Some("group:default/payments"),
            may_have_owner: true,
            described_at: NOW,
            orphaned_at: None,
            stale_since: None,
            relations: Vec::new(),
            runs: None,
            level: None,
            last_change: None,
        }
    }

    fn texts(of: &Standing<'_>) -> Vec<String> {
        standing(of, NOW).into_iter().map(|fact| fact.text).collect()
    }

    #[test]
    fn each_kind_is_called_what_people_call_it() {
        for (kind, spec_type, lifecycle, expected) in [
            ("component", Some("service"), Some("production"), "a production service"),
            ("component", None, None, "a component"),
            ("api", Some("openapi"), Some("experimental"), "an experimental openapi API"),
            ("resource", Some("database"), None, "a database resource"),
            ("system", None, None, "a system"),
            ("group", Some("team"), None, "a team"),
            ("user", None, None, "a person"),
            ("robot", Some("arm"), None, "an arm robot"),
        ] {
            let reference = EntityRef::new(kind, "default", "it").unwrap();
            let of = Standing { spec_type, lifecycle, ..of(&reference) };
            assert_eq!(texts(&of), [format!("it is {expected}"), "owned by payments".to_owned()]);
        }
    }

    #[test]
    fn what_runs_is_told_by_environment_and_what_is_not_known_is_no_number() {
        let reference = EntityRef::new("component", "default", "ledger").unwrap();
        let at = |environment, pods| Workload { environment, cluster: "local", pods };
        let told = |workloads: Vec<Workload<'static>>, heard_at| {
            let runs = Runs { clusters: vec!["local"], heard_at, workloads, is_cut: false };
            texts(&Standing { runs: Some(runs), ..of(&reference) }).remove(2)
        };
        assert_eq!(
            told(vec![at(Some("prod"), Some((1, 2))), at(Some("dev"), Some((1, 1)))], Some(NOW)),
            "it runs in dev and prod, 2 of 3 pods ready"
        );
        assert_eq!(told(vec![at(None, None)], Some(NOW)), "it runs in one place");
        assert_eq!(told(vec![], Some(NOW)), "nothing that runs carries its mark");
        assert_eq!(told(vec![], None), "where it runs is not known yet");
    }

    #[test]
    fn relations_are_counted_levels_told_and_doubts_come_early() {
        let reference = EntityRef::new("system", "default", "orders").unwrap();
        let of = Standing {
            owner: None,
            relations: vec![("hasPart", 3), ("dependencyOf", 1), ("partOf", 1), ("ownerOf", 0)],
            stale_since: Some(NOW),
            level: Some((None, NOW)),
            last_change: Some((LastWords::ChangedInGit, NOW)),
            ..of(&reference)
        };
        assert_eq!(
            texts(&of),
            [
                "orders is a system",
                "its source cannot be read, so this may be out of date",
                "nobody owns it",
                "it has 3 parts and one depends on it",
                "its level is not known yet",
                "its description changed last",
            ]
        );
        let gone = Standing { orphaned_at: Some(NOW), ..of };
        assert_eq!(texts(&gone)[1], "nothing describes it any more");
    }
}
