//! The commands, one file a noun. Each takes its arguments, calls one method, converts.

pub mod app;
pub mod audit;
pub mod catalogue;
pub mod check;
pub mod connector;
pub mod credentials;
pub mod db;
pub mod diagnostics;
pub mod erase;
pub mod file;
pub mod health;
pub mod home;
pub mod key;
pub mod member;
pub mod notice;
pub mod org;
pub mod practice;
pub mod request;
pub mod retention;
pub mod schedule;
pub mod settings;
pub mod sign_in;
pub mod sync;
pub mod sync_choice;
pub mod template;
