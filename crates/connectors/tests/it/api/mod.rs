//! Tests of `api`.

mod address;
mod authenticate;
mod classify;
mod connection_test;
mod connection_test_answers;
mod paging;
mod records;
mod send;
mod sentences;
pub(crate) mod server;
mod steps;
mod surroundings;
mod wire;
