//! What people said about a question, while it holds.

use time::Duration;

use super::{
    Truth,
    judge::{Evidence, Judge, Judged, Step},
};
use crate::maturity::{
    bundle::{Answer, Attestation},
    evidence::Reason,
    value::Value,
};

pub(super) fn judge(judge: &Judge<'_>, question: &str) -> Judged {
    let given = judge.facts.attestations(&judge.subject.reference, question);
    let as_of = judge.facts.as_of();
    let begun = || given.iter().filter(|attestation| attestation.answered_at <= as_of);
    let current = begun().filter(|a| ends(a).is_none_or(|end| as_of < end)).max_by_key(|a| a.answered_at);
    let step = |answer| Step::Attested { question: question.to_owned(), answer };
    let Some(attestation) = current else {
        let reason = if begun().next().is_some() { Reason::AttestationExpired } else { Reason::AttestationMissing };
        return Judged::leaf(step(None), Truth::Unknown, Some(reason), vec![]);
    };
    let evidence = Evidence {
        fact: format!("attest.{question}"),
        value: Value::text(word(attestation.answer)),
        observed_at: attestation.answered_at,
        collector: "attestation".into(),
        source_ref: attestation.confirmed_by.as_ref().map(|who| format!("confirmed by {who}")),
        held: false,
    };
    let step = step(Some(word(attestation.answer)));
    if judge.rule.is_confirmed && attestation.confirmed_by.is_none() {
        return Judged::leaf(step, Truth::Unknown, Some(Reason::Unconfirmed), vec![evidence]);
    }
    Judged::leaf(step, Truth::of(attestation.answer == Answer::Yes), None, vec![evidence])
}

/// None: after all times that there are.
fn ends(attestation: &Attestation) -> Option<time::OffsetDateTime> {
    attestation.answered_at.checked_add(Duration::days(attestation.valid_days.into()))
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::Partly => "partly",
        Answer::No => "no",
    }
}
