//! Renders the texts of golden paths in a process of their own that has no network, no files and no credentials.
//!
//! [`Renderer`] stands in the platform and starts that process for each request; [`serve`] is what runs inside it.

mod child;
mod engine;
mod fence;
mod protocol;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

pub use child::serve;
pub use protocol::{
    Answer, Fault, FaultKind, Job, Limit, Missing, Mode, Names, Options, Outcome, Output, Request, UsedFilter, UsedPath,
};

/// Starts renderer processes, at most two at a time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer {
    program: PathBuf,
    places: Arc<Semaphore>,
}

#[derive(Debug, Error)]
pub enum RenderError {
    /// The path is at fault; `job` counts from 0.
    #[error("rendering {limit}")]
    Limit { job: usize, limit: Limit },
    /// This machine cannot render safely.
    #[error("{0}")]
    Refused(String),
    #[error("The renderer's process ended without an answer ({0}). Try again; if it stays, look into the log.")]
    Died(String),
}

/// The texts of the largest tree, its contexts, and room for JSON's escapes.
const MAX_REQUEST_BYTES: usize = 64 * 1024 * 1024;
/// The engine ends by itself after 10 s; this is for a process that does not even do that.
const PATIENCE: Duration = Duration::from_secs(20);
const MAX_COMPLAINT_BYTES: u64 = 4096;

impl Renderer {
    /// Renders with the program that is running, as it is in memory: a newer file in its place does not matter.
    pub fn of_this_program() -> Self {
        Self::of_program("/proc/self/exe")
    }

    /// Renders with the program at this path, which understands `render`.
    pub fn of_program(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), places: Arc::new(Semaphore::new(2)) }
    }

    /// One outcome for each job, in their order.
    pub async fn render(&self, request: &Request) -> Result<Vec<Outcome>, RenderError> {
        if request.jobs.is_empty() {
            return Ok(Vec::new());
        }
        let died = |error: &dyn std::fmt::Display| RenderError::Died(error.to_string());
        let text = serde_json::to_vec(request).map_err(|error| died(&error))?;
        if text.len() > MAX_REQUEST_BYTES {
            return Err(RenderError::Limit { job: 0, limit: Limit::Output });
        }
        let _place = self.places.acquire().await.map_err(|error| died(&error))?;
        let answer = tokio::time::timeout(PATIENCE, self.ask(&text))
            .await
            .map_err(|_| RenderError::Limit { job: 0, limit: Limit::Time })??;
        match answer {
            Answer::Done(outcomes) if outcomes.len() == request.jobs.len() => Ok(outcomes),
            Answer::Done(_) => Err(RenderError::Died("its answer has gaps".into())),
            Answer::Stopped { job, limit } => Err(RenderError::Limit { job, limit }),
            Answer::Refused { reason } => Err(RenderError::Refused(reason)),
        }
    }

    async fn ask(&self, request: &[u8]) -> Result<Answer, RenderError> {
        let died = |error: std::io::Error| RenderError::Died(error.to_string());
        let mut child = self.start().map_err(died)?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(RenderError::Died("it has no pipes".into()));
        };
        let send = async move {
            // A process that refuses or dies closes the pipe early; its answer or its end says why.
            let _ = stdin.write_all(request).await;
        };
        let (mut answer, mut complaint) = (Vec::new(), String::new());
        let mut stdout = stdout.take(MAX_REQUEST_BYTES as u64);
        let mut stderr = stderr.take(MAX_COMPLAINT_BYTES);
        let (read, _, ()) = tokio::join!(stdout.read_to_end(&mut answer), stderr.read_to_string(&mut complaint), send);
        read.map_err(died)?;
        let status = child.wait().await.map_err(died)?;
        serde_json::from_slice(&answer)
            .map_err(|_| RenderError::Died(format!("{status}; {}", complaint.trim().escape_debug())))
    }

    fn start(&self) -> std::io::Result<Child> {
        Command::new(&self.program)
            .arg("render")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}
