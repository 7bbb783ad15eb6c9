//! `waymark catalog import` of a file at the Git host. The worker reads; this asks it to, through the database.

use std::time::Duration;

use backend::{
    Db, Error,
    catalog::{
        Imported, Preview,
        living::{self, Answered},
    },
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::commands::Failure;

/// Longer than a worker takes for the largest import.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(200);

/// What was read, and what it would do.
pub(super) struct Read {
    import: Uuid,
    hash: String,
    pub(super) preview: Preview,
}

/// Asks for it and waits for the answer.
pub(super) async fn read(db: &Db, address: &str) -> Result<Read, Failure> {
    let import = living::request_for_command(db, address).await.map_err(at_fault)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match living::answered(db, import).await? {
            Answered::Ready { hash, preview } => return Ok(Read { import, hash, preview }),
            Answered::Never { problem } => return Err(Failure::Finding(problem)),
            Answered::NotYet if Instant::now() > deadline => {
                let message = "No worker has read this yet. Check that `waymark work` runs and reaches the Git host, then \
                               import again.";
                return Err(Failure::World(message.to_owned()));
            }
            Answered::NotYet => sleep(POLL).await,
        }
    }
}

/// Accepts what was read, and nothing that came after it.
pub(super) async fn accept(db: &Db, Read { import, hash, .. }: &Read) -> Result<Imported, Failure> {
    living::accept_for_command(db, *import, hash).await.map_err(at_fault)
}

/// An address that is not read from is the input's fault.
fn at_fault(error: Error) -> Failure {
    match error {
        Error::Invalid(fields) => {
            let sentences: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            Failure::Finding(sentences.join(" "))
        }
        Error::Conflict { detail, .. } => Failure::Finding(detail),
        other => other.into(),
    }
}
