//! First run, opening, unlocking, locking: from a folder to an open file, or to a typed reason
//! and a way out. The sidecar is the marker: where it is, no new key is ever made.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use super::{App, Keys, Opened, State};
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, FieldRule, LockReason, Result};
use crate::notices::quiet::minute_of;
use crate::preferences;
use crate::secret::SecretText;
use crate::store::owner::OwnerLock;
use crate::store::{self, Store};
use crate::vault::sidecar::Sidecar;
use crate::vault::{self, NewSlot, Vault};
use crate::view::{
    AppSettings, AppStateView, FileView, InitialiseRequest, RoleView, SlotKind, StatusView,
};

/// Where everything lies in the data folder.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    /// The folder.
    pub data_dir: PathBuf,
    /// The encrypted file.
    pub database: PathBuf,
    /// The small file with the wrapped keys.
    pub sidecar: PathBuf,
    /// Backups made by the app itself.
    pub backups: PathBuf,
    /// Where the audit log ends.
    pub audit_anchor: PathBuf,
    /// A restore that is not in the log yet.
    pub audit_restore_note: PathBuf,
}

impl Paths {
    /// The names inside `data_dir`.
    #[must_use]
    pub(super) fn new(data_dir: PathBuf) -> Self {
        Self {
            database: data_dir.join("connectors.db"),
            sidecar: data_dir.join("connectors.keys.json"),
            backups: data_dir.join("backups"),
            audit_anchor: data_dir.join("connectors.audit.json"),
            audit_restore_note: data_dir.join("connectors.audit-restore.json"),
            data_dir,
        }
    }
}

/// The folder with the data: `chosen`, else `$FEDERATION_CONNECTORS_DATA_DIR`, else the place where
/// this system keeps the data of programs (`~/.local/share/federation-connectors` on Linux).
pub fn data_dir(chosen: Option<PathBuf>) -> Result<PathBuf> {
    let from_environment = || {
        std::env::var_os("FEDERATION_CONNECTORS_DATA_DIR")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let from_system = || {
        directories::ProjectDirs::from("com", "playerarc", "federation-connectors")
            .map(|all| all.data_local_dir().to_owned())
    };
    chosen
        .or_else(from_environment)
        .or_else(from_system)
        .ok_or_else(|| {
            Error::refused(
                Code::StorageDenied,
                "this account has no home folder; name a folder with --data-dir",
            )
        })
}

impl App {
    /// The preferences of this computer; they can be read while locked.
    pub fn settings(&self) -> AppSettings {
        preferences::read(&self.inner.paths.data_dir)
    }

    /// Changes the preferences of this computer.
    pub async fn settings_set(&self, settings: AppSettings) -> Result<AppSettings> {
        for (field, time) in [
            ("quiet_from", &settings.quiet_from),
            ("quiet_until", &settings.quiet_until),
        ] {
            if time
                .as_deref()
                .is_some_and(|time| minute_of(time).is_none())
            {
                return Err(Error::field(
                    field,
                    FieldRule::Unknown,
                    "write a time such as 22:00",
                ));
            }
        }
        if settings.view == RoleView::MyClub
            && settings
                .my_club
                .as_deref()
                .is_none_or(|org| org.trim().is_empty())
        {
            return Err(Error::field(
                "my_club",
                FieldRule::Required,
                "choose the club that is shown (fedctl settings set my_club=ID)",
            ));
        }
        let folder = self.inner.paths.data_dir.clone();
        let before = self.settings();
        let fields = [
            ("theme", before.theme != settings.theme),
            ("contrast", before.contrast != settings.contrast),
            (
                "notifications",
                before.notifications != settings.notifications,
            ),
            ("quiet_from", before.quiet_from != settings.quiet_from),
            ("quiet_until", before.quiet_until != settings.quiet_until),
            ("background", before.background != settings.background),
            ("autostart", before.autostart != settings.autostart),
            ("view", before.view != settings.view),
            ("my_club", before.my_club != settings.my_club),
        ];
        let changed: Vec<&str> = fields
            .iter()
            .filter(|(_, changed)| *changed)
            .map(|(name, _)| *name)
            .collect();
        let store = self.store().ok().filter(|_| !changed.is_empty());
        let act = self.act();
        blocking(move || {
            store::folder::prepare(&folder)?;
            match store {
                Some(store) => store.write_blocking(|tx| {
                    let entry = Entry::of(AuditWhat::SettingsChanged).fields(changed);
                    act.audit(tx, entry)?;
                    preferences::write(&folder, &settings)
                })?,
                // The locked screen has colours too; nothing of anybody is in them.
                None => preferences::write(&folder, &settings)?,
            }
            Ok(settings)
        })
        .await
    }

    /// Version, place, state and numbers. Never fails: what cannot be known is left out.
    pub async fn status(&self) -> StatusView {
        let app = self.app_state();
        let connectors = match self.store() {
            Ok(store) => store.read(|tx| tx.connector_counts()).await.ok(),
            Err(_) => None,
        };
        StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.inner.paths.data_dir.display().to_string(),
            app,
            file: self.file_view(),
            connectors,
            paused_until: self.paused_until().await.ok().flatten().map(|at| at.0),
        }
    }

    fn app_state(&self) -> AppStateView {
        let state = self
            .inner
            .state
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Open(_) => AppStateView::Open,
            State::Opening => AppStateView::Opening,
            State::Closed(reason) => match (reason.as_deref(), self.sidecar()) {
                // A file whose keys are gone is not a first run, also before it was tried.
                (None, Ok(None)) if self.inner.paths.database.exists() => {
                    refused(&Error::Damaged {
                        path: self.inner.paths.sidecar.clone(),
                    })
                }
                (None, Ok(None))
                | (
                    Some(Error::Refused {
                        code: Code::NotInitialised,
                        ..
                    }),
                    _,
                ) => AppStateView::FirstRun,
                (None | Some(Error::Locked(_)), Ok(sidecar)) => AppStateView::Locked {
                    reason: match reason.as_deref() {
                        Some(Error::Locked(reason)) => *reason,
                        _ => LockReason::ByUser,
                    },
                    slots: sidecar.map(|one| slot_kinds(&one)).unwrap_or_default(),
                },
                (Some(other), _) => refused(other),
                (None, Err(error)) => refused(&error),
            },
        }
    }

    /// What can be known of the file without its key.
    fn file_view(&self) -> Option<FileView> {
        let paths = &self.inner.paths;
        let facts = std::fs::metadata(&paths.database).ok()?;
        let changed_at = facts
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_millis()).ok());
        Some(FileView {
            name: "connectors.db".to_owned(),
            size: facts.len(),
            changed_at,
            last_backup_at: store::backup::list_backups(&paths.backups)
                .ok()
                .and_then(|all| all.first().map(|newest| newest.made_at.0)),
            schema_version: self
                .sidecar()
                .ok()
                .flatten()
                .map_or(0, |one| one.schema_version()),
        })
    }

    pub(super) fn sidecar(&self) -> Result<Option<Sidecar>> {
        Sidecar::read(&self.inner.paths.sidecar)
    }

    /// First run: makes the key, stores it, reads it back, and only then makes the file.
    /// Refused where a file or its keys are already there.
    pub async fn initialise(&self, request: InitialiseRequest) -> Result<()> {
        let _one_at_a_time = self.inner.opening.lock().await;
        let app = self.clone();
        // There is nothing in a new file whose state could be settled.
        blocking(move || app.initialise_blocking(request)).await
    }

    fn initialise_blocking(&self, request: InitialiseRequest) -> Result<()> {
        let paths = &self.inner.paths;
        store::folder::prepare(&paths.data_dir)?;
        // Two first runs at once: the second waits and then finds the file of the first.
        let _alone = OwnerLock::exclusive(&paths.sidecar)?;
        let exists = |path: &PathBuf| {
            path.try_exists()
                .map_err(|source| Error::io("read", path.clone(), source))
        };
        if exists(&paths.sidecar)? || exists(&paths.database)? {
            return Err(Error::refused(
                Code::AlreadyInitialised,
                "there is a data file with its key already; nothing was changed",
            ));
        }
        let slot = match request {
            InitialiseRequest::Keychain => NewSlot::Keychain,
            InitialiseRequest::Passphrase { passphrase } => NewSlot::Passphrase(passphrase),
        };
        let (mut sidecar, vault) =
            vault::make_vault(slot, &self.inner.keychain, self.random(), self.now())?;
        // The sidecar first: a file without it could never be opened. Format 0 says that there has
        // never been a file, so that a first run that was killed here is finished by the next one.
        sidecar.set_schema_version(0);
        sidecar.write(&paths.sidecar)?;
        self.finish_opening(sidecar, vault)
    }

    /// Opens the file with the key from the keychain. Does nothing where it is open.
    pub async fn open(&self) -> Result<()> {
        self.unlock(None).await
    }

    /// Opens the file with a passphrase, or with the keychain where none is given.
    pub async fn unlock(&self, passphrase: Option<SecretText>) -> Result<()> {
        let _one_at_a_time = self.inner.opening.lock().await;
        if matches!(
            *self
                .inner
                .state
                .read()
                .unwrap_or_else(PoisonError::into_inner),
            State::Open(_)
        ) {
            return Ok(());
        }
        let before = self.set_state(State::Opening);
        let app = self.clone();
        let outcome = blocking(move || app.unlock_blocking(passphrase.as_ref())).await;
        match outcome {
            Ok(()) => {
                // Runs of a process that died are shown as what they are; the file is open all the same.
                if let Err(error) = self.end_dead_runs().await {
                    tracing::warn!(code = ?error.code(), "interrupted runs could not be ended");
                }
                self.settle_states().await;
                if let Err(error) = self.finish_erasing().await {
                    tracing::warn!(code = ?error.code(), "an erasing could not be finished");
                }
                Ok(())
            }
            Err(error) => {
                let reason = match (error.code(), before) {
                    // A mistyped passphrase changes nothing about why the file is locked.
                    (Code::WrongPassphrase, State::Closed(Some(reason))) => reason,
                    (Code::WrongPassphrase, _) => {
                        Arc::new(Error::Locked(LockReason::PassphraseNeeded))
                    }
                    _ => Arc::new(error.repeated()),
                };
                self.set_state(State::Closed(Some(reason)));
                Err(error)
            }
        }
    }

    /// The file is open all the same where this cannot be written.
    async fn settle_states(&self) {
        if let Err(error) = self.settle_the_hour().await {
            tracing::warn!(code = ?error.code(), "states could not be settled for the day");
        }
    }

    fn unlock_blocking(&self, passphrase: Option<&SecretText>) -> Result<()> {
        let paths = &self.inner.paths;
        store::restore::finish_interrupted_restore(&paths.database, &paths.sidecar)?;
        let Some(sidecar) = self.sidecar()? else {
            if paths.database.exists() {
                // A file whose keys are gone is not a first run: nothing may be made over it.
                return Err(Error::Damaged {
                    path: paths.sidecar.clone(),
                });
            }
            return Err(Error::refused(
                Code::NotInitialised,
                "there is no data file yet; create the key first (fedctl init)",
            ));
        };
        if sidecar.schema_version() > store::SCHEMA_VERSION {
            return Err(Error::NewerSchema {
                found: sidecar.schema_version(),
                known: store::SCHEMA_VERSION,
            });
        }
        let vault = match passphrase {
            Some(passphrase) => vault::unlock_with_passphrase(&sidecar, passphrase)?,
            None if sidecar.keychain_account().is_some() => {
                vault::unlock_with_keychain(&sidecar, &self.inner.keychain)?
            }
            None => return Err(Error::Locked(LockReason::PassphraseNeeded)),
        };
        self.finish_opening(sidecar, vault)
    }

    /// From keys to an open file: creates it on a first run, migrates after a verified backup.
    fn finish_opening(&self, mut sidecar: Sidecar, vault: Vault) -> Result<()> {
        let paths = &self.inner.paths;
        let now = self.now();
        let key = vault.file_key().sqlcipher_pragma_value();
        let exists = paths
            .database
            .try_exists()
            .map_err(|source| Error::io("read", paths.database.clone(), source))?;
        let store = if exists {
            let database_id = vault.database_id();
            Store::open(
                &paths.database,
                &key,
                database_id,
                now,
                |unmigrated, _, to| {
                    let folder = &paths.backups;
                    store::backup::daily_backup(unmigrated, &paths.sidecar, &key, folder, now)?;
                    sidecar.set_schema_version(to);
                    sidecar.write(&paths.sidecar)
                },
            )?
        } else if sidecar.schema_version() == 0 {
            Store::create(&paths.database, &key, vault.database_id(), now)?
        } else {
            return Err(Error::refused(
                Code::Damaged,
                "the data file is missing although its keys are there; nothing was made anew; \
                 put the file back or restore a backup",
            ));
        };
        if sidecar.schema_version() == 0 {
            sidecar.set_schema_version(store::SCHEMA_VERSION);
            sidecar.write(&paths.sidecar)?;
        }
        let opened = Arc::new(Opened {
            store,
            database_id: vault.database_id(),
            audit_key: Arc::clone(vault.audit_key()),
            keys: Arc::new(RwLock::new(Keys { vault, sidecar })),
        });
        self.recover_sign_ins(&opened)?;
        self.audit_opened(&opened, !exists)?;
        self.take_over_erased(&opened)?;
        self.set_state(State::Open(opened));
        Ok(())
    }

    /// Closes the file and forgets every key.
    pub async fn lock(&self) -> Result<()> {
        let _one_at_a_time = self.inner.opening.lock().await;
        self.cancel_test();
        self.stop_waiting();
        super::lock(&self.inner.drafts).clear();
        *super::lock(&self.inner.samples) = None;
        let was = self.set_state(State::Closed(Some(Arc::new(Error::Locked(
            LockReason::ByUser,
        )))));
        if let State::Open(opened) = was {
            // A token that is on its way is stored first: its answer may be the only copy.
            let _nothing_under_way = self.inner.tokens.under_way.write().await;
            super::lock(&self.inner.clients).forget();
            let store = opened.store.clone();
            if let Err(error) = self.flush_into(&store).await {
                tracing::warn!(code = ?error.code(), "the last attempts could not be recorded");
            }
            self.audit_anchor_of(opened).await;
            blocking(move || store.close()).await?;
        }
        Ok(())
    }

    pub(super) fn set_state(&self, state: State) -> State {
        std::mem::replace(
            &mut *self
                .inner
                .state
                .write()
                .unwrap_or_else(PoisonError::into_inner),
            state,
        )
    }
}

fn slot_kinds(sidecar: &Sidecar) -> Vec<SlotKind> {
    sidecar.slots().into_iter().map(|(kind, _)| kind).collect()
}

fn refused(error: &Error) -> AppStateView {
    AppStateView::Refused {
        code: error.code(),
        message: error.to_string(),
    }
}

/// Runs work that waits for disk or keychain on a thread where waiting harms nobody.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(source) => Err(Error::internal("wait for a background step", source)),
    }
}
