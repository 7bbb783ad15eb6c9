//! Against a real API server, Flux and Gitea, with the platform's restricted identity.

mod approval;
mod changes;
mod fences;
mod heal;
mod pin;
mod pushed;
mod release;
mod support;
mod sync;
