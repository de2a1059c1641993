//! Making a vault, and opening one through its slots. Every state of a keychain becomes a
//! [`LockReason`] with a way out. A new key is made in [`make_vault`] and nowhere else: "no entry"
//! never leads there.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::argon::{self, Cost, MIN_PASSPHRASE_CHARS, SALT_BYTES};
use super::keychain::KeychainCaller;
use super::keys::{
    AuditKey, FileKey, KEY_BYTES, KeyBytes, Label, MasterKey, TermKey, derive, empty_key,
};
use super::sidecar::{Body, Sidecar, Slot, TermEntry};
use super::wrap::{Purpose, unwrap, wrap};
use super::{Term, Vault, commitment_of};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldRule, LockReason, Result};
use crate::random::{Random, RandomError, make_id};
use crate::secret::SecretText;
use crate::view::SlotKind;

/// Where the first master key is kept.
#[derive(Debug)]
pub enum NewSlot {
    /// In the keychain of this computer.
    Keychain,
    /// Under a passphrase.
    Passphrase(SecretText),
}

fn no_random(cause: RandomError) -> Error {
    Error::internal("make a key", cause)
}

/// Makes all keys of a new data file and its first slot. Nothing is written to disk here; a
/// keychain entry is written, read back and compared before this returns. The schema version of
/// the sidecar is 0 until the store sets it.
pub fn make_vault(
    slot: NewSlot,
    keychain: &KeychainCaller,
    random: &dyn Random,
    now: UtcMillis,
) -> Result<(Sidecar, Vault)> {
    let database_id = make_id(random, now).map_err(no_random)?;
    let mut vault = Vault {
        database_id,
        master: MasterKey::make(random).map_err(no_random)?,
        file_key: FileKey::make(random).map_err(no_random)?,
        audit_key: Arc::new(AuditKey::make(random).map_err(no_random)?),
        terms: Vec::new(),
    };
    // EXPOSE: keys are derived from the master key, and the others wrapped under it.
    let wrapping = derive(vault.master.expose(), database_id, Label::Wrap);
    let wrap_one = |purpose, key| wrap(&wrapping, database_id, purpose, key, random);
    let body = Body {
        database_id,
        schema_version: 0,
        key_check: key_check(&vault.master, database_id),
        file_key: wrap_one(Purpose::File, vault.file_key.expose())?,
        audit_key: wrap_one(Purpose::Audit, vault.audit_key.expose())?,
        terms: Vec::new(),
        slots: Vec::new(),
    };
    let mut sidecar = Sidecar {
        body,
        path: std::path::PathBuf::new(),
    };
    add_term(&mut sidecar, &mut vault, random, now)?;
    match slot {
        NewSlot::Keychain => add_keychain(&mut sidecar, &vault, keychain, now)?,
        NewSlot::Passphrase(text) => add_passphrase(&mut sidecar, &vault, &text, random, now)?,
    }
    Ok((sidecar, vault))
}

/// Opens through the keychain. Every state but success is [`Error::Locked`] with its reason,
/// except a sidecar whose wrapped keys are damaged.
pub fn unlock_with_keychain(sidecar: &Sidecar, keychain: &KeychainCaller) -> Result<Vault> {
    let account = sidecar
        .keychain_account()
        .ok_or(Error::Locked(LockReason::PassphraseNeeded))?;
    let text = keychain
        .read(account)
        .map_err(|problem| Error::Locked(problem.into()))?;
    let wrong_key = || Error::Locked(LockReason::KeychainWrongKey);
    let master = MasterKey::from_bytes(key_from_text(&text).ok_or_else(wrong_key)?);
    if key_check(&master, sidecar.body.database_id) != sidecar.body.key_check {
        return Err(wrong_key());
    }
    open_with(sidecar, master)
}

/// Opens through the passphrase. A wrong one gives the same error every time; a file without
/// such a slot is [`Code::NotFound`].
pub fn unlock_with_passphrase(sidecar: &Sidecar, passphrase: &SecretText) -> Result<Vault> {
    let slot = sidecar.body.slots.iter().find_map(|slot| match slot {
        Slot::Passphrase {
            salt,
            cost,
            master_key,
            ..
        } => Some((salt, *cost, master_key)),
        Slot::Keychain { .. } => None,
    });
    let (salt, cost, wrapped) = slot.ok_or_else(|| {
        Error::refused(Code::NotFound, "this file is not opened with a passphrase")
    })?;
    let database_id = sidecar.body.database_id;
    let salt: [u8; SALT_BYTES] = STANDARD
        .decode(salt)
        .ok()
        .and_then(|raw| raw.try_into().ok())
        .ok_or_else(|| damaged(sidecar))?;
    let wrapping = argon::derive(passphrase, &salt, cost)?;
    let master = unwrap(&wrapping, database_id, Purpose::MasterByPassphrase, wrapped)
        .map(MasterKey::from_bytes)
        .ok_or_else(|| Error::refused(Code::WrongPassphrase, "the passphrase is wrong"))?;
    if key_check(&master, database_id) != sidecar.body.key_check {
        return Err(damaged(sidecar));
    }
    open_with(sidecar, master)
}

/// Adds a passphrase (at least 12 characters after NFKC) as a way in, or replaces the one there.
pub fn add_passphrase(
    sidecar: &mut Sidecar,
    vault: &Vault,
    passphrase: &SecretText,
    random: &dyn Random,
    now: UtcMillis,
) -> Result<()> {
    dangerous_add_passphrase_at_cost(sidecar, vault, passphrase, Cost::STANDARD, random, now)
}

/// [`add_passphrase`] at a cost of the caller's choice. For tests: below [`Cost::STANDARD`] a
/// stolen sidecar can be guessed at.
#[doc(hidden)]
pub fn dangerous_add_passphrase_at_cost(
    sidecar: &mut Sidecar,
    vault: &Vault,
    passphrase: &SecretText,
    cost: Cost,
    random: &dyn Random,
    now: UtcMillis,
) -> Result<()> {
    check_same_file(sidecar, vault)?;
    if argon::char_count(passphrase) < MIN_PASSPHRASE_CHARS {
        return Err(Error::field(
            "passphrase",
            FieldRule::TooShort,
            format!("use at least {MIN_PASSPHRASE_CHARS} characters"),
        ));
    }
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt).map_err(no_random)?;
    let wrapping = argon::derive(passphrase, &salt, cost)?;
    // EXPOSE: the slot holds the master key, wrapped.
    let master_key = wrap(
        &wrapping,
        vault.database_id,
        Purpose::MasterByPassphrase,
        vault.master.expose(),
        random,
    )?;
    put_slot(
        sidecar,
        Slot::Passphrase {
            salt: STANDARD.encode(salt),
            cost,
            master_key,
            made_at: now.0,
        },
    );
    Ok(())
}

/// Adds the keychain as a way in, or writes its entry anew: store, read back, compare. Where that
/// fails the sidecar is unchanged.
pub fn add_keychain(
    sidecar: &mut Sidecar,
    vault: &Vault,
    keychain: &KeychainCaller,
    now: UtcMillis,
) -> Result<()> {
    check_same_file(sidecar, vault)?;
    let account = format!("master-key:{}", vault.database_id);
    let locked = |problem| Error::Locked(LockReason::from(problem));
    // EXPOSE: the keychain is the place that the master key is kept in.
    let text = Zeroizing::new(STANDARD.encode(vault.master.expose()));
    keychain.write(&account, &text).map_err(locked)?;
    match keychain.read(&account) {
        Ok(back) if *back == *text => {}
        // It said "stored" and did not: what is there cannot be relied on.
        Ok(_) | Err(super::KeychainError::NoEntry) => {
            return Err(Error::Locked(LockReason::KeychainFailed));
        }
        Err(problem) => return Err(locked(problem)),
    }
    put_slot(
        sidecar,
        Slot::Keychain {
            account,
            made_at: now.0,
        },
    );
    Ok(())
}

/// Removes a way in; the last one stays ([`Code::LastSlot`]). A keychain entry is deleted first:
/// where the keychain refuses, the slot stays and the reason is told.
pub fn remove_slot(sidecar: &mut Sidecar, kind: SlotKind, keychain: &KeychainCaller) -> Result<()> {
    let slots = &mut sidecar.body.slots;
    let Some(position) = slots.iter().position(|slot| slot.kind() == kind) else {
        return Err(Error::refused(Code::NotFound, "there is no such way in"));
    };
    if slots.len() == 1 {
        return Err(Error::refused(
            Code::LastSlot,
            "this is the only way in; add another one first",
        ));
    }
    if let Slot::Keychain { account, .. } = &slots[position] {
        match keychain.delete(account) {
            Ok(()) | Err(super::KeychainError::NoEntry) => {}
            Err(problem) => return Err(Error::Locked(problem.into())),
        }
    }
    slots.remove(position);
    Ok(())
}

/// Makes a new credential term, which new values are sealed under; older terms stay readable.
pub fn add_term(
    sidecar: &mut Sidecar,
    vault: &mut Vault,
    random: &dyn Random,
    now: UtcMillis,
) -> Result<u32> {
    check_same_file(sidecar, vault)?;
    let database_id = vault.database_id;
    let number = vault.newest_term().checked_add(1).ok_or(Error::Internal {
        doing: "number a key term",
        source: None,
    })?;
    let key = TermKey::make(random).map_err(no_random)?;
    let commitment = commitment_of(&key, database_id, number);
    // EXPOSE: the term's key is wrapped under a key derived from the master key.
    let wrapping = derive(vault.master.expose(), database_id, Label::Wrap);
    let wrapped = wrap(
        &wrapping,
        database_id,
        Purpose::Term(number),
        key.expose(),
        random,
    )?;
    sidecar.body.terms.push(TermEntry {
        term: number,
        made_at: now.0,
        commitment: STANDARD.encode(commitment),
        key: wrapped,
    });
    vault
        .terms
        .push(Term::new(number, key, database_id, &commitment));
    Ok(number)
}

fn open_with(sidecar: &Sidecar, master: MasterKey) -> Result<Vault> {
    let body = &sidecar.body;
    let database_id = body.database_id;
    // EXPOSE: the keys are wrapped under a key derived from the master key.
    let wrapping = derive(master.expose(), database_id, Label::Wrap);
    let open = |purpose, text: &str| {
        unwrap(&wrapping, database_id, purpose, text).ok_or_else(|| damaged(sidecar))
    };
    let terms = open_terms(sidecar, &wrapping)?;
    Ok(Vault {
        database_id,
        file_key: FileKey::from_bytes(open(Purpose::File, &body.file_key)?),
        audit_key: Arc::new(AuditKey::from_bytes(open(Purpose::Audit, &body.audit_key)?)),
        terms,
        master,
    })
}

/// Takes up the terms of a sidecar that was changed since, by this process or another one.
pub fn refresh_terms(vault: &mut Vault, sidecar: &Sidecar) -> Result<()> {
    check_same_file(sidecar, vault)?;
    // EXPOSE: the keys are wrapped under a key derived from the master key.
    let wrapping = derive(vault.master.expose(), vault.database_id, Label::Wrap);
    vault.terms = open_terms(sidecar, &wrapping)?;
    Ok(())
}

fn open_terms(sidecar: &Sidecar, wrapping: &KeyBytes) -> Result<Vec<Term>> {
    let body = &sidecar.body;
    let database_id = body.database_id;
    let mut terms = Vec::with_capacity(body.terms.len());
    for entry in &body.terms {
        let opened = unwrap(wrapping, database_id, Purpose::Term(entry.term), &entry.key);
        let key = TermKey::from_bytes(opened.ok_or_else(|| damaged(sidecar))?);
        let commitment: [u8; KEY_BYTES] = STANDARD
            .decode(&entry.commitment)
            .ok()
            .and_then(|raw| raw.try_into().ok())
            .ok_or_else(|| damaged(sidecar))?;
        terms.push(Term::new(entry.term, key, database_id, &commitment));
    }
    Ok(terms)
}

fn put_slot(sidecar: &mut Sidecar, slot: Slot) {
    sidecar.body.slots.retain(|old| old.kind() != slot.kind());
    sidecar.body.slots.push(slot);
}

fn key_check(master: &MasterKey, database_id: Uuid) -> String {
    // EXPOSE: the check value is derived one way from the key.
    let derived = derive(master.expose(), database_id, Label::KeyCheck);
    STANDARD.encode(**derived)
}

fn key_from_text(text: &str) -> Option<KeyBytes> {
    let mut key = empty_key();
    // `decode_slice` wants room for whole groups of three bytes.
    let mut room = Zeroizing::new([0; KEY_BYTES + 1]);
    let length = STANDARD.decode_slice(text, &mut room[..]).ok()?;
    if length != KEY_BYTES {
        return None;
    }
    key.copy_from_slice(&room[..KEY_BYTES]);
    Some(key)
}

fn damaged(sidecar: &Sidecar) -> Error {
    Error::Damaged {
        path: sidecar.path.clone(),
    }
}

fn check_same_file(sidecar: &Sidecar, vault: &Vault) -> Result<()> {
    if sidecar.body.database_id == vault.database_id {
        return Ok(());
    }
    Err(Error::Internal {
        doing: "change a sidecar with the vault of another file",
        source: None,
    })
}
