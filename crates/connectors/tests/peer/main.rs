//! Signing in against an authorization server that others wrote and certified (oidc-provider, started
//! on loopback): what the product believes about the RFCs, held against somebody else's reading.
//! `testkit::authorization_server` is the server and the person with a browser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a failing test panics; harnesses use the real clock and a client of their own"
)]

mod support;

// One module above all tests, so that a run can leave them out by its name.
mod journeys {
    mod canary;
    mod clients;
    mod device;
    mod ends;
    mod renewals;
    mod sign_in;
}
