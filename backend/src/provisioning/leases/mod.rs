//! Accelerators for a time: asked for, decided by policy or by people, ended when their time is over.
//!
//! What a namespace holds is the sum of its running leases, and nothing else; every change writes it anew in the same
//! transaction.

mod amounts;
mod ask;
mod decide;
mod grant;
mod offer;
mod read;
#[cfg(test)]
mod tests;

pub use ask::{LeaseRequest, request};
pub use decide::{Decision, decide, withdraw};
pub use grant::end_due;
pub use offer::{Offer, Offers, offers};
pub use read::{LeaseFilter, LeaseView, find, list};

pub(crate) use amounts::{Amounts, amounts};
pub(crate) use ask::{Ask, AskState, ask};
