//! Tests of `api`.

mod address;
mod authenticate;
mod backoff;
mod circuit;
mod classify;
mod connection_test;
mod connection_test_answers;
mod faults;
pub(crate) mod federation;
mod limiter;
mod over_the_wire;
mod paging;
mod rate_headers;
mod records;
mod request;
mod request_bodies;
mod retry;
mod retry_after;
mod send;
mod sentences;
pub(crate) mod server;
mod steps;
mod surroundings;
mod wire;
