//! The renderer's process: one request in, one answer out, behind the fence.

use std::io::{self, Read, Write};
use std::time::Duration;

use super::protocol::{Answer, Request};
use super::{MAX_REQUEST_BYTES, engine, fence};

const TIME: Duration = Duration::from_secs(10);

/// Reads a request from standard input and answers on standard output. Must be the first thing that a process does:
/// with a second thread there is no fence, and without the fence nothing is rendered.
pub fn serve() -> io::Result<()> {
    let answer = match fence::close() {
        Err(error) => Answer::Refused { reason: format!("The renderer has no fence, because {error}.") },
        Ok(()) => answer()?,
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &answer)?;
    out.flush()
}

fn answer() -> io::Result<Answer> {
    let mut text = String::new();
    io::stdin().lock().take(MAX_REQUEST_BYTES as u64).read_to_string(&mut text)?;
    Ok(match serde_json::from_str::<Request>(&text) {
        Ok(request) => {
            drop(text);
            engine::render(&request, TIME)
        }
        Err(error) => Answer::Refused { reason: format!("The request to the renderer cannot be read: {error}.") },
    })
}
