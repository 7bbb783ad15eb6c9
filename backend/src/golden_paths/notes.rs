//! What is said while a path is rendered: errors end the plan, warnings travel with it.

use domain::golden_paths::{Finding, Place};

use crate::renderer::{Fault, FaultKind, Limit, Missing};

#[derive(Debug)]
pub(super) struct Notes {
    /// Printing an undefined value is an error.
    pub(super) strict: bool,
    pub(super) errors: Vec<Finding>,
    pub(super) warnings: Vec<Finding>,
}

impl Notes {
    pub(super) fn new(strict: bool) -> Self {
        Self { strict, errors: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn error(&mut self, file: &str, place: Place, rule: &str, message: impl Into<String>) {
        self.errors.push(Finding::new(file, place, rule, message));
    }

    /// An error in a strict path, a warning in any other.
    pub(super) fn strictly(&mut self, file: &str, place: Place, rule: &str, message: impl Into<String>) {
        let notes = if self.strict { &mut self.errors } else { &mut self.warnings };
        notes.push(Finding::new(file, place, rule, message));
    }

    pub(super) fn missing(&mut self, file: &str, place: Place, missing: &Missing) {
        let message = format!(
            "`{}` has no value and prints nothing: give it one, or say what to print with `| default(…)`.",
            missing.expression
        );
        self.strictly(file, place, "undefined", message);
    }

    pub(super) fn fault(&mut self, file: &str, place: Place, fault: &Fault) {
        self.errors.push(of_fault(file, place, fault));
    }

    pub(super) fn limit(&mut self, file: &str, limit: Limit) {
        self.error(file, Place::START, "limit", format!("Rendering this {limit}."));
    }
}

pub(super) fn of_fault(file: &str, place: Place, fault: &Fault) -> Finding {
    let (rule, message) = match fault.kind {
        FaultKind::Syntax => ("template-syntax", format!("This is no template: {}.", fault.message)),
        FaultKind::Evaluation => ("evaluation", format!("This cannot be rendered: {}.", fault.message)),
        FaultKind::Size => {
            ("limit", "This prints more than the 1 MiB that a file may hold: make it smaller.".to_owned())
        }
    };
    Finding::new(file, place, rule, message)
}
