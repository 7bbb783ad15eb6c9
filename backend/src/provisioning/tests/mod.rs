//! Against a real API server, with the platform's restricted identity; set-up and tampering use the administrator's.

mod access;
mod credential;
mod drift;
mod fence;
mod foreign;
mod identity;
mod kubeconfig;
mod nodes;
mod order;
mod outage;
mod quiet;
mod rights;
mod stand;
mod support;
