//! What support asks first: can this computer hold the data, read the key, open the file, reach a federation, tell a person?

mod links;
mod network;
mod session;
mod space;

use super::App;
use super::opening::blocking;
use crate::clock::UtcMillis;
use crate::error::{Error, describe_lock};
use crate::store;
use crate::vault::keychain::KeychainError;
use crate::view::DoctorLineView;

/// A daily backup older than this is worth a word.
const OLD_BACKUP_DAYS: i64 = 8;

impl App {
    /// One line a thing that was looked at, each with how to mend it. Never fails.
    pub async fn doctor(&self) -> Vec<DoctorLineView> {
        self.doctor_seen(None).await
    }

    /// As [`App::doctor`], with the version of the web view, which only a window knows.
    pub async fn doctor_seen(&self, web_view: Option<&str>) -> Vec<DoctorLineView> {
        let app = self.clone();
        let mut lines = blocking(move || Ok(app.doctor_outside()))
            .await
            .unwrap_or_default();
        lines.push(match self.db_check().await {
            Ok(check) if check.ok => well(
                "data file",
                format!(
                    "opened and checked: {} credentials whole",
                    check.credentials_checked
                ),
            ),
            Ok(check) => broken(
                "data file",
                check.problems.join("; "),
                "restore the newest backup (fedctl db restore FILE)",
            ),
            Err(Error::Refused {
                code: crate::error::Code::NotInitialised,
                ..
            }) => unknown(
                "data file",
                "none yet",
                "create it with fedctl init or in the app",
            ),
            Err(error) => unknown("data file", error.to_string(), "unlock it first"),
        });
        lines.extend(self.doctor_network().await);
        lines.extend(links::look().await);
        if let Some(version) = web_view {
            lines.push(well("web view", version));
        }
        lines.extend(session::look().await);
        lines
    }

    fn doctor_outside(&self) -> Vec<DoctorLineView> {
        let paths = &self.inner.paths;
        let mut lines = vec![well("version", env!("CARGO_PKG_VERSION"))];
        lines.push(match store::folder::probe(&paths.data_dir) {
            Ok(()) => well("data folder", format!("{} can be written", paths.data_dir.display())),
            Err(error) => broken(
                "data folder",
                error.to_string(),
                "make the folder writable for you, free some space, or choose another with --data-dir",
            ),
        });
        lines.extend(space::look(&paths.data_dir));
        let sidecar = self.sidecar();
        lines.push(match &sidecar {
            Ok(Some(one)) => well("keys", format!("ways to the key: {}", one.slots().len())),
            Ok(None) => unknown(
                "keys",
                "none yet",
                "create the key with fedctl init or in the app",
            ),
            Err(error) => broken("keys", error.to_string(), "restore a backup"),
        });
        let account = sidecar
            .ok()
            .flatten()
            .and_then(|one| one.keychain_account().map(str::to_owned));
        // Without a file of ours a name that cannot exist still tells whether a keychain answers.
        let name = account.clone().unwrap_or_else(|| "doctor".to_owned());
        lines.push(match self.inner.keychain.read(&name) {
            Ok(_) => well("keychain", "answers and has the key"),
            Err(KeychainError::NoEntry) if account.is_none() => well("keychain", "answers"),
            Err(error) if account.is_none() => unknown(
                "keychain",
                describe_lock(error.into()),
                "a passphrase works without a keychain",
            ),
            Err(error) => broken(
                "keychain",
                describe_lock(error.into()),
                "unlock the keychain of your session, or use the passphrase",
            ),
        });
        let newest = store::backup::list_backups(&paths.backups)
            .ok()
            .and_then(|all| all.into_iter().next());
        let old = |at: UtcMillis| self.now() > at.plus_days(OLD_BACKUP_DAYS);
        lines.push(match newest {
            Some(one) if old(one.made_at) => broken(
                "backup",
                format!("the newest is from {}", one.made_at.to_rfc3339()),
                "make one now (fedctl db backup FILE)",
            ),
            Some(one) => well("backup", format!("newest {}", one.made_at.to_rfc3339())),
            None => unknown(
                "backup",
                "none yet",
                "the app makes one a day while it is used",
            ),
        });
        lines
    }
}

fn line(name: &str, ok: Option<bool>, found: impl Into<String>, fix: &str) -> DoctorLineView {
    DoctorLineView {
        name: name.to_owned(),
        ok,
        found: found.into(),
        fix: fix.to_owned(),
    }
}

fn well(name: &str, found: impl Into<String>) -> DoctorLineView {
    line(name, Some(true), found, "")
}

fn broken(name: &str, found: impl Into<String>, fix: &str) -> DoctorLineView {
    line(name, Some(false), found, fix)
}

fn unknown(name: &str, found: impl Into<String>, fix: &str) -> DoctorLineView {
    line(name, None, found, fix)
}
