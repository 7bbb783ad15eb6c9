//! The processes from the outside, on a real database and real engines.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says where")]

mod backstage;
mod browser;
mod catalog;
mod catalog_import;
mod edge;
mod forms;
mod fresh;
#[cfg(feature = "failpoints")]
mod gate;
mod golden_paths;
#[cfg(feature = "failpoints")]
mod kill;
mod left_forms;
mod once;
mod openapi;
#[cfg(feature = "failpoints")]
mod outages;
#[cfg(feature = "failpoints")]
mod own_postgres;
mod planner;
mod plans;
mod processes;
mod provider;
#[cfg(feature = "failpoints")]
mod pushed;
mod renderer;
mod route_matrix;
mod runs;
mod sign_in;
mod stack;
mod support;
mod tokens;
mod webhooks;
#[cfg(feature = "failpoints")]
mod whole_run;
