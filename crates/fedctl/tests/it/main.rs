//! The command line as people and scripts meet it: the real program in a process of its own, an
//! empty home folder, no keychain unless the test brings one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failing test stops at the first surprise"
)]

mod audit;
mod catalogue;
mod check;
mod connector;
mod credentials;
mod db;
mod demo;
mod diagnostics;
mod erase;
mod exit;
mod health;
mod home;
mod import;
mod keychain;
mod login;
mod login_journey;
mod manual;
mod member;
mod member_file;
mod org;
mod output;
mod practice;
mod processes;
mod schedule;
mod secrets;
mod state;
mod stopping;
mod support;
mod sync;
mod sync_choices;
mod sync_similar;
mod template;
mod wrong_input;
