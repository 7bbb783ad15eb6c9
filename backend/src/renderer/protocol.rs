//! What the platform asks of the renderer's process and what it answers: one JSON document each way.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Texts to render, each against one of the contexts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub contexts: Vec<Value>,
    pub jobs: Vec<Job>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub source: String,
    pub mode: Mode,
    /// Which of the request's contexts; `Check` needs none.
    #[serde(default)]
    pub context: usize,
    #[serde(default)]
    pub options: Options,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A file or the name of a file: prints text.
    Text,
    /// An input of a step: a text that is exactly one expression keeps the type of its value.
    Value,
    /// Compiles and lists the names that are used, without rendering.
    Check,
}

/// Backstage's options of `fetch:template`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub trim_blocks: bool,
    pub lstrip_blocks: bool,
    /// Variables stand in `{{ }}` and `jsonify` is there.
    pub cookiecutter: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One outcome for each job, in their order.
    Done(Vec<Outcome>),
    /// A limit ended the whole request while this job (from 0) ran.
    Stopped { job: usize, limit: Limit },
    /// Nothing was rendered.
    Refused { reason: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub result: Result<Output, Fault>,
    /// Expressions that printed nothing because their value is not there: the first 200.
    pub missing: Vec<Missing>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    Text(String),
    /// `None` is undefined.
    Value(Option<Value>),
    Names(Names),
}

/// Why one text could not be rendered, and where in it. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub message: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    Syntax,
    Evaluation,
    /// It prints more than a file may hold.
    Size,
}

/// Printed, but undefined or null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub line: u32,
    pub column: u32,
    pub expression: String,
}

/// Names that a text uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    pub paths: Vec<UsedPath>,
    pub unknown_filters: Vec<UsedFilter>,
}

/// `values.a.b` as `["values", "a", "b"]`, at the place of its first part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedPath {
    pub path: Vec<String>,
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedFilter {
    pub name: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Time,
    Memory,
    Output,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Time => "takes longer than 10 seconds: look for a loop that does not end",
            Self::Memory => "needs more than 256 MiB of memory: look for a text or a list that grows without end",
            Self::Output => {
                "makes the files larger than 20 MiB together: leave out what can be fetched when it is needed"
            }
        })
    }
}
