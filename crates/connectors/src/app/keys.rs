//! Where the master key is, the ways to it, and a new key for credentials.

use std::sync::PoisonError;

use zeroize::Zeroizing;

use super::opening::blocking;
use super::{App, Keys, Opened, credentials};
use crate::audit::{Actor, AuditWhat, Entry, word_of};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::secret::SecretText;
use crate::store::credential::CredentialRecord;
use crate::store::owner::OwnerLock;
use crate::vault;
use crate::vault::sidecar::Sidecar;
use crate::vault::{Sealed, Vault};
use crate::view::{KeyStatusView, SlotKind, SlotView};

/// A credential key is replaced after this many encryptions: half of the 2^32 that random 96-bit
/// nonces allow (NIST SP 800-38D §8.3).
const ENCRYPTION_LIMIT: u64 = 1 << 31;
/// A credential key is replaced after this many days.
const TERM_DAYS: i64 = 365;

/// Credentials sealed anew between two looks at what is left.
const RESEALED_AT_ONCE: u32 = 100;

/// Whether the newest credential key is due to be replaced.
fn rotation_due(encryptions: u64, made_at: UtcMillis, now: UtcMillis) -> bool {
    encryptions >= ENCRYPTION_LIMIT || now >= made_at.plus_days(TERM_DAYS)
}

impl App {
    /// The ways to the master key and the age of the credential key.
    pub async fn key_status(&self) -> Result<KeyStatusView> {
        let opened = self.opened()?;
        let (slots, term, made_at, database_id) = {
            let keys = opened.keys();
            let slots = keys
                .sidecar
                .slots()
                .into_iter()
                .map(|(kind, made_at)| SlotView {
                    kind,
                    made_at: made_at.0,
                })
                .collect();
            let term = keys.vault.newest_term();
            let made_at = keys
                .sidecar
                .terms()
                .iter()
                .find(|one| one.0 == term)
                .map(|one| one.1);
            (slots, term, made_at, keys.vault.database_id())
        };
        let terms = opened.store.read(|tx| tx.credential_terms()).await?;
        Ok(KeyStatusView {
            slots,
            term,
            encryptions: terms
                .iter()
                .find(|one| one.term == term)
                .map_or(0, |one| one.encryptions),
            made_at: made_at.map_or(0, |at| at.0),
            database_id: database_id.to_string(),
        })
    }

    /// Adds or replaces the passphrase, at least 12 characters.
    pub async fn key_add_passphrase(&self, passphrase: SecretText) -> Result<KeyStatusView> {
        let entry = Entry::of(AuditWhat::KeyPassphraseSet);
        self.change_keys(entry, move |app, keys| {
            let now = app.now();
            vault::add_passphrase(
                &mut keys.sidecar,
                &keys.vault,
                &passphrase,
                app.random(),
                now,
            )
        })
        .await?;
        self.key_status().await
    }

    /// Puts the master key into the keychain of this computer.
    pub async fn key_add_keychain(&self) -> Result<KeyStatusView> {
        let entry = Entry::of(AuditWhat::KeyKeychainAdded);
        self.change_keys(entry, |app, keys| {
            let now = app.now();
            vault::add_keychain(&mut keys.sidecar, &keys.vault, &app.inner.keychain, now)
        })
        .await?;
        self.key_status().await
    }

    /// Removes one way in; the last one stays.
    pub async fn key_remove_slot(&self, kind: SlotKind) -> Result<KeyStatusView> {
        let entry = Entry::of(AuditWhat::KeySlotRemoved).word(&word_of(&kind));
        self.change_keys(entry, move |app, keys| {
            vault::remove_slot(&mut keys.sidecar, kind, &app.inner.keychain)
        })
        .await?;
        self.key_status().await
    }

    /// Makes a new credential key and seals every credential anew. Killed in between, the next
    /// opening goes on; old rows stay readable throughout.
    pub async fn key_rotate(&self) -> Result<KeyStatusView> {
        let entry = Entry::of(AuditWhat::KeyRotated);
        self.change_keys(entry, |app, keys| {
            let now = app.now();
            vault::add_term(&mut keys.sidecar, &mut keys.vault, app.random(), now).map(|_| ())
        })
        .await?;
        self.reseal().await?;
        self.key_status().await
    }

    /// What is due after an opening: a new credential key after a year or 2^31 encryptions, and the
    /// rest of a re-sealing that was interrupted.
    pub async fn keep_keys_fresh(&self) -> Result<()> {
        let status = self.key_status().await?;
        if rotation_due(status.encryptions, UtcMillis(status.made_at), self.now()) {
            let app = self.acting_as(Actor::Itself);
            app.key_rotate().await?;
            return Ok(());
        }
        self.reseal().await
    }

    /// Seals every credential of an older term under the newest, one transaction each. One that
    /// cannot be opened keeps no other from it; the first such failure is told at the end.
    async fn reseal(&self) -> Result<()> {
        let opened = self.opened()?;
        let app = self.clone();
        blocking(move || {
            let newest = opened.keys().vault.newest_term();
            let store = &opened.store;
            let old = store.read_blocking(|tx| tx.credentials_before_term(newest, 1))?;
            if old.is_empty() {
                return Ok(());
            }
            let mut outcome = Ok(());
            let mut after = None;
            loop {
                let rows =
                    store.read_blocking(|tx| tx.credentials_after(after, RESEALED_AT_ONCE))?;
                let Some(last) = rows.last() else {
                    return outcome;
                };
                after = Some(last.id);
                for row in rows.iter().filter(|row| row.term < newest) {
                    let one = app.reseal_one(&opened, row, newest);
                    outcome = outcome.and(one);
                }
            }
        })
        .await
    }

    fn reseal_one(&self, opened: &Opened, row: &CredentialRecord, newest: u32) -> Result<()> {
        let plain = self.open_sealed(opened, row)?;
        let sealed = credentials::seal_row(&opened.keys().vault, row, &plain, self.random())?;
        let now = self.now();
        // Compare and swap: one that was replaced meanwhile is left alone.
        opened.store.write_blocking(|tx| {
            tx.reseal_credential(row.id, &row.sealed, &sealed, newest, now)
                .map(|_| ())
        })
    }

    /// Opens a sealed row. A term that is not known yet was made by another process: the small file
    /// is read again, once.
    pub(super) fn open_sealed(
        &self,
        opened: &Opened,
        row: &CredentialRecord,
    ) -> Result<Zeroizing<Vec<u8>>> {
        self.know_term(opened, row.term)?;
        credentials::open_row(&opened.keys().vault, row)
    }

    /// As [`App::open_sealed`], for what is sealed elsewhere than in the table of credentials.
    pub(super) fn open_place(
        &self,
        opened: &Opened,
        sealed: &Sealed,
        open: impl FnOnce(&Vault, &Sealed) -> Result<Zeroizing<Vec<u8>>>,
    ) -> Result<Zeroizing<Vec<u8>>> {
        self.know_term(opened, sealed.term().unwrap_or_default())?;
        open(&opened.keys().vault, sealed)
    }

    fn know_term(&self, opened: &Opened, term: u32) -> Result<()> {
        if term > opened.keys().vault.newest_term() {
            let mut keys = opened.keys.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(fresh) = Sidecar::read(&self.inner.paths.sidecar)? {
                vault::refresh_terms(&mut keys.vault, &fresh)?;
                keys.sidecar = fresh;
            }
        }
        Ok(())
    }

    /// Changes the sidecar: reads it anew under a file lock (another process may have changed it),
    /// changes it, writes it, and only then keeps it in memory. It is entered in the log first: the sidecar is
    /// no part of any transaction, and a change of keys must not wait for one while others wait for the keys.
    async fn change_keys(
        &self,
        entry: Entry,
        act: impl FnOnce(&Self, &mut Keys) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let opened = self.opened()?;
        let what = entry.what;
        self.enter(entry).await?;
        let app = self.clone();
        let changed = blocking(move || {
            let paths = &app.inner.paths;
            let _alone = OwnerLock::exclusive(&paths.sidecar)?;
            let mut keys = opened.keys.write().unwrap_or_else(PoisonError::into_inner);
            let Some(fresh) = Sidecar::read(&paths.sidecar)? else {
                return Err(Error::Damaged {
                    path: paths.sidecar.clone(),
                });
            };
            vault::refresh_terms(&mut keys.vault, &fresh)?;
            keys.sidecar = fresh.clone();
            let outcome = act(&app, &mut keys).and_then(|()| keys.sidecar.write(&paths.sidecar));
            if outcome.is_err() {
                // A key that is not on the disk must not seal anything: nobody could ever open it.
                vault::refresh_terms(&mut keys.vault, &fresh)?;
                keys.sidecar = fresh;
            }
            outcome
        })
        .await;
        self.not_done(&changed, what).await;
        changed
    }
}
