//! The invariants of the source tree that no compiler holds: who may depend on what, who may
//! read the clock, how long a file may be. Every rule is a function from a file (or a graph) to
//! findings, and has a test beside it which plants a bad one and sees it found.
#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a test stops at the first surprise and has no readers of its documentation"
)]

#[path = "tidy/audited.rs"]
mod audited;
#[path = "tidy/graph.rs"]
mod graph;
#[path = "tidy/roles.rs"]
mod roles;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/tree.rs"]
mod tree;
