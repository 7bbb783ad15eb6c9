//! What is started: configuration, sign-in, router and the processes themselves.

pub mod api;
pub mod auth;
pub mod catalog;
pub mod catalog_change;
pub mod clock;
pub mod commands;
pub mod config;
pub mod delivery;
pub mod edge;
pub mod golden_paths;
pub mod listen;
pub mod operations;
pub mod page_facts;
pub mod provisioning;
pub mod router;
pub mod run_stream;
pub mod scaffold;
pub mod settings;
pub mod shutdown;
pub mod site;
pub mod state;
pub mod telemetry;
pub mod webhooks;
