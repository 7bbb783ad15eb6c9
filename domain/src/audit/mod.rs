//! The audit trail: each entry carries the hash of the one before, so that a change to any row shows.

use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// SHA-256 of one entry of the trail.
pub type Hash = [u8; 32];

/// The `prev_hash` of the first entry.
pub const GENESIS: Hash = [0; 32];

/// One entry as it is hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Position in the trail, from 1, without gaps.
    pub seq: i64,
    /// Microseconds since the Unix epoch, the resolution that the database keeps.
    pub at_micros: i64,
    /// Who did it: `person:<uuid>` or `system:<component>`.
    pub actor: String,
    /// What was done, as `feature.verb`.
    pub action: String,
    /// To what, as a reference.
    pub target: String,
    pub detail: Value,
}

/// Where a trail stops making sense.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Broken {
    #[error("entry {expected} is missing; the next one found is {found}")]
    Gap { expected: i64, found: i64 },
    #[error("entry {seq} does not carry the hash of the entry before it")]
    Link { seq: i64 },
    #[error("entry {seq} was changed after it was written")]
    Content { seq: i64 },
}

/// Checks a trail entry by entry, in order.
#[derive(Debug)]
pub struct Verifier {
    next_seq: i64,
    head: Hash,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { next_seq: 1, head: GENESIS }
    }
}

impl Verifier {
    /// Accepts the next entry, or says what is wrong with it.
    pub fn accept(&mut self, entry: &Entry, prev_hash: Hash, hash: Hash) -> Result<(), Broken> {
        if entry.seq != self.next_seq {
            return Err(Broken::Gap { expected: self.next_seq, found: entry.seq });
        }
        if prev_hash != self.head {
            return Err(Broken::Link { seq: entry.seq });
        }
        if link(&prev_hash, entry) != hash {
            return Err(Broken::Content { seq: entry.seq });
        }
        self.next_seq += 1;
        self.head = hash;
        Ok(())
    }

    /// Number of entries accepted and the hash of the last.
    pub fn head(&self) -> (i64, Hash) {
        (self.next_seq - 1, self.head)
    }
}

/// `SHA-256(prev ‖ canonical form)`. The canonical form is a JSON array of the fields in their order with object keys
/// sorted by code point and no white space (RFC 8785 for the values that we write: strings, whole numbers, booleans).
pub fn link(prev: &Hash, entry: &Entry) -> Hash {
    let fields = [
        Value::from(entry.seq),
        Value::from(entry.at_micros),
        Value::from(entry.actor.as_str()),
        Value::from(entry.action.as_str()),
        Value::from(entry.target.as_str()),
        entry.detail.clone(),
    ];
    let mut canonical = String::new();
    write_canonical(&Value::from(fields.to_vec()), &mut canonical);
    Sha256::new().chain_update(prev).chain_update(canonical.as_bytes()).finalize().into()
}

/// Keys are sorted here and not left to the map type: a dependency may switch it to insertion order.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(&map[key], out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests;
