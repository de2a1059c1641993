//! Keychains of Linux for tests: a session bus of the test's own, the real GNOME keyring on it,
//! and a scripted Secret Service that dismisses its question, never answers, or dies in mid-call.
//! The environment of the test process is never changed: the product reads the bus address from
//! it, so what is tested runs in a child process that is given the address.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a failing test panics"
)]

mod bus;
mod fake;
mod gnome;

pub use bus::PrivateBus;
pub use fake::{FakeSecretService, OnPrompt, Script};
pub use gnome::GnomeKeyring;
