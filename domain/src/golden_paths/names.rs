//! Names in expressions: is what they read there, and is what is there read?

use std::collections::BTreeSet;

use super::{Finding, Place, Step, Template};

/// A name that an expression reads, such as `parameters.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub file: String,
    pub place: Place,
    pub path: Vec<String>,
    pub scope: Scope,
}

/// Where the expression stands, which decides what it can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In the step with this index, or after all of them.
    Step(usize),
    Output,
    /// In a file or the name of a file that the step with this index renders.
    File(usize),
}

pub fn check_names(template: &Template, file: &str, uses: &[Use]) -> Vec<Finding> {
    let parameters = template.parameters();
    let mut read = BTreeSet::new();
    let mut findings: Vec<Finding> = Vec::new();
    for used in uses {
        let second = used.path.get(1).map(String::as_str);
        let problem = match (used.scope, used.path[0].as_str()) {
            (Scope::File(step), root) => in_file(&template.steps[step], root, second),
            (_, "parameters") => match second {
                Some(name) => {
                    read.insert(name);
                    undeclared(name, &parameters)
                }
                // The whole map goes somewhere, so that every parameter may be read there.
                None => {
                    read.extend(parameters.iter().map(|(name, _)| *name));
                    None
                }
            },
            (scope, "steps") => second.and_then(|id| unknown_step(template, scope, id)),
            (_, "values") => {
                Some(("unknown-name", "`values` is there in files only: read `parameters` in a step.".into()))
            }
            _ => None,
        };
        findings.extend(problem.map(|(rule, message)| Finding::new(&used.file, used.place, rule, message)));
    }
    let unread = parameters.iter().filter(|(name, _)| !read.contains(name));
    findings.extend(unread.map(|(name, place)| {
        let message = format!("No step reads the parameter `{name}`: use it or remove it.");
        Finding::new(file, *place, "unused-parameter", message)
    }));
    findings
}

type Problem = Option<(&'static str, String)>;

fn undeclared(name: &str, parameters: &[(&str, Place)]) -> Problem {
    let declared = parameters.iter().any(|(known, _)| *known == name);
    let message = || format!("No page declares the parameter `{name}`: declare it or mend the name.");
    (!declared).then(|| ("undeclared-parameter", message()))
}

fn unknown_step(template: &Template, scope: Scope, id: &str) -> Problem {
    let until = match scope {
        Scope::Step(index) | Scope::File(index) => index,
        Scope::Output => template.steps.len(),
    };
    if template.steps[..until].iter().any(|step| step.id == id) {
        return None;
    }
    Some(("unknown-step", format!("No step with the id `{id}` runs before this: mend the id or the order.")))
}

/// In files, all but the values of the step is out of sight.
fn in_file(step: &Step, root: &str, second: Option<&str>) -> Problem {
    if ["parameters", "steps", "waymark", "secrets"].contains(&root) {
        let message = format!("`{root}` is not there in files: give it to the step as a value and read `values`.");
        return Some(("unknown-name", message));
    }
    let values = step.input.as_ref().and_then(|input| input.get("values")).filter(|values| values.is_map());
    let (Some(name), Some(values), "values") = (second, values, root) else { return None };
    let declared = values.entries().iter().any(|entry| entry.key == name);
    let message = || format!("The step `{}` gives no value `{name}`: add it or mend the name.", step.id);
    (!declared).then(|| ("undeclared-value", message()))
}
