//! Tests of `store`.
mod backups;
pub(crate) mod child;
mod clubs;
mod damage;
mod disk;
mod errors;
mod kills;
mod lists;
mod opening;
mod requests;
mod rollups;
mod sign_in;
pub(crate) mod support;
mod tables;
