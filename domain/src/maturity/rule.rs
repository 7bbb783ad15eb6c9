//! Rules: one criterion each, as a document that people review.

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::{
    document::{self, Doc, Fault, Fields, Read},
    number::{self, Exact},
    predicate::{self, Predicate},
};

/// The five dimensions of the Cloud Native Maturity Model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    BusinessOutcomes,
    People,
    Policy,
    Process,
    Technology,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSubject {
    Service,
    Team,
    /// Units that are below no other.
    Organisation,
}

/// One criterion with its place in the model and the way to see whether it is met.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Never used again for something else.
    pub id: String,
    /// Goes up with every change of meaning.
    pub revision: u32,
    pub owner: Option<String>,
    pub title: String,
    pub dimension: Dimension,
    /// 1 to 5.
    pub level: u8,
    pub subject: RuleSubject,
    /// False: shown, never scored.
    pub gate: bool,
    /// From 1; affects progress, never the level.
    pub weight: u32,
    /// None: applies to every subject of its kind.
    pub scope: Option<Predicate>,
    /// Facts that it reads, such as `k8s.workload`.
    pub needs: Vec<String>,
    /// How old a fact may be.
    pub max_age: Duration,
    pub test: Test,
    /// Until then it is shown and not counted.
    pub effective_from: Option<OffsetDateTime>,
    /// Whether an attestation needs a second person.
    pub is_confirmed: bool,
    pub why: Option<String>,
    pub fix: Fix,
    pub basis: Vec<String>,
    /// Versions of golden paths that meet it by construction, such as `rust-service@>=3`.
    pub satisfied_by: Vec<String>,
}

/// What has to hold.
#[derive(Clone, Debug)]
pub enum Test {
    Expect(Predicate),
    Sustain(Sustain),
}

/// A share of samples that has to pass, so that a moment decides nothing.
#[derive(Clone, Debug)]
pub struct Sustain {
    pub fact: String,
    /// What the collector takes its samples over.
    pub window: Option<Duration>,
    pub share: Exact,
    pub min_samples: u32,
}

/// What helps to meet a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    pub doc: Option<String>,
    pub golden_path: Option<String>,
    /// S, M or L.
    pub effort: Option<String>,
}

/// Where a rule says nothing else.
const MAX_AGE: Duration = Duration::hours(24);
/// From this level on attestations need a second person, where a rule says nothing else.
const CONFIRMED_FROM: u8 = 4;

impl Dimension {
    /// Sorted by their words.
    pub const ALL: [Self; 5] = [Self::BusinessOutcomes, Self::People, Self::Policy, Self::Process, Self::Technology];
    /// In the order in which the model tells of them.
    pub const AS_TOLD: [Self; 5] =
        [Self::People, Self::Process, Self::Policy, Self::Technology, Self::BusinessOutcomes];

    /// As documents and addresses write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::BusinessOutcomes => "business_outcomes",
            Self::People => "people",
            Self::Policy => "policy",
            Self::Process => "process",
            Self::Technology => "technology",
        }
    }

    /// As people read it.
    pub fn title(self) -> &'static str {
        match self {
            Self::BusinessOutcomes => "Business outcomes",
            Self::People => "People",
            Self::Policy => "Policy",
            Self::Process => "Process",
            Self::Technology => "Technology",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.word() == word)
    }
}

impl RuleSubject {
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Team => "team",
            Self::Organisation => "organisation",
        }
    }
}

impl Rule {
    /// Reads one document, or says what is wrong with it.
    pub fn read(doc: &Doc) -> Result<Self, Fault> {
        let mut fields = Fields::of(doc, "a rule")?;
        kind_and_version(&mut fields, "Rule")?;
        let head = fields.required("metadata", Head::read)?;
        let rule = fields.required("spec", |doc| spec(doc, head))?;
        fields.end()?;
        Ok(rule)
    }
}

impl Sustain {
    /// The share in whole percent, for people.
    pub fn percent(&self) -> u8 {
        number::percent(&self.share).unwrap_or(100)
    }
}

/// Every document says what it is; one that says something else is not read.
pub(super) fn kind_and_version(fields: &mut Fields<'_>, kind: &'static str) -> Read<()> {
    fields.optional("apiVersion", document::word(&[("maturity/v1", ())]))?;
    fields.optional("kind", document::word(&[(kind, ())]))?;
    Ok(())
}

struct Head {
    id: String,
    revision: u32,
    owner: Option<String>,
}

impl Head {
    fn read(doc: &Doc) -> Read<Self> {
        let mut fields = Fields::of(doc, "the metadata of a rule")?;
        let head = Self {
            id: fields.required("id", document::name)?,
            revision: fields.optional("revision", document::positive)?.unwrap_or(1),
            owner: fields.optional("owner", document::text)?,
        };
        fields.end()?;
        Ok(head)
    }
}

fn spec(doc: &Doc, head: Head) -> Read<Rule> {
    let mut fields = Fields::of(doc, "the spec of a rule")?;
    let level = fields.required("level", level)?;
    let needs = fields.optional("needs", document::list(document::name))?.unwrap_or_default();
    let rule = Rule {
        title: fields.optional("title", document::text)?.unwrap_or_else(|| head.id.clone()),
        id: head.id,
        revision: head.revision,
        owner: head.owner,
        dimension: fields.required("dimension", document::word(&Dimension::ALL.map(|d| (d.word(), d))))?,
        level,
        subject: fields.required("subject", document::word(&SUBJECTS))?,
        gate: fields.optional("gate", document::flag)?.unwrap_or(true),
        weight: fields.optional("weight", document::positive)?.unwrap_or(1),
        scope: fields.optional("scope", predicate::read)?,
        max_age: fields.optional("max_age", document::span)?.unwrap_or(MAX_AGE),
        test: test(doc, &mut fields, &needs)?,
        needs,
        effective_from: fields.optional("effective_from", document::at)?,
        is_confirmed: fields.optional("confirmed", document::flag)?.unwrap_or(level >= CONFIRMED_FROM),
        why: fields.optional("why", document::text)?,
        fix: fields.optional("fix", fix)?.unwrap_or_default(),
        basis: fields.optional("basis", document::list(document::text))?.unwrap_or_default(),
        satisfied_by: fields.optional("satisfied_by", document::list(document::text))?.unwrap_or_default(),
    };
    fields.end()?;
    Ok(rule)
}

const SUBJECTS: [(&str, RuleSubject); 3] =
    [("service", RuleSubject::Service), ("team", RuleSubject::Team), ("organisation", RuleSubject::Organisation)];

fn level(doc: &Doc) -> Read<u8> {
    let level = u8::try_from(document::count(doc)?).ok().filter(|level| (1..=5).contains(level));
    level.ok_or_else(|| doc.wrong("Write a level from 1 to 5 here."))
}

fn test(doc: &Doc, fields: &mut Fields<'_>, needs: &[String]) -> Read<Test> {
    let expect = fields.optional("expect", predicate::read)?;
    let sustain = fields.optional("sustain", |doc| sustain(doc, needs))?;
    match (expect, sustain) {
        (Some(expect), None) => Ok(Test::Expect(expect)),
        (None, Some(sustain)) => Ok(Test::Sustain(sustain)),
        (Some(_), Some(_)) => Err(doc.wrong("Write `expect` or `sustain`; a rule with `sustain` has no `expect`.")),
        (None, None) => Err(Fault::new(doc.place, "missing-key", "Say with `expect` what has to hold.")),
    }
}

fn sustain(doc: &Doc, needs: &[String]) -> Read<Sustain> {
    let [fact] = needs else {
        return Err(doc.wrong("Name exactly one fact in `needs`: `sustain` reads the samples of one."));
    };
    let mut fields = Fields::of(doc, "sustain")?;
    let sustain = Sustain {
        fact: fact.clone(),
        window: fields.optional("window", document::span)?,
        share: fields.required("share", document::share)?,
        min_samples: fields.optional("min_samples", document::positive)?.unwrap_or(1),
    };
    fields.end()?;
    Ok(sustain)
}

fn fix(doc: &Doc) -> Read<Fix> {
    let mut fields = Fields::of(doc, "the fix of a rule")?;
    let fix = Fix {
        doc: fields.optional("doc", document::text)?,
        golden_path: fields.optional("golden_path", document::text)?,
        effort: fields.optional("effort", document::text)?,
    };
    fields.end()?;
    Ok(fix)
}
