//! The chain of the audit log by itself: what is hashed, and what a check sees of every way to change a log.

mod chain;
