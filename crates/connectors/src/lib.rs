//! Federation Connectors without a window: connectors, the vault that seals their credentials, the
//! encrypted store, the test of a connection. `App` has one method a use case; the desktop shell
//! and `fedctl` only convert. Nothing here knows Tauri, and nothing here prints.

pub mod api;
mod app;
pub mod audit;
pub mod auth;
pub mod browser;
pub mod catalogue;
pub mod checks;
pub mod clock;
pub mod connector_file;
pub mod credentials;
pub mod diagnostics;
pub mod error;
pub mod failure;
pub mod health;
pub mod log_file;
pub mod members;
pub mod notices;
pub mod preferences;
pub mod process;
pub mod random;
pub mod remedy;
pub mod secret;
#[cfg(all(unix, not(target_os = "macos")))]
pub mod session_bus;
pub mod settings;
pub mod store;
pub mod sync;
pub mod text;
pub mod uptime;
pub mod validate;
pub mod vault;
pub mod view;

/// Stops long work; cheap to clone.
pub use tokio_util::sync::CancellationToken;

pub use app::{
    App, AppOptions, Delivery, Ending, IMPORT_LIMIT, SignInSink, StepSink, SyncProgress, data_dir,
};
