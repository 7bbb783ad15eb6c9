//! The credential for reading. A repository has one; issuing it ends the one before. So it goes to all places at once,
//! is written nowhere else, and a place whose number is behind shows that a new one is due.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::delivery::{SourceState, credential};
use secrecy::ExposeSecret;
use time::Duration;

use super::{Pass, Source, Stop, held, look::Seen};
use crate::{Error, delivery::record};

/// A credential that does not work is given this long before another is issued: it takes a moment to be used.
const RENEW_AFTER: Duration = Duration::seconds(30);

pub(super) async fn ensure(pass: &Pass<'_>, source: &Source, seen: &mut [Seen]) -> Result<(), Stop> {
    // Issued before all places stand, it would have to be issued again.
    if seen.iter().any(|seen| !seen.is_in_order()) || !is_due(source, seen) {
        return Ok(());
    }
    let Some(generation) = record::begin_credential(pass.db, pass.claim).await? else { return Err(Stop::LeaseLost) };
    pass.guard().await?;
    let issued = match pass.git_host.issue_read_credential(&source.repository).await {
        Ok(issued) => issued,
        Err(Error::Internal { detail }) => return Err(Stop::Platform(Error::internal(detail))),
        Err(error) => {
            let sentence = format!("The credential for reading the repository could not be had: {error}.");
            seen.iter_mut().for_each(|seen| seen.waits_for = Some(sentence.clone()));
            return Ok(());
        }
    };
    let [username, password] = [issued.username.as_str(), issued.password.expose_secret()].map(|t| STANDARD.encode(t));
    for (place, seen) in source.places.iter().zip(seen.iter_mut()) {
        pass.guard().await?;
        let body = credential(&place.intent, &username, &password);
        let written = pass.cluster.apply_credential(place.namespace(), &body).await;
        if seen.attempt(written)?.is_some() {
            held(record::credential(pass.db, pass.claim, place.id, generation).await?)?;
        }
    }
    Ok(())
}

fn is_due(source: &Source, seen: &[Seen]) -> bool {
    let is_behind = source.places.iter().any(|place| place.credential_generation < source.credential_generation);
    let is_new = source.credential_generation == 0;
    let is_old_enough = source.credential_issued_at.is_none_or(|at| source.now - at > RENEW_AFTER);
    is_new || is_behind || (is_old_enough && seen.iter().filter_map(Seen::source).any(|state| is_refused(&state)))
}

/// The engine has no credential, or the host does not take it. Nothing else can be told: secrets are never read back.
fn is_refused(state: &SourceState) -> bool {
    let Some(report) = state.ready.as_ref().filter(|report| report.is_false()) else { return false };
    let said = report.message.to_ascii_lowercase();
    report.reason == "AuthenticationFailed"
        || ["authentication required", "authorization failed", "invalid auth", "repository not found"]
            .iter()
            .any(|words| said.contains(words))
}
