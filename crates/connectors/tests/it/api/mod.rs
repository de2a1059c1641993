//! Tests of `api`.

mod address;
mod authenticate;
mod backoff;
mod circuit;
mod classify;
mod connection_test;
mod connection_test_answers;
mod faults;
mod limiter;
mod over_the_wire;
mod paging;
mod rate_headers;
mod records;
mod request;
mod retry;
mod retry_after;
mod send;
mod sentences;
mod steps;
mod surroundings;
mod wire;
pub(crate) mod federation;
pub(crate) mod server;
