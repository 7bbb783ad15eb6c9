//! What somebody writes to ask for accelerators, and what it has to be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, macros::format_description};

use super::{MAX_CARDS, check_grants};
use crate::{
    error::{FieldError, pointer},
    plain_number,
};

/// The form as it was sent; what is missing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeaseForm {
    /// By the name that nodes give it.
    pub resource: String,
    pub count: String,
    /// The last day, such as `2026-05-31`.
    pub until: String,
    pub reason: String,
}

/// The form as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseAnswers {
    pub resources: BTreeMap<String, u32>,
    /// The end of the last day, in UTC.
    pub until: OffsetDateTime,
    pub reason: String,
}

/// The most characters of a reason.
pub const MAX_REASON: usize = 500;

impl LeaseForm {
    /// Everything that is wrong with it, each at the name of its field.
    pub fn read(&self, now: OffsetDateTime) -> Result<LeaseAnswers, Vec<FieldError>> {
        let (count, until) = (count(&self.count), end_of(&self.until));
        let resource = self.resource.trim();
        let known = count.clone().unwrap_or(1);
        let resources =
            if resource.is_empty() { BTreeMap::new() } else { BTreeMap::from([(resource.to_owned(), known)]) };
        let reason = self.reason.trim().to_owned();
        let mut errors: Vec<FieldError> =
            count.err().into_iter().map(|message| FieldError::new("/count", message)).collect();
        errors.extend(until.clone().err().map(|message| FieldError::new("/until", message)));
        let asked = check_lease(&resources, until.clone().unwrap_or(now + Duration::DAY), &reason, now);
        errors.extend(asked.into_iter().map(|error| {
            let pointer = if error.pointer.starts_with("/resources") { "/resource".to_owned() } else { error.pointer };
            FieldError { pointer, ..error }
        }));
        match (until, errors.is_empty()) {
            (Ok(until), true) => Ok(LeaseAnswers { resources, until, reason }),
            _ => Err(errors),
        }
    }
}

/// What must hold for every request, whoever sends it.
pub fn check_lease(
    resources: &BTreeMap<String, u32>,
    until: OffsetDateTime,
    reason: &str,
    now: OffsetDateTime,
) -> Vec<FieldError> {
    let at = |resource: &str| pointer(["resources", resource]);
    let grants = check_grants(resources);
    let mut errors: Vec<FieldError> =
        grants.iter().map(|error| FieldError::new(at(error.resource()), error.to_string())).collect();
    if resources.is_empty() {
        errors.push(FieldError::new("/resources", "Say what you need, such as 1 of nvidia.com/gpu."));
    }
    if until <= now {
        errors.push(FieldError::new("/until", "Choose a time that is still to come."));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        let message = format!("Say in 1 to {MAX_REASON} characters what it is for; whoever decides reads it.");
        errors.push(FieldError::new("/reason", message));
    }
    errors
}

fn count(text: &str) -> Result<u32, String> {
    let number = plain_number::read(text, true)?.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("Write a whole number from 1 to {MAX_CARDS}."))
}

fn end_of(text: &str) -> Result<OffsetDateTime, String> {
    let day = Date::parse(text.trim(), format_description!("[year]-[month]-[day]")).ok();
    day.and_then(Date::next_day)
        .map(|day| day.midnight().assume_utc())
        .ok_or_else(|| "Write the last day as year, month and day, such as 2026-05-31.".to_owned())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-05-01 10:00 UTC);

    fn form(resource: &str, count: &str, until: &str, reason: &str) -> LeaseForm {
        LeaseForm { resource: resource.into(), count: count.into(), until: until.into(), reason: reason.into() }
    }

    #[test]
    fn a_day_ends_at_midnight() {
        let answers = form(" nvidia.com/gpu ", " 2", "2026-05-01", " Training ").read(NOW).unwrap();
        assert_eq!(answers.resources, BTreeMap::from([("nvidia.com/gpu".to_owned(), 2)]));
        assert_eq!((answers.until, answers.reason.as_str()), (datetime!(2026-05-02 00:00 UTC), "Training"));
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let gpu = "nvidia.com/gpu";
        for (form, pointers) in [
            (form(gpu, "+5", "2026-05-31", "x"), vec!["/count"]),
            (form(gpu, "1e3", "2026-05-31", "x"), vec!["/count"]),
            (form(gpu, "NaN", "2026-05-31", "x"), vec!["/count"]),
            (form(gpu, "4294967296", "2026-05-31", "x"), vec!["/count"]),
            (form(gpu, "0", "2026-05-31", "x"), vec!["/resource"]),
            (form(gpu, "10001", "2026-05-31", "x"), vec!["/resource"]),
            (form("gpu", "1", "2026-05-31", "x"), vec!["/resource"]),
            (form("requests.nvidia.com/gpu", "1", "2026-05-31", "x"), vec!["/resource"]),
            (form("", "1", "2026-05-31", "x"), vec!["/resource"]),
            (form(gpu, "1", "2026-04-30", "x"), vec!["/until"]),
            (form(gpu, "1", "31.5.2026", "x"), vec!["/until"]),
            (form(gpu, "1", "2026-02-30", "x"), vec!["/until"]),
            (form(gpu, "1", "9999-12-31", "x"), vec!["/until"]),
            (form(gpu, "1", "2026-05-31", " "), vec!["/reason"]),
            (form(gpu, "1", "2026-05-31", &"x".repeat(MAX_REASON + 1)), vec!["/reason"]),
            (LeaseForm::default(), vec!["/count", "/until", "/resource", "/reason"]),
        ] {
            let errors = form.read(NOW).unwrap_err();
            assert_eq!(errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), pointers, "{form:?}");
        }
    }
}
