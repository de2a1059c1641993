//! Deciding about checks, without a network and without a file.

mod network;
mod outcome;
mod slot;
