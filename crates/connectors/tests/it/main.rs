//! Tests of the product through its public surface; the files mirror `src/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a failing test panics; harnesses use the real clock and look into files"
)]

mod api;
mod app;
mod audit;
mod auth;
mod catalogue;
mod checks;
mod connector_file;
mod credentials;
mod health_states;
mod log_file;
mod members;
mod notices;
mod remedy;
mod store;
mod sync;
mod uptime;
mod validate;
mod vault;
