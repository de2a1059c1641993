//! Tests of `api::paging`.

mod address;
mod ahead;
mod fake;
mod faults;
mod link_header;
mod listing;
mod memory;
mod next;
mod stopping;
mod stream;
