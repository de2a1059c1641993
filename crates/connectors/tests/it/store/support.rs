//! A store in a temporary folder, records to fill it with, and the bytes of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use connectors::clock::UtcMillis;
use connectors::store::Store;
use connectors::store::connector::{ConnectorRecord, Standing};
use connectors::store::credential::CredentialRecord;
use connectors::view::{AuthKind, Environment, HealthState, Status};
use uuid::Uuid;

pub(crate) const KEY: &str = "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";
pub(crate) const OTHER_KEY: &str =
    "x'ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";
pub(crate) const DATABASE_ID: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
pub(crate) const NOW: UtcMillis = UtcMillis(1_795_433_612_000);

pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("connectors.db")
    }

    /// A stand-in for the vault's sidecar.
    pub(crate) fn sidecar(&self) -> PathBuf {
        self.folder.path().join("connectors.key")
    }

    pub(crate) fn create(&self) -> Store {
        fs::write(self.sidecar(), b"sidecar one").unwrap();
        Store::create(&self.data(), KEY, DATABASE_ID, NOW).unwrap()
    }

    pub(crate) fn open(&self) -> Store {
        open(&self.data()).unwrap()
    }
}

pub(crate) fn open(path: &Path) -> connectors::error::Result<Store> {
    Store::open(path, KEY, DATABASE_ID, NOW, |_, _, _| Ok(()))
}

/// The nth identifier.
pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub(crate) const HEALTHY: Standing = Standing {
    status: Status::Active,
    state: HealthState::Healthy,
    attention: 5,
};

pub(crate) const PAUSED: Standing = Standing {
    status: Status::Inactive,
    state: HealthState::Paused,
    attention: 6,
};

pub(crate) fn connector(n: u128) -> ConnectorRecord {
    ConnectorRecord {
        id: id(n),
        code: format!("club_{n:05}"),
        name: format!("Cumann Lúthchleas {n:05}"),
        name_key: format!("cumann luthchleas {n:05}"),
        search_key: format!("cumann luthchleas {n:05} club_{n:05}"),
        status: Status::Active,
        state: HealthState::NotTested,
        attention: 3,
        auth_kind: AuthKind::ApiKey,
        environment: Environment::Live,
        preset: Some("generic_key".to_owned()),
        template: None,
        settings: format!(r#"{{"code":"club_{n:05}"}}"#),
        credential_id: None,
        previous_credential_id: None,
        webhook_credential_id: None,
        last_test_at: None,
        last_sync_at: None,
        last_success_at: None,
        last_error_at: None,
        consecutive_failures: 0,
        created_at: NOW,
        updated_at: NOW,
        deleted_at: None,
        purged_at: None,
        status_before_deletion: None,
        version: 1,
    }
}

pub(crate) fn credential(n: u128, connector: Uuid, sealed: &str) -> CredentialRecord {
    CredentialRecord {
        id: id(n),
        connector_id: connector,
        field: "credentials".to_owned(),
        kind: AuthKind::ApiKey,
        sealed: sealed.to_owned(),
        term: 1,
        stored_at: NOW,
        expires_on: Some("2027-03-31".to_owned()),
        tested: false,
        summary: r#"{"secondary_set":true}"#.to_owned(),
    }
}

/// Every file of a folder with its bytes, the lock file (which never holds any) left out.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && path.extension().is_none_or(|e| e != "lock") {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

pub(crate) fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// How often the long tests repeat: `few`, or `full` with `FC_ROUNDS=full`.
pub(crate) fn rounds(few: u32, full: u32) -> u32 {
    if std::env::var("FC_ROUNDS").is_ok_and(|rounds| rounds == "full") {
        full
    } else {
        few
    }
}
