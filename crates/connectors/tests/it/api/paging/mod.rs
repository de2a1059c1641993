//! Tests of `api::paging`.

mod address;
mod ahead;
mod fake;
mod link_header;
mod listing;
mod memory;
mod next;
mod stream;
