//! Tests of the practice federation over real connections; the files mirror those of `src`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    missing_docs,
    reason = "harnesses use the real clock and clients of their own; a test fails by panicking, its names say what it shows, and tables of cases are long"
)]

mod api;
mod auth;
mod control;
mod counted;
mod failures;
mod faults;
mod hostile;
mod injection;
mod log;
mod members;
mod oauth;
mod pages;
mod router;
mod server;
mod support;
mod twins;
