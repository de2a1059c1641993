//! Tests through `App`: what a person does, against a practice federation where one is needed.

mod backups;
mod canaries;
mod canary;
mod canary_scenario;
mod child;
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
mod request;
mod storage;
mod support;
mod testing;
mod ways;
