//! Other processes over a data folder: the test binary starts itself again with a role. What a
//! child says on its standard output is what it has done.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use connectors::clock::SystemClock;
use connectors::error::Result;
use connectors::random::SystemRandom;
use connectors::view::{CredentialsRequest, CredentialsSetRequest, InitialiseRequest};
use connectors::{App, AppOptions};
use testkit::FileKeychain;

use super::support::{PASSPHRASE, add, secret, settings};
use crate::store::child::{park, say, say_result};

/// A folder for a data folder and the keychain that all processes share.
pub(crate) struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        data(self.folder.path())
    }

    /// An app in this process.
    pub(crate) fn app(&self) -> App {
        app(self.folder.path())
    }

    /// A child that takes a role over this folder.
    pub(crate) fn command(&self, role: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "app::child::entry", "--nocapture"])
            .env("FC_APP_CHILD", role)
            .env("FC_APP_CHILD_PATH", self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }
}

fn data(root: &Path) -> PathBuf {
    root.join("data")
}

pub(crate) fn app(root: &Path) -> App {
    App::new(AppOptions {
        data_dir: data(root),
        keychain: Arc::new(FileKeychain::at(&root.join("keychain.json"))),
        keychain_deadline: Duration::from_secs(10),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    })
}

/// What a child runs. In an ordinary test run there is no role and nothing is done.
#[tokio::test(flavor = "multi_thread")]
async fn entry() {
    let Ok(role) = std::env::var("FC_APP_CHILD") else {
        return;
    };
    let root = PathBuf::from(std::env::var("FC_APP_CHILD_PATH").unwrap());
    let app = app(&root);
    match role.as_str() {
        "initialise" => say_result(
            "initialise",
            app.initialise(InitialiseRequest::Keychain).await,
        ),
        "credentials" => credentials(&app).await,
        "adder" => adder(&app).await,
        "holder" => {
            app.open().await.unwrap();
            say("ready");
            park();
        }
        "keys" => keys(&app).await,
        "asker" => super::renewals::asker(&app, &root).await,
        "renewer" => super::renewals::renewer(&app).await,
        "signer" => super::renewals::signer(&app, &root).await,
        "syncer" => super::sync_kills::syncer(&app).await,
        "canaries" => super::canary_scenario::run(&app, &root).await,
        other => panic!("unknown role {other}"),
    }
}

fn number(name: &str) -> Option<u32> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// The nth day, as a mark beside the nth key.
pub(crate) fn day(n: u32) -> String {
    let year = 2000 + n / 300;
    format!("{year}-{:02}-{:02}", n % 300 / 25 + 1, n % 25 + 1)
}

pub(crate) fn numbered(n: u32) -> CredentialsSetRequest {
    CredentialsSetRequest {
        code: "ballyduff".to_owned(),
        credentials: CredentialsRequest::ApiKey {
            api_key: Some(secret(&format!("key-{n}"))),
            secondary_api_key: None,
            secrets: std::collections::BTreeMap::new(),
            expires_on: Some(day(n)),
            webhook_secret: None,
        },
        test_first: false,
    }
}

/// Replaces the credentials of `ballyduff` from number `FC_FIRST` on and tells each that is
/// stored, until it is killed, fails, or has stored `FC_COUNT`.
async fn credentials(app: &App) {
    app.open().await.unwrap();
    say("ready");
    let first = number("FC_FIRST").unwrap();
    let end = number("FC_COUNT").map_or(u32::MAX, |count| first + count);
    for n in first..end {
        match app.credentials_set(numbered(n)).await {
            Ok(_) => say(&format!("ack {n}")),
            Err(error) => {
                say(&format!("error {:?}: {error}", error.code()));
                return;
            }
        }
    }
}

/// Adds connectors `FC_FIRST..FC_FIRST + FC_COUNT`, all at once.
async fn adder(app: &App) {
    app.open().await.unwrap();
    let first = number("FC_FIRST").unwrap();
    let tasks: Vec<_> = (first..first + number("FC_COUNT").unwrap())
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move { add(&app, &format!("club_{n:03}")).await })
        })
        .collect();
    for task in tasks {
        say(&format!("added {}", task.await.unwrap().row.code));
    }
}

/// Changes the keys while their small file cannot be replaced, and goes on working.
async fn keys(app: &App) {
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    app.connector_add(super::support::request(settings("ballyduff"), None))
        .await
        .unwrap();
    // The temporary names of this process are taken, which stops root too.
    let taken: Vec<PathBuf> = (0..50)
        .map(|number| {
            let name = format!("connectors.keys.json.{}-{number}.tmp", std::process::id());
            app.data_dir().join(name)
        })
        .collect();
    for name in &taken {
        std::fs::create_dir(name).unwrap();
    }
    say_result("rotate", app.key_rotate().await.map(drop));
    tell_keys(app).await;
    let passphrase = app.key_add_passphrase(secret(PASSPHRASE)).await;
    say_result("passphrase", passphrase.map(drop));
    tell_keys(app).await;
    let stored: Result<_> = app.credentials_set(numbered(7)).await;
    say_result("store", stored.map(drop));
}

async fn tell_keys(app: &App) {
    let keys = app.key_status().await.unwrap();
    say(&format!("term {}, {} way in", keys.term, keys.slots.len()));
}
