//! The one place of this crate that reads a clock, and only for `/counted`: everything else that ends
//! in time is a timer. It is monotonic, so that setting the computer's clock moves no request.

use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "the arrivals at /counted are measured, and no caller could hand their instants in"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
