//! The passphrase slot: nothing but the passphrase opens it, and it tells nothing.

use connectors::clock::Stopwatch;
use connectors::error::{Code, Error, FieldRule};
use connectors::random::SystemRandom;
use connectors::secret::SecretText;
use connectors::vault::argon::Cost;
use connectors::vault::unlock::dangerous_add_passphrase_at_cost;
use connectors::vault::{
    KeychainCaller, NewSlot, Sidecar, add_passphrase, make_vault, unlock_with_passphrase,
};
use connectors::view::SlotKind;
use testkit::memory_keychain::MemoryKeychain;
use testkit::seeded_random::SeededRandom;

use super::{Fixture, NOW, fixture, place};

const CHEAP: Cost = Cost {
    memory_kib: 32,
    passes: 1,
    lanes: 4,
};

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

#[test]
fn bar_12_real_cost_opens_with_the_right_passphrase_only() {
    let Cost {
        memory_kib, passes, ..
    } = Cost::STANDARD;
    assert_eq!((memory_kib, passes), (64 * 1024, 3), "what bar 12 asks for");
    let memory = std::sync::Arc::new(MemoryKeychain::new());
    let keychain = KeychainCaller::new(memory.clone());
    let slot = NewSlot::Passphrase(secret("correct horse battery"));
    let (sidecar, vault) = make_vault(slot, &keychain, &SystemRandom, NOW).expect("a vault");
    assert_eq!(memory.writes(), 0, "the keychain is not touched");
    assert_eq!(sidecar.slots(), [(SlotKind::Passphrase, NOW)], "one way in");
    let value = vault
        .seal(&place(&vault), b"text", &SystemRandom)
        .expect("it seals");
    drop(vault);
    let watch = Stopwatch::start();
    let again = unlock_with_passphrase(&sidecar, &secret("correct horse battery")).expect("opens");
    // The upper end of the bar; the lower one depends on the machine (see `Cost::STANDARD`).
    assert!(
        watch.elapsed_ms() < 1_500 * 4,
        "a person waits: {} ms",
        watch.elapsed_ms()
    );
    assert_eq!(
        *again.open(&place(&again), &value).expect("opens"),
        *b"text",
        "the same keys"
    );
    for wrong in ["", "correct horse batterY", "correct horse battery ", "x"] {
        let result = unlock_with_passphrase(&sidecar, &secret(wrong));
        let code = result.expect_err("wrong").code();
        assert_eq!(code, Code::WrongPassphrase, "{wrong:?} does not open");
    }
}

#[test]
fn bar_12_a_thousand_wrong_passphrases_are_refused_alike() {
    let Fixture {
        mut sidecar, vault, ..
    } = fixture();
    let right = "correct horse battery";
    let put = dangerous_add_passphrase_at_cost;
    put(
        &mut sidecar,
        &vault,
        &secret(right),
        CHEAP,
        &SystemRandom,
        NOW,
    )
    .expect("added");
    let mut texts = std::collections::HashSet::new();
    let dice = SeededRandom::new(12);
    for _ in 0..1_000 {
        let mut guess: Vec<char> = right.chars().collect();
        match dice.below(3) {
            0 => guess.truncate(dice.below(guess.len())),
            1 => guess.push('!'),
            _ => guess[dice.below(20)] = '\u{7}',
        }
        let guess: String = guess.into_iter().collect();
        let error = unlock_with_passphrase(&sidecar, &secret(&guess)).expect_err("wrong");
        assert_eq!(error.code(), Code::WrongPassphrase, "never another state");
        texts.insert(format!("{error} {error:?}"));
    }
    assert_eq!(
        texts.len(),
        1,
        "the error says nothing about the guess: {texts:?}"
    );
    assert!(
        unlock_with_passphrase(&sidecar, &secret(right)).is_ok(),
        "the control run opens"
    );
}

#[test]
fn a_passphrase_has_twelve_characters_after_normalisation() {
    let cases = [
        ("", false),
        ("elevenchars", false),
        ("twelve chars", true),
        ("áéíóúáéíóúá", false),
        ("áéíóúáéíóúáé", true),
        // Eleven letters with combining accents: 22 code points, 11 characters.
        (
            "a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}a\u{301}",
            false,
        ),
    ];
    for (text, fits) in cases {
        let Fixture {
            mut sidecar, vault, ..
        } = fixture();
        let put = dangerous_add_passphrase_at_cost;
        let result = put(
            &mut sidecar,
            &vault,
            &secret(text),
            CHEAP,
            &SystemRandom,
            NOW,
        );
        match result {
            Ok(()) => assert!(fits, "{text:?} is too short"),
            Err(Error::Invalid(fields)) => {
                assert!(!fits, "{text:?} is long enough");
                assert_eq!(
                    fields[0].rule,
                    FieldRule::TooShort,
                    "the rule that is broken"
                );
                assert_eq!(sidecar.slots().len(), 1, "nothing was added");
            }
            Err(other) => panic!("{text:?}: {other}"),
        }
    }
}

#[test]
fn the_same_letters_typed_differently_are_the_same_passphrase() {
    let Fixture {
        mut sidecar, vault, ..
    } = fixture();
    let composed = secret("Seán Ó Súilleabháin");
    let put = dangerous_add_passphrase_at_cost;
    put(&mut sidecar, &vault, &composed, CHEAP, &SystemRandom, NOW).expect("added");
    let decomposed = secret("Sea\u{301}n O\u{301} Su\u{301}illeabha\u{301}in");
    assert!(
        unlock_with_passphrase(&sidecar, &decomposed).is_ok(),
        "NFKC makes them equal"
    );
}

#[test]
fn a_new_passphrase_replaces_the_old_one() {
    let Fixture {
        mut sidecar, vault, ..
    } = fixture();
    let (old, new) = (secret("the old passphrase"), secret("the new passphrase"));
    let put = dangerous_add_passphrase_at_cost;
    put(&mut sidecar, &vault, &old, CHEAP, &SystemRandom, NOW).expect("added");
    put(&mut sidecar, &vault, &new, CHEAP, &SystemRandom, NOW).expect("replaced");
    assert_eq!(sidecar.slots().len(), 2, "keychain and one passphrase");
    assert!(
        unlock_with_passphrase(&sidecar, &new).is_ok(),
        "the new one opens"
    );
    let code = unlock_with_passphrase(&sidecar, &old)
        .expect_err("gone")
        .code();
    assert_eq!(code, Code::WrongPassphrase, "the old one does not");
}

#[test]
fn a_sidecar_cannot_ask_for_a_terabyte() {
    let Fixture {
        mut sidecar, vault, ..
    } = fixture();
    let bad = [
        (u32::MAX, 3, 4),
        (512 * 1024 + 1, 1, 1),
        (64 * 1024, 11, 4),
        (64 * 1024, u32::MAX, 4),
        (64 * 1024, 3, 17),
        (64 * 1024, 0, 4),
        (64 * 1024, 3, 0),
        (8, 1, 4),
    ];
    for (memory_kib, passes, lanes) in bad {
        let cost = Cost {
            memory_kib,
            passes,
            lanes,
        };
        let text = secret("correct horse battery");
        let put = dangerous_add_passphrase_at_cost;
        let result = put(&mut sidecar, &vault, &text, cost, &SystemRandom, NOW);
        assert!(result.is_err(), "{cost:?} is not written");
    }
    add_passphrase(
        &mut sidecar,
        &vault,
        &secret("correct horse battery"),
        &SystemRandom,
        NOW,
    )
    .expect("the standard cost is borne");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sidecar");
    for (memory_kib, passes, lanes) in bad {
        super::sidecar::rewrite(&sidecar, &path, |body| {
            let slots = body["slots"].as_array_mut().expect("a list");
            let slot = slots.iter_mut().find(|slot| slot["kind"] == "passphrase");
            let cost = serde_json::json!(
                {"memory_kib": memory_kib, "passes": passes, "lanes": lanes});
            slot.expect("a passphrase slot")["cost"] = cost;
        });
        let code = Sidecar::read(&path).expect_err("refused").code();
        assert_eq!(
            code,
            Code::Damaged,
            "({memory_kib}, {passes}, {lanes}) is never derived"
        );
    }
    super::sidecar::rewrite(&sidecar, &path, |_| {});
    assert!(Sidecar::read(&path).is_ok(), "the control run reads");
}
