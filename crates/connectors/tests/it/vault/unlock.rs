//! Making and opening a vault: one new key ever, and each state of the keychain typed.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::error::{Code, Error, LockReason};
use connectors::random::SystemRandom;
use connectors::secret::SecretText;
use connectors::vault::unlock::dangerous_add_passphrase_at_cost;
use connectors::vault::{
    AbsentKeychain, KeychainCaller, KeychainError, MasterKey, NewSlot, OpenError, Sealed, Sidecar,
    add_keychain, add_term, argon::Cost, make_vault, remove_slot, unlock_with_keychain,
    unlock_with_passphrase,
};
use connectors::view::SlotKind;
use testkit::memory_keychain::MemoryKeychain;
use testkit::seeded_random::{FailingRandom, SeededRandom};

use super::sidecar::rewrite;
use super::{Fixture, NOW, fixture, place, rounds};

const CHEAP: Cost = Cost {
    memory_kib: 32,
    passes: 1,
    lanes: 4,
};

fn reason(result: Result<impl Sized, Error>) -> LockReason {
    match result.err() {
        Some(Error::Locked(reason)) => reason,
        other => panic!("not locked: {other:?}"),
    }
}

#[test]
fn each_state_of_the_keychain_is_a_reason() {
    let states = [
        (KeychainError::Absent, LockReason::KeychainAbsent),
        (KeychainError::Locked, LockReason::KeychainLocked),
        (KeychainError::NoEntry, LockReason::KeychainNoEntry),
        (KeychainError::Dismissed, LockReason::KeychainDismissed),
        (KeychainError::TimedOut, LockReason::KeychainTimeout),
        (KeychainError::Failed("x"), LockReason::KeychainFailed),
    ];
    let all = fixture();
    for (state, expected) in states {
        all.memory.fail_with(Some(state));
        assert_eq!(
            reason(unlock_with_keychain(&all.sidecar, &all.keychain)),
            expected,
            "{state}"
        );
        let fresh = make_vault(NewSlot::Keychain, &all.keychain, &SystemRandom, NOW);
        match state {
            // Writing does not say so by itself; the read-back does.
            KeychainError::NoEntry => assert!(fresh.is_err(), "no vault without its key"),
            _ => assert_eq!(reason(fresh), expected, "first run, {state}"),
        }
    }
    all.memory.fail_with(None);
    assert!(
        unlock_with_keychain(&all.sidecar, &all.keychain).is_ok(),
        "mended, it opens"
    );
    let absent = KeychainCaller::new(Arc::new(AbsentKeychain));
    assert_eq!(
        reason(unlock_with_keychain(&all.sidecar, &absent)),
        LockReason::KeychainAbsent,
        "a computer without a keychain"
    );
}

#[test]
fn another_key_in_the_keychain_is_a_wrong_key() {
    let all = fixture();
    let account = all.sidecar.keychain_account().expect("a slot").to_owned();
    let right = all.memory.entries()[&account].clone();
    let other = STANDARD.encode([9; 32]);
    let short = STANDARD.encode([9; 31]);
    let long = STANDARD.encode([9; 33]);
    for text in [
        "",
        "not base64",
        "é",
        &other,
        &short,
        &long,
        &"A".repeat(5_000),
    ] {
        all.memory.put(&account, text);
        let found = reason(unlock_with_keychain(&all.sidecar, &all.keychain));
        assert_eq!(found, LockReason::KeychainWrongKey, "{text:.20}");
    }
    all.memory.put(&account, &right);
    assert!(
        unlock_with_keychain(&all.sidecar, &all.keychain).is_ok(),
        "the control run opens"
    );
}

#[test]
fn bar_07_no_entry_never_makes_a_key() {
    let all = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    all.sidecar.write(&path).expect("it writes");
    let before = std::fs::read(&path).expect("there");
    all.memory.lose_all();
    let writes = all.memory.writes();
    for start in 0..100 {
        let sidecar = Sidecar::read(&path).expect("whole").expect("there");
        let found = reason(unlock_with_keychain(&sidecar, &all.keychain));
        assert_eq!(found, LockReason::KeychainNoEntry, "start {start}");
    }
    assert_eq!(all.memory.writes(), writes, "0 new keys");
    assert!(all.memory.entries().is_empty(), "the keychain is as it was");
    assert_eq!(
        std::fs::read(&path).expect("there"),
        before,
        "the sidecar too"
    );
}

#[test]
fn a_keychain_that_forgets_gives_no_vault() {
    let memory = Arc::new(MemoryKeychain::new());
    memory.forget_writes();
    let keychain = KeychainCaller::new(memory.clone());
    let result = make_vault(NewSlot::Keychain, &keychain, &SystemRandom, NOW);
    assert_eq!(
        reason(result),
        LockReason::KeychainFailed,
        "read back and compared"
    );
    assert_eq!(memory.writes(), 1, "the harness fired");
}

#[test]
fn bar_02_no_vault_without_random_bytes() {
    // Id, master key, file key, audit key, wrapped file and audit key, term key, wrapped term.
    for good in 0..8 {
        let memory = Arc::new(MemoryKeychain::new());
        let keychain = KeychainCaller::new(memory.clone());
        let random = FailingRandom::after(good);
        let result = make_vault(NewSlot::Keychain, &keychain, &random, NOW);
        assert_eq!(
            result.err().map(|it| it.code()),
            Some(Code::Internal),
            "after {good}"
        );
        assert_eq!(memory.writes(), 0, "after {good}: nothing was stored");
    }
    let keychain = KeychainCaller::new(Arc::new(MemoryKeychain::new()));
    let random = FailingRandom::after(8);
    let result = make_vault(NewSlot::Keychain, &keychain, &random, NOW);
    assert!(result.is_ok(), "eight draws are what it takes");
}

#[test]
fn bar_11_the_stored_key_is_short_text() {
    let all = fixture();
    let account = all.sidecar.keychain_account().expect("a slot");
    let text = all.memory.entries()[account].clone();
    assert!(
        text.is_ascii() && text.len() <= 512,
        "{} bytes of ASCII",
        text.len()
    );
    assert_eq!(text.len(), 44, "32 bytes in base64");
}

#[test]
fn bar_06_a_wrong_key_is_told_from_a_damaged_row() {
    let dice = SeededRandom::new(6);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    let count = rounds(1_000, 1_000);
    let (mut wrong, mut damaged) = (0, 0);
    let mut all = fixture();
    add_term(&mut all.sidecar, &mut all.vault, &SystemRandom, NOW).expect("term 2");
    let value = all
        .vault
        .seal(&place(&all.vault), b"k-123456", &SystemRandom)
        .expect("sealed");
    let raw = STANDARD.decode(value.as_str()).expect("base64");
    let account = all.sidecar.keychain_account().expect("a slot").to_owned();
    for _ in 0..count {
        if dice.below(2) == 0 {
            // The sidecar's key of term 2 is replaced by a later one; its commitment stays.
            let mut later = unlocked_copy(&all, &account);
            let number = add_term(&mut later.0, &mut later.1, &SystemRandom, NOW).expect("term");
            assert_eq!(number, 2, "the same number, another key");
            let mut key = serde_json::Value::Null;
            rewrite(&later.0, &path, |body| {
                key = body["terms"][1]["key"].clone();
            });
            rewrite(&all.sidecar, &path, |body| body["terms"][1]["key"] = key);
            let mixed = Sidecar::read(&path).expect("whole").expect("there");
            let vault = unlock_with_keychain(&mixed, &all.keychain).expect("the rest is right");
            assert_eq!(
                vault.open(&place(&vault), &value),
                Err(OpenError::WrongKey),
                "wrong key"
            );
            wrong += 1;
        } else {
            let mut forged = raw.clone();
            let at = 8 + dice.below(raw.len() - 8);
            forged[at] ^= 1 << dice.below(8);
            let forged = Sealed::from_stored(STANDARD.encode(forged));
            let opened = all.vault.open(&place(&all.vault), &forged);
            assert_eq!(opened, Err(OpenError::Damaged), "byte {at} of the row");
            damaged += 1;
        }
    }
    assert_eq!(
        wrong + damaged,
        count,
        "all told apart: {wrong} wrong, {damaged} damaged"
    );
    assert!(wrong > 400 && damaged > 400, "both kinds were met");
}

/// The same vault as it was with term 1 only.
fn unlocked_copy(all: &Fixture, account: &str) -> (Sidecar, connectors::vault::Vault) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("copy");
    rewrite(&all.sidecar, &path, |body| {
        body["terms"].as_array_mut().expect("a list").truncate(1);
    });
    let sidecar = Sidecar::read(&path).expect("whole").expect("there");
    assert_eq!(sidecar.keychain_account(), Some(account), "the same slot");
    let vault = unlock_with_keychain(&sidecar, &all.keychain).expect("opens");
    (sidecar, vault)
}

#[test]
fn damaged_wrapped_keys_are_damage_and_not_a_wrong_key() {
    let all = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    for field in ["file_key", "audit_key"] {
        let other = STANDARD.encode([1; 60]);
        rewrite(&all.sidecar, &path, |body| body[field] = other.into());
        let sidecar = Sidecar::read(&path).expect("in form").expect("there");
        let error = unlock_with_keychain(&sidecar, &all.keychain).expect_err("damaged");
        assert!(
            matches!(&error, Error::Damaged { path: at } if *at == path),
            "{field}: {error}"
        );
    }
    // The purpose is bound: one wrapped key does not stand in for another.
    rewrite(&all.sidecar, &path, |body| {
        body["file_key"] = body["audit_key"].clone();
    });
    let sidecar = Sidecar::read(&path).expect("in form").expect("there");
    let error = unlock_with_keychain(&sidecar, &all.keychain).expect_err("swapped");
    assert_eq!(error.code(), Code::Damaged, "swapped keys");
}

#[test]
fn ways_in_come_and_go_but_the_last_one_stays() {
    let Fixture {
        mut sidecar,
        vault,
        keychain,
        memory,
    } = fixture();
    let text = SecretText::new("correct horse battery".to_owned());
    let last = remove_slot(&mut sidecar, SlotKind::Keychain, &keychain).expect_err("the last");
    assert_eq!(last.code(), Code::LastSlot, "the only way in");
    let missing = remove_slot(&mut sidecar, SlotKind::Passphrase, &keychain).expect_err("none");
    assert_eq!(missing.code(), Code::NotFound, "there is none");
    let code = unlock_with_passphrase(&sidecar, &text)
        .expect_err("none")
        .code();
    assert_eq!(code, Code::NotFound, "no such slot");
    let put = dangerous_add_passphrase_at_cost;
    put(&mut sidecar, &vault, &text, CHEAP, &SystemRandom, NOW).expect("added");
    memory.fail_with(Some(KeychainError::Locked));
    let refused = remove_slot(&mut sidecar, SlotKind::Keychain, &keychain);
    assert_eq!(
        reason(refused),
        LockReason::KeychainLocked,
        "the entry cannot be deleted"
    );
    assert_eq!(sidecar.slots().len(), 2, "so the slot stays");
    memory.fail_with(None);
    remove_slot(&mut sidecar, SlotKind::Keychain, &keychain).expect("removed");
    assert!(memory.entries().is_empty(), "the entry is gone");
    let found = reason(unlock_with_keychain(&sidecar, &keychain));
    assert_eq!(
        found,
        LockReason::PassphraseNeeded,
        "only the passphrase is left"
    );
    add_keychain(&mut sidecar, &vault, &keychain, NOW).expect("added again");
    let again = unlock_with_keychain(&sidecar, &keychain).expect("opens");
    assert_eq!(
        again.file_key().sqlcipher_pragma_value(),
        vault.file_key().sqlcipher_pragma_value(),
        "the same keys through every way in"
    );
    remove_slot(&mut sidecar, SlotKind::Passphrase, &keychain).expect("removed");
    assert_eq!(sidecar.slots(), [(SlotKind::Keychain, NOW)], "one is left");
}

#[test]
fn the_vault_of_another_file_changes_nothing() {
    let (mut one, other) = (fixture(), fixture());
    let result = add_keychain(&mut one.sidecar, &other.vault, &one.keychain, NOW);
    assert_eq!(
        result.expect_err("refused").code(),
        Code::Internal,
        "ids are compared"
    );
    assert_eq!(one.memory.entries().len(), 1, "nothing was stored");
}

#[test]
fn secrets_print_as_redacted() {
    fn check<T: std::fmt::Debug>(value: &T, expected: &str) {
        assert_eq!(format!("{value:?}"), expected, "Debug shows nothing");
        let pretty = format!("{value:#?}").replace([' ', '\n', ','], "");
        assert_eq!(pretty, expected, "nor pretty");
    }
    /// No value of it can be had outside, so only its form is checked.
    fn has_debug<T: std::fmt::Debug>() {}
    has_debug::<MasterKey>();
    let all = fixture();
    check(all.vault.file_key(), "[redacted]");
    check(all.vault.audit_key(), "[redacted]");
    check(&SecretText::new("hidden".to_owned()), "[redacted]");
    check(&Sealed::from_stored("hidden".to_owned()), "[sealed]");
    check(
        &NewSlot::Passphrase(SecretText::new("hidden".to_owned())),
        "Passphrase([redacted])",
    );
    let shown = format!("{:?} {:?}", all.vault, all.keychain);
    let pragma = all.vault.file_key().sqlcipher_pragma_value();
    let master = all.memory.entries().into_values().next().expect("an entry");
    assert!(
        shown.contains("[redacted]"),
        "the vault says that it hides: {shown}"
    );
    assert!(
        !shown.contains(&pragma[2..66]) && !shown.contains(&master),
        "no key in it"
    );
    assert_eq!(pragma.len(), 67, "x'<64 hex digits>'");
}
