//! nunjucks inside QuickJS: the engine that golden paths were written for, in a world that holds nothing else.

use std::time::{Duration, Instant};

use domain::scaffold::tree::{MAX_FILE_BYTES, MAX_TREE_BYTES};
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Runtime, context::EvalOptions};
use serde::Deserialize;
use serde_json::Value;

use super::protocol::{Answer, Fault, FaultKind, Job, Limit, Missing, Names, Outcome, Output, Request};

#[cfg(test)]
mod tests;

const NUNJUCKS: &str = include_str!(concat!(env!("OUT_DIR"), "/nunjucks.js"));
const PREPARE: &str = include_str!("prepare.js");

const MEMORY_BYTES: usize = 256 * 1024 * 1024;
/// An eighth of the stack that a main thread is usually given, and half of that of a test.
const STACK_BYTES: usize = 1024 * 1024;

/// Renders the jobs of one request in their order, all within `time`.
pub(super) fn render(request: &Request, time: Duration) -> Answer {
    match Engine::start(time).and_then(|engine| engine.run(request)) {
        Ok(answer) => answer,
        Err(reason) => Answer::Refused { reason },
    }
}

struct Engine {
    context: Context,
    deadline: Instant,
}

/// What `renderOne` answers.
#[derive(Deserialize)]
struct Raw {
    text: Option<String>,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    absent: bool,
    names: Option<Names>,
    fault: Option<FaultKind>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    line: u32,
    #[serde(default)]
    column: u32,
    missing: Vec<Missing>,
}

impl Engine {
    fn start(time: Duration) -> Result<Self, String> {
        let broken = |error| format!("The template engine does not start: {error}.");
        let runtime = Runtime::new().map_err(broken)?;
        runtime.set_memory_limit(MEMORY_BYTES);
        runtime.set_max_stack_size(STACK_BYTES);
        let deadline = Instant::now() + time;
        runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > deadline)));
        let context = Context::full(&runtime).map_err(broken)?;
        context.with(|ctx| {
            // The bundle looks for its world under the names that browsers and Node give it.
            for source in ["globalThis.self = globalThis.global = globalThis;", NUNJUCKS, PREPARE] {
                let mut options = EvalOptions::default();
                options.strict = false;
                ctx.eval_with_options::<(), _>(source, options)
                    .catch(&ctx)
                    .map_err(|error| format!("The template engine does not start: {error}."))?;
            }
            Ok::<(), String>(())
        })?;
        Ok(Self { context, deadline })
    }

    fn run(&self, request: &Request) -> Result<Answer, String> {
        let contexts: Vec<String> = request.contexts.iter().map(Value::to_string).collect();
        let mut outcomes = Vec::with_capacity(request.jobs.len());
        let mut printed = 0;
        for (index, job) in request.jobs.iter().enumerate() {
            let context = contexts.get(job.context).map_or("{}", String::as_str);
            let outcome = match self.run_one(job, context) {
                Ok(outcome) => outcome,
                Err(Ended::Limit(limit)) => return Ok(Answer::Stopped { job: index, limit }),
                Err(Ended::Broken(reason)) => return Err(reason),
            };
            if let Ok(Output::Text(text)) = &outcome.result {
                printed += text.len();
            }
            if printed > MAX_TREE_BYTES {
                return Ok(Answer::Stopped { job: index, limit: Limit::Output });
            }
            outcomes.push(outcome);
        }
        Ok(Answer::Done(outcomes))
    }

    fn run_one(&self, job: &Job, context: &str) -> Result<Outcome, Ended> {
        let job = serde_json::to_string(job).map_err(|error| Ended::Broken(error.to_string()))?;
        let answer = self.context.with(|ctx| {
            let call = |ctx: &Ctx<'_>| -> rquickjs::Result<String> {
                let render: Function<'_> = ctx.globals().get("renderOne")?;
                render.call((job, context, MAX_FILE_BYTES))
            };
            call(&ctx).catch(&ctx).map_err(|error| self.ended(&error))
        })?;
        // Templates share the engine's world: one that reaches into it can make nonsense of its own answer only.
        let raw: Raw = serde_json::from_str(&answer)
            .map_err(|error| Ended::Broken(format!("The template engine answers nonsense: {error}.")))?;
        outcome(raw)
    }

    fn ended(&self, error: &CaughtError<'_>) -> Ended {
        let text = error.to_string();
        if Instant::now() > self.deadline {
            Ended::Limit(Limit::Time)
        } else if is_out_of_memory(&text) {
            Ended::Limit(Limit::Memory)
        } else {
            Ended::Broken(format!("The template engine broke: {text}."))
        }
    }
}

enum Ended {
    Limit(Limit),
    Broken(String),
}

fn outcome(raw: Raw) -> Result<Outcome, Ended> {
    let Raw { text, value, absent, names, fault, message, line, column, missing } = raw;
    let result = match (fault, text, names) {
        (Some(_), _, _) if is_out_of_memory(&message) => return Err(Ended::Limit(Limit::Memory)),
        (Some(kind), _, _) => Err(Fault { kind, message, line, column }),
        (None, Some(text), _) if text.len() > MAX_FILE_BYTES => {
            Err(Fault { kind: FaultKind::Size, message: String::new(), line: 1, column: 1 })
        }
        (None, Some(text), _) => Ok(Output::Text(text)),
        (None, None, Some(names)) => Ok(Output::Names(names)),
        (None, None, None) => Ok(Output::Value((!absent).then_some(value))),
    };
    Ok(Outcome { result, missing })
}

fn is_out_of_memory(message: &str) -> bool {
    message.contains("out of memory")
}
