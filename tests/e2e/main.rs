//! Journeys through the real window: clicks and keys on visible controls, with the real web view,
//! the real keychain (or none) and a practice federation. `scripts/window-tests.sh` starts the
//! display, the session bus and the driver; a name says which of its two settings a test needs.
//! Scripts in the page only read what can be seen, except in the probes of the content policy.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs,
    reason = "a failing test panics, waits by the real clock, says how often it tried, and has no readers of its documentation"
)]

mod adding;
mod browser;
mod certified_server;
mod clubs;
mod deliveries;
mod desktop;
mod files;
mod first_run;
mod harness;
mod health;
mod keyboard;
mod narrow;
mod passphrase;
mod people;
mod policy;
mod preview;
mod requests;
mod settings;
mod sign_in;
mod templates;
mod tour;
