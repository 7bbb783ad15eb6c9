//! The engine's objects are made as they should be; what others changed is put back and told.

use domain::{
    delivery::{FluxKind, desired},
    provisioning::{Difference, differences},
};
use serde_json::Value;

use super::{Pass, Place, Stop, look::Seen};

pub(super) async fn put_right(pass: &Pass<'_>, place: &Place, seen: &mut Seen) -> Result<(), Stop> {
    for kind in FluxKind::ALL {
        if seen.is_in_order() {
            one(pass, place, seen, kind).await?;
        }
    }
    Ok(())
}

async fn one(pass: &Pass<'_>, place: &Place, seen: &mut Seen, kind: FluxKind) -> Result<(), Stop> {
    let wanted = desired(&place.intent, kind);
    let live = seen.object(kind).clone();
    let differing = live.as_ref().map(|live| differences(&wanted, live)).unwrap_or_default();
    if live.is_some() && differing.is_empty() {
        return Ok(());
    }
    // Only what stood in this very form before can have been changed by others.
    if place.observed_revision == place.revision {
        seen.healed.extend(healed(kind, live.is_some(), &differing));
    }
    pass.guard().await?;
    let uid = live.as_ref().and_then(|live| live["metadata"]["uid"].as_str());
    let answer = pass.cluster.apply_flux(place.namespace(), kind, &wanted, uid).await;
    let Some(applied) = seen.attempt(answer)? else { return Ok(()) };
    let extra = extra(&wanted, &applied);
    let settled = if extra.is_empty() {
        applied
    } else {
        pass.guard().await?;
        let answer = pass.cluster.trim_flux(place.namespace(), kind, &applied, &extra).await;
        let Some(trimmed) = seen.attempt(answer)? else { return Ok(()) };
        trimmed
    };
    *seen.object(kind) = Some(settled);
    Ok(())
}

/// What server-side apply leaves, because somebody else owns it.
fn extra(wanted: &Value, applied: &Value) -> Vec<Vec<String>> {
    differences(wanted, applied).into_iter().filter(Difference::is_extra).map(|d| d.path).collect()
}

fn healed(kind: FluxKind, is_there: bool, differing: &[Difference]) -> Vec<String> {
    let object = format!("{}/{}", kind.as_str(), kind.object());
    if !is_there {
        return vec![format!("{object} was deleted and is made again.")];
    }
    let words = |value: &Option<Value>| match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let one = |d: &Difference| {
        format!("{object} {} was changed from {} to {} and is put back.", d.field(), words(&d.wanted), words(&d.found))
    };
    differing.iter().map(one).collect()
}
