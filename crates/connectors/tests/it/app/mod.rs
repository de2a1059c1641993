//! Tests through `App`: what a person does, against a practice federation where one is needed.

mod backups;
mod canaries;
pub(crate) mod canary;
pub(crate) mod canary_scenario;
mod canary_sign_in;
pub(crate) mod child;
mod connectors;
mod credentials;
mod drafts;
mod files;
mod hosts;
mod keys;
mod lists;
mod locking;
mod opening;
mod processes;
mod refused_files;
mod renewals;
mod request;
mod sign_in;
mod sign_in_kinds;
mod storage;
pub(crate) mod support;
mod testing;
mod twins;
mod ways;
