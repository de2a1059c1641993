//! Deciding about checks: when a connector's turn is ([`slot`]), whether it is this computer's network that fails
//! ([`network`]), and what a check came to ([`outcome`]). Pure: asking and keeping is done by `app/checks`.

pub mod network;
pub mod outcome;
pub mod slot;
