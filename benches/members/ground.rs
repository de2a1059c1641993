//! An app over a folder with one connector and its clubs, the file behind its back, and what all rows of results share.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use connectors::clock::SystemClock;
use connectors::random::SystemRandom;
use connectors::vault::{KeychainCaller, Sidecar, unlock_with_keychain};
use connectors::view::{
    AskedBy, ClubConnectRequest, ConnectorAddRequest, InitialiseRequest, RunView,
};
use connectors::{App, AppOptions, CancellationToken};
use testkit::FileKeychain;

/// The connector.
pub const CODE: &str = "bench";
/// The club that is synced.
pub const ORG: &str = "ballyduff";
/// What the federation calls it.
pub const CLUB: &str = "club-1001";

/// How many members: what the environment says, or what the bar is about.
pub fn wanted(otherwise: usize) -> usize {
    let said = std::env::var("FC_BENCH_MEMBERS").ok();
    said.map_or(otherwise, |text| text.parse().unwrap())
}

/// A folder of an app.
pub struct Ground {
    root: PathBuf,
}

impl Ground {
    pub fn at(root: &Path) -> Self {
        std::fs::create_dir_all(root).unwrap();
        Self {
            root: root.to_owned(),
        }
    }

    fn keychain(&self) -> Arc<FileKeychain> {
        Arc::new(FileKeychain::at(&self.root.join("keychain.json")))
    }

    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// A closed app.
    pub fn app(&self) -> App {
        App::new(AppOptions {
            data_dir: self.data(),
            keychain: self.keychain(),
            keychain_deadline: Duration::from_secs(10),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        })
    }

    /// An open app with a connector to this address, and its club.
    pub async fn connected(&self, base: &str, key: &str, page: u32) -> App {
        let app = self.app();
        app.initialise(InitialiseRequest::Keychain).await.unwrap();
        let mut settings = testkit::settings(CODE, base);
        "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
        settings.sync.template = Some("practice".to_owned());
        settings.paging.size = Some(page);
        app.connector_add(ConnectorAddRequest {
            settings,
            credentials: Some(testkit::api_key(key)),
            test_handle: None,
        })
        .await
        .unwrap();
        connect(&app, ORG, CLUB).await;
        app
    }

    /// The key of the file, as `SQLCipher` takes it.
    pub fn key(&self) -> String {
        let sidecar = Sidecar::read(&self.data().join("connectors.keys.json"));
        let sidecar = sidecar.unwrap().expect("there is a sidecar");
        let caller = KeychainCaller::with_deadline(self.keychain(), Duration::from_secs(5));
        let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
        (*vault.file_key().sqlcipher_pragma_value()).clone()
    }

    /// The file behind the product's back.
    pub fn raw(&self) -> rusqlite::Connection {
        open(&self.data().join("connectors.db"), &self.key())
    }
}

/// A file with the product's settings.
pub fn open(path: &Path, key: &str) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA key = \"{key}\"; PRAGMA journal_mode = WAL;
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384;
             PRAGMA temp_store = 2; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
        ))
        .unwrap();
    connection
}

/// Connects a club.
pub async fn connect(app: &App, org: &str, federation_org: &str) {
    app.org_connect(ClubConnectRequest {
        code: CODE.to_owned(),
        org: org.to_owned(),
        name: format!("Club {org}"),
        federation_org: federation_org.to_owned(),
        federation_name: None,
    })
    .await
    .unwrap();
}

/// A plan of the club.
pub async fn preview(app: &App) -> RunView {
    let cancel = CancellationToken::new();
    app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, cancel)
        .await
        .unwrap()
}

/// Applies a plan.
pub async fn apply(app: &App, plan: &RunView) {
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
}

/// One row of results.
pub fn row(what: &str, measured: &str, bar: &str, held: bool) -> bool {
    let verdict = if held { "PASS" } else { "FAIL" };
    println!("{what}: {measured}, bar {bar}  {verdict}");
    held
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that `share` of 1,000 do not exceed.
pub fn quantile(values: &mut [f64], share: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() * share).div_ceil(1_000)).clamp(1, values.len()) - 1]
}
