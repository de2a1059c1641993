//! A keychain in one file, for tests with several processes: the second one must find what the
//! first one stored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use connectors::vault::{Keychain, KeychainError};
use zeroize::Zeroizing;

/// Entries as JSON in a file of the test's own, outside the data folder.
pub struct FileKeychain {
    path: PathBuf,
    alone: Mutex<()>,
}

impl FileKeychain {
    /// Over this file, which need not exist.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            alone: Mutex::default(),
        }
    }

    fn entries(&self) -> Result<BTreeMap<String, String>, KeychainError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|_| KeychainError::Failed("its file"))
            }
            Err(_) => Ok(BTreeMap::new()),
        }
    }

    fn change(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, String>),
    ) -> Result<(), KeychainError> {
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entries = self.entries()?;
        change(&mut entries);
        let text = serde_json::to_vec(&entries).expect("texts are JSON");
        std::fs::write(&self.path, text).map_err(|_| KeychainError::Failed("its file"))
    }
}

impl Keychain for FileKeychain {
    fn read(&self, account: &str) -> Result<Zeroizing<String>, KeychainError> {
        let mut entries = self.entries()?;
        let secret = entries.remove(account).ok_or(KeychainError::NoEntry)?;
        Ok(Zeroizing::new(secret))
    }

    fn write(&self, account: &str, secret: &str) -> Result<(), KeychainError> {
        self.change(|entries| drop(entries.insert(account.to_owned(), secret.to_owned())))
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.change(|entries| drop(entries.remove(account)))
    }
}
