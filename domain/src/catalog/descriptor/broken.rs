//! Documents that are no YAML. The words of the YAML reader are for those who know YAML; the usual mistakes get words of
//! ours.

use super::Finding;
use crate::yaml::{Document, Fault};

pub(super) fn finding(fault: Fault, document: &Document<'_>) -> Finding {
    let Fault { place, message } = fault;
    let line = document.text.lines().nth(place.line.saturating_sub(document.line) as usize).unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    if let Some(key) = message.strip_prefix("duplicate mapping key") {
        let key = key.trim_start_matches(':').split(',').next().unwrap_or_default().trim();
        return Finding::error(
            place,
            "duplicate-key",
            format!("The key `{key}` is there twice. Take one of the two out."),
        );
    }
    if indent.contains('\t') {
        return Finding::error(place, "yaml-syntax", "Indent with spaces: YAML accepts no tabs before the first word.");
    }
    if message.contains("alias") || message.contains("budget") || message.contains("limit") {
        let message =
            format!("This document is too deep, or its aliases stand for too much ({message}). Write it out.");
        return Finding::error(place, "too-large", message);
    }
    Finding::error(
        place,
        "yaml-syntax",
        format!("This is not YAML: {message}. The other documents were read without it."),
    )
}
