//! Bundles out of documents.

use time::OffsetDateTime;

use super::{
    Answer, Attestation, Bundle, Collector, Exemption, Fact, Parameters, Samples, Subject, SubjectKind, check,
};
use crate::maturity::{
    delivery::DeliveryLog,
    document::{self, Doc, DocKind, Fault, Fields, Read},
    rule::{self, Rule},
};

impl Bundle {
    /// Reads the whole document and says everything that is wrong with it. `as_of` replaces the one of the document.
    pub fn read(doc: &Doc, as_of: Option<OffsetDateTime>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let bundle = Self::parts(doc, as_of, &mut faults).map_err(|fault| faults.push(fault)).ok();
        if let Some(bundle) = &bundle {
            faults.extend(check::check(doc, bundle));
        }
        faults.sort_by_key(|fault| fault.place);
        match bundle {
            Some(bundle) if faults.is_empty() => Ok(bundle),
            _ => Err(faults),
        }
    }

    fn parts(doc: &Doc, as_of: Option<OffsetDateTime>, faults: &mut Vec<Fault>) -> Read<Self> {
        let mut fields = Fields::of(doc, "a bundle")?;
        rule::kind_and_version(&mut fields, "Bundle")?;
        let given = fields.optional("as_of", document::at)?;
        let Some(as_of) = as_of.or(given) else {
            let message = "Say with `as_of` for which time to evaluate, or give --as-of.";
            return Err(Fault::new(doc.place, "missing-key", message));
        };
        let mut part = |key| fields.raw(key);
        let bundle = Self {
            as_of,
            parameters: part("parameters")
                .filter(|doc| !doc.is_null())
                .map_or_else(|| Ok(Parameters::default()), Parameters::read)?,
            rules: each(part("rules"), faults, Rule::read),
            collectors: each(part("collectors"), faults, collector),
            subjects: each(part("subjects"), faults, subject),
            facts: each(part("facts"), faults, fact),
            attestations: each(part("attestations"), faults, attestation),
            exemptions: each(part("exemptions"), faults, exemption),
            delivery: DeliveryLog {
                deployments: each(part("deployments"), faults, DeliveryLog::deployment),
                changes: each(part("changes"), faults, DeliveryLog::change),
                incidents: each(part("incidents"), faults, DeliveryLog::incident),
            },
        };
        fields.end()?;
        Ok(bundle)
    }
}

/// The items of a list that may be left out; what is wrong with one does not hide what is wrong with the next.
fn each<T>(doc: Option<&Doc>, faults: &mut Vec<Fault>, read: impl Fn(&Doc) -> Read<T>) -> Vec<T> {
    let items = match doc.map(|doc| (&doc.kind, doc)) {
        None | Some((DocKind::Null, _)) => return Vec::new(),
        Some((DocKind::List(items), _)) => items,
        Some((_, doc)) => {
            faults.push(doc.wrong("Write a list here."));
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| read(item).map_err(|fault| faults.push(fault)).ok()).collect()
}

fn collector(doc: &Doc) -> Read<Collector> {
    let mut fields = Fields::of(doc, "a collector")?;
    let collector = Collector {
        name: fields.required("name", document::name)?,
        down: fields.optional("down", document::flag)?.unwrap_or(false),
    };
    fields.end()?;
    Ok(collector)
}

fn subject(doc: &Doc) -> Read<Subject> {
    let kinds = [SubjectKind::Service, SubjectKind::Team, SubjectKind::Unit].map(|kind| (kind.word(), kind));
    let mut fields = Fields::of(doc, "a subject")?;
    let subject = Subject {
        reference: fields.required("ref", document::name)?,
        kind: fields.required("kind", document::word(&kinds))?,
        team: fields.optional("team", document::name)?,
        tier: fields.optional("tier", document::count)?,
        lifecycle: fields.optional("lifecycle", document::text)?,
        created_at: fields.optional("created_at", document::at)?,
        unit: fields.optional("unit", document::name)?,
        parent: fields.optional("parent", document::name)?,
    };
    fields.end()?;
    Ok(subject)
}

fn fact(doc: &Doc) -> Read<Fact> {
    let mut fields = Fields::of(doc, "a fact")?;
    let fact = Fact {
        subject: fields.required("subject", document::name)?,
        name: fields.required("fact", document::name)?,
        value: fields.raw("value").map(Doc::to_value).unwrap_or_default(),
        samples: fields.optional("samples", samples)?,
        observed_at: fields.required("observed_at", document::at)?,
        collector: fields.optional("collector", document::text)?.unwrap_or_default(),
        source_ref: fields.optional("source_ref", document::text)?,
    };
    fields.end()?;
    Ok(fact)
}

fn samples(doc: &Doc) -> Read<Samples> {
    let mut fields = Fields::of(doc, "samples")?;
    let samples = Samples {
        passed: fields.required("passed", document::count)?,
        total: fields.required("total", document::count)?,
    };
    fields.end()?;
    if samples.passed > samples.total {
        return Err(doc.wrong("Fewer samples can pass than there are: mend `passed` or `total`."));
    }
    Ok(samples)
}

fn attestation(doc: &Doc) -> Read<Attestation> {
    let answers = [("yes", Answer::Yes), ("partly", Answer::Partly), ("no", Answer::No)];
    let mut fields = Fields::of(doc, "an attestation")?;
    let attestation = Attestation {
        subject: fields.required("subject", document::name)?,
        question: fields.required("question", document::name)?,
        version: fields.optional("version", document::count)?.unwrap_or(1),
        answer: fields.required("answer", document::word(&answers))?,
        answered_at: fields.required("answered_at", document::at)?,
        valid_days: fields.required("valid_days", document::count)?,
        confirmed_by: fields.optional("confirmed_by", document::name)?,
    };
    fields.end()?;
    Ok(attestation)
}

fn exemption(doc: &Doc) -> Read<Exemption> {
    let mut fields = Fields::of(doc, "an exemption")?;
    let exemption = Exemption {
        subject: fields.required("subject", document::name)?,
        rule: fields.required("rule", document::name)?,
        revision: fields.optional("revision", document::count)?.unwrap_or(1),
        start: fields.required("start", document::at)?,
        end: fields.required("end", document::at)?,
        category: fields.optional("category", document::text)?,
    };
    fields.end()?;
    Ok(exemption)
}
