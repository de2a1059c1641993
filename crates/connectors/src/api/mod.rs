//! The way to a federation: addresses, authentication, one client per connector, one `send`, and
//! the test of a connection. Deciding is pure (`address`, `authenticate`, `classify`, `answer`,
//! `sentences`), doing is at the rim (`surroundings`, `connect`, `client`, `send`). Nothing here
//! repeats a request or waits between two; bodies live until they are parsed and no longer.

pub mod address;
pub mod answer;
pub mod api_error;
pub mod authenticate;
pub mod classify;
pub mod client;
pub mod connect;
pub mod connection_test;
pub mod fetch;
pub mod send;
pub mod sentences;
pub mod surroundings;
pub mod trust;
mod walk;
