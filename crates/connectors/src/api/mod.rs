//! The way to a federation: addresses, authentication, one client per connector, one `send`, the test
//! of a connection, and `request` with attempts, turns and books. Deciding is pure (`address`,
//! `authenticate`, `classify`, `answer`, `rules`, `retry`, `circuit`, `sentences`), doing is at the rim
//! (`surroundings`, `connect`, `client`, `send`, `wire`). Only `request` and `limiter` wait; bodies live
//! until they are parsed and no longer.

pub mod address;
pub mod answer;
pub mod api_error;
pub mod authenticate;
pub mod backoff;
pub mod budget;
pub mod call;
pub(crate) mod check_call;
pub mod circuit;
pub mod classify;
pub mod client;
pub mod connect;
pub mod connection_test;
mod core;
pub mod fetch;
pub(crate) mod held_ledger;
mod learning;
pub mod ledger;
pub mod limiter;
pub mod meanings;
mod noting;
pub mod paging;
pub mod proof;
pub mod rate_headers;
pub mod records;
pub mod request;
mod response;
pub mod retry;
pub mod retry_after;
pub mod rules;
pub mod send;
pub mod sentences;
mod streamed;
pub mod surroundings;
pub mod token_source;
mod trouble;
pub mod trust;
mod walk;
pub mod wire;
