//! Backups: made, listed, restored, and the check of the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::opening::blocking;
use super::{App, Opened, State};
use crate::audit::{Actor, AuditWhat, Entry};
use crate::error::{Code, Error, LockReason, Result};
use crate::store::backup::{self, BackupRecord};
use crate::store::{Store, check, restore};
use crate::view::{BackupView, CheckView};

impl App {
    /// Makes a verified backup, into `destination` or into the app's own folder (where the oldest
    /// beyond seven go). An existing file is never overwritten.
    pub async fn db_backup(&self, destination: Option<PathBuf>) -> Result<BackupView> {
        let opened = self.opened()?;
        let word = destination.as_ref().map_or(Some("daily"), |_| None);
        let entry = word
            .into_iter()
            .fold(Entry::of(AuditWhat::BackupMade), Entry::word);
        self.enter(entry).await?;
        let app = self.clone();
        let made = blocking(move || {
            let (paths, now, store) = (&app.inner.paths, app.now(), &opened.store);
            let key = opened.keys().vault.file_key().sqlcipher_pragma_value();
            let made = match destination {
                Some(to) => backup::backup(store, &paths.sidecar, &key, &to, now)?,
                None => backup::daily_backup(store, &paths.sidecar, &key, &paths.backups, now)?,
            };
            Ok(backup_view(&made))
        })
        .await;
        self.not_done(&made, AuditWhat::BackupMade).await;
        self.audit_anchor().await;
        made
    }

    /// The backups in the app's own folder, newest first. Works while locked.
    pub fn db_backups(&self) -> Result<Vec<BackupView>> {
        let all = backup::list_backups(&self.inner.paths.backups)?;
        Ok(all.iter().map(backup_view).collect())
    }

    /// A backup a day, seven kept; does nothing where today's is there.
    pub async fn daily_backup(&self) -> Result<()> {
        self.opened()?;
        // What an erasing left behind must not be copied.
        self.finish_scrubbing().await?;
        if backup::daily_backup_due(&self.inner.paths.backups, self.now())? {
            let app = self.acting_as(Actor::Itself);
            app.db_backup(None).await?;
        }
        self.forget_old_backups().await
    }

    /// Puts a backup in place of the present file, which is moved aside and never deleted, and
    /// opens it with the keychain. Works while locked, because a damaged file cannot be opened.
    /// Where the backup cannot be used, the file is as open or as locked afterwards as it was.
    pub async fn db_restore(&self, path: &Path) -> Result<()> {
        self.see_all_clubs()?;
        {
            let _one_at_a_time = self.inner.opening.lock().await;
            let path = path.to_owned();
            let app = self.clone();
            // Records of the file that goes.
            self.template_samples_drop();
            blocking(move || app.restore_blocking(&path)).await?;
        }
        self.open().await
    }

    fn restore_blocking(&self, path: &Path) -> Result<()> {
        // Before anything is closed for it.
        backup::verify(path)?;
        let locked = |reason| State::Closed(Some(Arc::new(Error::Locked(reason))));
        let was = self.set_state(locked(LockReason::Opening));
        let paths = &self.inner.paths;
        let closed = match &was {
            State::Open(opened) => {
                // Another file may follow, with other credentials under the same versions.
                super::lock(&self.inner.clients).forget();
                opened.store.close()
            }
            State::Closed(_) | State::Opening => Ok(()),
        };
        let restored = closed
            .and_then(|()| self.note_restore(false))
            .and_then(|()| restore::restore(path, &paths.database, &paths.sidecar, self.now()));
        match restored {
            Ok(_) => {
                // The backup is in place whatever becomes of its note; the one before says that it was begun.
                if let Err(error) = self.note_restore(true) {
                    tracing::warn!(code = ?error.code(), "a restore could not be noted for the audit log");
                }
                self.set_state(locked(LockReason::ByUser));
                Ok(())
            }
            Err(error) => {
                self.forget_restore();
                self.set_state(self.as_it_was(was));
                Err(error)
            }
        }
    }

    /// The state before a restore that failed; a file that was open is opened with the same keys.
    fn as_it_was(&self, was: State) -> State {
        let State::Open(opened) = was else { return was };
        let reopened = {
            let vault = &opened.keys().vault;
            let key = vault.file_key().sqlcipher_pragma_value();
            let database = &self.inner.paths.database;
            Store::open(
                database,
                &key,
                vault.database_id(),
                self.now(),
                |_, _, _| Ok(()),
            )
        };
        match reopened {
            Ok(store) => State::Open(Arc::new(Opened {
                store,
                database_id: opened.database_id,
                audit_key: Arc::clone(&opened.audit_key),
                keys: Arc::clone(&opened.keys),
            })),
            Err(error) => State::Closed(Some(Arc::new(error))),
        }
    }

    /// As [`Self::db_restore`], for a caller that is not trusted with paths: only a backup out of
    /// the app's own folder is taken.
    pub async fn db_restore_own(&self, path: &Path) -> Result<()> {
        self.see_all_clubs()?;
        let known = self
            .db_backups()?
            .iter()
            .any(|one| Path::new(&one.path) == path);
        if !known {
            return Err(Error::refused(
                Code::NotFound,
                "there is no such backup in the app's folder",
            ));
        }
        self.db_restore(path).await
    }

    /// Looks through the whole file: pages, keys, references, and every sealed credential is opened.
    pub async fn db_check(&self) -> Result<CheckView> {
        let opened = self.opened()?;
        let app = self.clone();
        blocking(move || {
            let mut found = check::check(&opened.store)?;
            let mut checked = 0_u32;
            let mut after = None;
            loop {
                let rows = opened
                    .store
                    .read_blocking(|tx| tx.credentials_after(after, CREDENTIALS_AT_ONCE))?;
                let Some(last) = rows.last() else { break };
                after = Some(last.id);
                for row in &rows {
                    checked += 1;
                    if app.open_sealed(&opened, row).is_err() {
                        found.problems.push(format!(
                            "the {} of connector {} cannot be opened; store them again",
                            row.field.replace('_', " "),
                            row.connector_id
                        ));
                    }
                }
            }
            Ok(CheckView {
                ok: found.problems.is_empty(),
                problems: found.problems,
                credentials_checked: checked,
                pages: found.pages,
            })
        })
        .await
    }
}

/// Sealed credentials looked at in one read.
const CREDENTIALS_AT_ONCE: u32 = 500;

fn backup_view(record: &BackupRecord) -> BackupView {
    BackupView {
        path: record.path.display().to_string(),
        size: record.size,
        made_at: record.made_at.0,
        verified: record.verified,
    }
}
