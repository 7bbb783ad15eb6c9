//! The rules that this version of the platform ships. They are compiled in, so that program and rules are one version,
//! and lie in a folder of their own, because they are reviewed by people who read no Rust.

use std::sync::LazyLock;

use domain::maturity::{Fault, Rule};
use sha2::{Digest, Sha256};

use super::read_document;
use crate::{Error, Result};

/// All rules in force, and what they are called together.
#[derive(Clone, Debug)]
pub struct Model {
    /// By id.
    pub rules: Vec<Rule>,
    /// The beginning of the hash over all documents: two results with the same one were computed by the same rules.
    pub hash: String,
}

/// The criteria of the whole model; those without a rule wait for a source of evidence.
pub const CRITERIA: usize = 90;

macro_rules! rules {
    ($($id:literal)*) => {
        [$(($id, include_str!(concat!("../../../maturity-rules/", $id, ".yaml")))),*]
    };
}

/// Sorted by id.
const DOCUMENTS: [(&str, &str); 12] = rules! {
    "BUS-1.2" "PEO-1.1" "POL-2.1" "POL-3.2" "PRO-1.1" "PRO-3.1" "PRO-3.2" "TEC-1.1" "TEC-1.2" "TEC-1.3" "TEC-2.1" "TEC-2.2"
};

static MODEL: LazyLock<std::result::Result<Model, (&str, Fault)>> = LazyLock::new(|| {
    let read = |(id, text): &(&'static str, &str)| {
        read_document(text).and_then(|doc| Rule::read(&doc)).map_err(|fault| (*id, fault))
    };
    let rules = DOCUMENTS.iter().map(read).collect::<std::result::Result<Vec<_>, _>>()?;
    let hash = DOCUMENTS.iter().fold(Sha256::new(), |hash, (_, text)| hash.chain_update(text)).finalize();
    Ok(Model { rules, hash: hex::encode(&hash[..6]) })
});

impl Model {
    /// The model of this version.
    pub fn shipped() -> Result<&'static Self> {
        MODEL.as_ref().map_err(|(id, fault)| Error::internal(format!("the rule {id}: {}", fault.message)))
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use domain::maturity::{Predicate, RuleSubject, Test};

    use super::*;

    #[test]
    fn every_document_in_the_folder_is_a_rule_of_its_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../maturity-rules");
        let files: BTreeSet<String> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        let shipped: BTreeSet<String> = DOCUMENTS.iter().map(|(id, _)| format!("{id}.yaml")).collect();
        assert_eq!(files, shipped);
        let model = Model::shipped().unwrap();
        for (rule, (id, _)) in model.rules.iter().zip(DOCUMENTS) {
            assert_eq!(rule.id, id);
            // The id says where the rule stands.
            let (dimension, level) = id.split_once('-').unwrap();
            assert!(rule.dimension.word().starts_with(&dimension.to_lowercase()), "{id}");
            assert_eq!(level.split_once('.').unwrap().0, rule.level.to_string(), "{id}");
        }
    }

    #[test]
    fn every_rule_says_why_and_how_and_names_what_it_reads() {
        for rule in &Model::shipped().unwrap().rules {
            let id = &rule.id;
            assert!(rule.why.as_ref().is_some_and(|why| why.ends_with('.')), "{id}");
            assert!(rule.fix.doc.as_ref().is_some_and(|doc| doc.ends_with('.')), "{id}");
            assert!(matches!(rule.fix.effort.as_deref(), Some("S" | "M" | "L")), "{id}");
            assert!(!rule.title.ends_with('.') && rule.title != *id, "{id}");
            assert_ne!(rule.subject, RuleSubject::Organisation, "{id}: nobody collects facts about units yet");
            let mut paths = Vec::new();
            rule.scope.iter().for_each(|scope| collect(scope, &mut paths));
            if let Test::Expect(expect) = &rule.test {
                collect(expect, &mut paths);
            }
            for path in paths.iter().filter(|path| *path != "catalog.lifecycle") {
                let is_named = rule.needs.iter().any(|fact| path == fact || path.starts_with(&format!("{fact}.")));
                // A rule with samples may name only the fact of its samples.
                assert!(is_named || matches!(rule.test, Test::Sustain(_)), "{id} reads {path} and does not need it");
            }
            for fact in &rule.needs {
                assert!(
                    crate::maturity::collect::COLLECTED.contains(&fact.as_str()) || fact == "idp.directory",
                    "{id}: nobody collects {fact}"
                );
            }
        }
    }

    fn collect(predicate: &Predicate, paths: &mut Vec<String>) {
        match predicate {
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| collect(part, paths)),
            Predicate::Not(part) => collect(part, paths),
            Predicate::Compare(comparison) => paths.push(comparison.path.to_string()),
            Predicate::Every { list, condition, .. } | Predicate::Some { list, condition } => {
                paths.push(list.to_string());
                collect(condition, paths);
            }
            Predicate::Attested(_) | Predicate::Cel(_) => {}
        }
        paths.retain(|path| !path.starts_with("item"));
    }
}
