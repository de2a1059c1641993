//! The border between page and program: every command is called through the access list of the
//! real app (`tauri.conf.json`, `capabilities/`), on Tauri's mock runtime, without a display. What
//! a command does belongs to the tests of `connectors`; here is who may call it, what it does with
//! nonsense, and that no credential ever comes back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a failing test panics, prints its times by the real clock, and has no readers of its documentation"
)]

#[path = "ipc/access.rs"]
mod access;
#[path = "ipc/arguments.rs"]
mod arguments;
#[path = "ipc/canary.rs"]
mod canary;
#[path = "ipc/configuration.rs"]
mod configuration;
#[path = "ipc/fuzz.rs"]
mod fuzz;
#[path = "ipc/shell.rs"]
mod shell;
