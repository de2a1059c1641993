//! For tests only: an [`App`] in a folder of its own, a keychain in memory that fails on order,
//! clocks that move when they are told to, and doubles of what a computer may do wrong.
#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot start fails; doubles and harnesses use the real clock"
)]

pub mod authorization_server;
mod clock;
#[cfg(target_os = "linux")]
pub mod disk_fault;
mod file_keychain;
pub mod memory_keychain;
pub mod pages;
#[cfg(target_os = "linux")]
pub mod secret_service;
pub mod seeded_random;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors::clock::Clock;
use connectors::random::SystemRandom;
use connectors::secret::SecretText;
use connectors::view::{ConnectorSettings, CredentialsRequest, InitialiseRequest};
use connectors::{App, AppOptions};
use tempfile::TempDir;

pub use clock::{MovableClock, RuntimeClock};
pub use file_keychain::FileKeychain;
pub use memory_keychain::MemoryKeychain;

/// 2026-11-23T12:00:00Z: where every test's clock starts.
pub const START: i64 = 1_795_435_200_000;

/// A folder, a keychain and a clock, and as many [`App`]s over them as a test wants.
pub struct Bench {
    folder: TempDir,
    /// The keychain that all apps of this bench share.
    pub keychain: Arc<MemoryKeychain>,
    /// Their clock.
    pub clock: Arc<MovableClock>,
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

impl Bench {
    /// An empty folder; no key, no file.
    #[must_use]
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            keychain: Arc::new(MemoryKeychain::default()),
            clock: Arc::new(MovableClock::at(START)),
        }
    }

    /// The data folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A closed app over the folder: what a fresh process has.
    #[must_use]
    pub fn app(&self) -> App {
        self.app_with(Arc::clone(&self.clock) as _)
    }

    /// As [`Bench::app`], with a clock of its own.
    #[must_use]
    pub fn app_with(&self, clock: Arc<dyn Clock>) -> App {
        App::new(AppOptions {
            data_dir: self.folder.path().to_owned(),
            keychain: Arc::clone(&self.keychain) as _,
            keychain_deadline: Duration::from_millis(500),
            clock,
            random: Arc::new(SystemRandom),
        })
    }

    /// An open app with a fresh key in the keychain.
    pub async fn open_app(&self) -> App {
        let app = self.app();
        app.initialise(InitialiseRequest::Keychain)
            .await
            .expect("a first run succeeds");
        app
    }
}

/// Settings that break no rule: a key in `X-API-Key`, a list in pages.
#[must_use]
pub fn settings(code: &str, base: &str) -> ConnectorSettings {
    let mut settings = ConnectorSettings {
        code: code.to_owned(),
        name: format!("Connector {code}"),
        allow_http_loopback: true,
        ..ConnectorSettings::default()
    };
    base.clone_into(&mut settings.endpoints.base);
    "/v1/members".clone_into(&mut settings.endpoints.membership_list);
    settings.endpoints.verify = Some("/v1/me".to_owned());
    settings.paging.style = connectors::view::PagingStyle::Page;
    settings.paging.page_param = Some("page".to_owned());
    settings.paging.size_param = Some("size".to_owned());
    settings.paging.size = Some(20);
    settings.paging.records = Some("data".to_owned());
    // The clock of a bench stands still: a minute would never be over.
    settings.limits.requests_per_minute = 6_000;
    settings
}

/// Credentials with one key.
#[must_use]
pub fn api_key(key: &str) -> CredentialsRequest {
    CredentialsRequest::ApiKey {
        api_key: Some(SecretText::new(key.to_owned())),
        secondary_api_key: None,
        secrets: std::collections::BTreeMap::new(),
        expires_on: None,
        webhook_secret: None,
    }
}
