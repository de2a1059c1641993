//! The sealed form: what is bound, what is refused, and where the nonces come from.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::random::SystemRandom;
use connectors::vault::{OpenError, Place, SealError, Sealed, Vault, add_term};
use testkit::seeded_random::{FailingRandom, SeededRandom};
use uuid::Uuid;

use super::{NOW, fixture, place, rounds};

fn raw_of(sealed: &Sealed) -> Vec<u8> {
    STANDARD.decode(sealed.as_str()).expect("sealed is base64")
}

/// A byte of at least `least`.
fn byte(dice: &SeededRandom, least: u8) -> u8 {
    let number = dice.below(256 - usize::from(least));
    least + u8::try_from(number).expect("it is a byte")
}

fn stored(raw: &[u8]) -> Sealed {
    Sealed::from_stored(STANDARD.encode(raw))
}

fn sealed(vault: &Vault, text: &[u8]) -> Sealed {
    vault
        .seal(&place(vault), text, &SystemRandom)
        .expect("it seals")
}

#[test]
fn what_is_sealed_opens_again_and_has_the_published_header() {
    let vault = fixture().vault;
    for length in [0, 1, 15, 16, 17, 2_048, 1 << 20] {
        let text = vec![0x5a; length];
        let value = sealed(&vault, &text);
        let raw = raw_of(&value);
        assert_eq!(
            raw[..8],
            *b"FC\x01\x01\0\0\0\x01",
            "magic, version, algorithm, term 1"
        );
        assert_eq!(
            raw.len(),
            8 + 12 + length + 16,
            "header, nonce, ciphertext, tag"
        );
        let opened = vault.open(&place(&vault), &value).expect("it opens");
        assert_eq!(*opened, text, "{length} bytes come back");
    }
    let too_long = vault.seal(&place(&vault), &vec![0; (1 << 20) + 1], &SystemRandom);
    assert!(
        matches!(too_long, Err(SealError::TooLong)),
        "more than 1 MiB is a mistake"
    );
}

#[test]
fn bar_04_every_truncation_and_every_bit_flip_is_rejected() {
    let vault = fixture().vault;
    let value = sealed(&vault, b"k-1234567890");
    let raw = raw_of(&value);
    for length in 0..raw.len() {
        let opened = vault.open(&place(&vault), &stored(&raw[..length]));
        assert!(opened.is_err(), "{length} of {} bytes", raw.len());
    }
    for bit in 0..raw.len() * 8 {
        let mut forged = raw.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        let opened = vault.open(&place(&vault), &stored(&forged));
        assert!(opened.is_err(), "bit {bit} is bound");
    }
    let text = value.as_str();
    for length in 0..text.len() {
        let opened = vault.open(&place(&vault), &Sealed::from_stored(text[..length].into()));
        assert!(opened.is_err(), "{length} of {} characters", text.len());
    }
    for bad in [
        format!("{text} "),
        format!("{text}\n"),
        format!("{text}AAAA"),
        text.replace('=', ""),
    ] {
        if bad != text {
            let opened = vault.open(&place(&vault), &Sealed::from_stored(bad));
            assert!(opened.is_err(), "one value has one text");
        }
    }
    assert!(
        vault.open(&place(&vault), &value).is_ok(),
        "the control run opens"
    );
}

#[test]
fn bar_03_no_value_opens_at_another_place() {
    let (one, two) = (fixture().vault, fixture().vault);
    // Two of each: database, table, column, connector, field; the first 20 of the 32 mixes. The
    // words are chosen so that without length prefixes some would run together.
    let places: Vec<(&Vault, Place<'static>)> = (0..20_u128)
        .map(|mix| {
            let bit = |number: u32| mix >> number & 1 == 1;
            let vault = if bit(0) { &one } else { &two };
            let place = Place {
                database_id: vault.database_id(),
                table: if bit(1) { "ab" } else { "a" },
                column: if bit(2) { "bc" } else { "c" },
                connector_id: Uuid::from_u128(mix >> 3 & 1),
                field: if bit(4) { "key" } else { "webhook" },
            };
            (vault, place)
        })
        .collect();
    let values: Vec<Sealed> = places
        .iter()
        .map(|(vault, place)| {
            vault
                .seal(place, b"same text", &SystemRandom)
                .expect("it seals")
        })
        .collect();
    let mut rejected = 0;
    for (from, value) in values.iter().enumerate() {
        for (to, (vault, place)) in places.iter().enumerate() {
            let opened = vault.open(place, value);
            if from == to {
                assert!(opened.is_ok(), "at its own place value {from} opens");
            } else {
                assert_eq!(opened, Err(OpenError::Damaged), "{from} moved to {to}");
                rejected += 1;
            }
        }
    }
    assert_eq!(rejected, 380, "every ordered pair of 20 places");
    // The database id in the additional data binds by itself, not only through the key.
    let moved = Place {
        database_id: two.database_id(),
        ..place(&one)
    };
    assert_eq!(
        one.open(&moved, &sealed(&one, b"text")),
        Err(OpenError::Damaged),
        "one key, another database"
    );
}

#[test]
fn bar_04_mutated_records_never_panic_and_never_open() {
    let vault = fixture().vault;
    let dice = SeededRandom::new(4);
    let raw = raw_of(&sealed(&vault, b"k-1234567890"));
    let mut accepted = 0;
    for _ in 0..rounds(100_000, 10_000_000) {
        let mut forged = raw.clone();
        match dice.below(4) {
            0 => forged.truncate(dice.below(raw.len())),
            1 => forged.extend((0..=dice.below(8)).map(|_| byte(&dice, 0))),
            _ => {}
        }
        for _ in 0..=dice.below(3) {
            if !forged.is_empty() {
                // Mostly the header, where the parsing is.
                let end = if dice.below(4) == 0 {
                    forged.len()
                } else {
                    forged.len().min(20)
                };
                forged[dice.below(end)] ^= byte(&dice, 1);
            }
        }
        if forged != raw && vault.open(&place(&vault), &stored(&forged)).is_ok() {
            accepted += 1;
        }
    }
    assert_eq!(accepted, 0, "no mutated record opens");
}

#[test]
fn bar_02_nonces_are_distinct_and_even() {
    let vault = fixture().vault;
    let count = rounds(10_000, 1_000_000);
    let mut seen = HashSet::with_capacity(count);
    let mut histogram = [0_u32; 256];
    for _ in 0..count {
        let nonce: [u8; 12] = raw_of(&sealed(&vault, b"x"))[8..20]
            .try_into()
            .expect("12 bytes");
        for byte in nonce {
            histogram[usize::from(byte)] += 1;
        }
        assert!(seen.insert(nonce), "a nonce came twice");
    }
    let expected = f64::from(u32::try_from(count * 12).expect("small")) / 256.0;
    let chi_square: f64 = histogram
        .iter()
        .map(|seen| (f64::from(*seen) - expected).powi(2) / expected)
        .sum();
    // 255 degrees of freedom: mean 255, standard deviation 22.6; six of them either way.
    assert!(
        (119.0..=391.0).contains(&chi_square),
        "nonce bytes are even: chi-square {chi_square}"
    );
}

#[test]
fn bar_02_nothing_is_sealed_without_random_bytes() {
    let vault = fixture().vault;
    let result = vault.seal(&place(&vault), b"text", &FailingRandom::after(0));
    assert!(
        matches!(result, Err(SealError::NoRandom(_))),
        "no nonce, no value"
    );
}

#[test]
fn older_terms_stay_readable_and_unknown_ones_are_named() {
    let mut all = fixture();
    let mut values = vec![sealed(&all.vault, b"term 1")];
    for number in 2..=10 {
        let made = add_term(&mut all.sidecar, &mut all.vault, &SystemRandom, NOW).expect("a term");
        assert_eq!(made, number, "terms count up");
        values.push(sealed(&all.vault, format!("term {number}").as_bytes()));
    }
    for (value, number) in values.iter().zip(1_u32..) {
        assert_eq!(value.term(), Some(number), "written under the newest term");
        let opened = all.vault.open(&place(&all.vault), value).expect("readable");
        assert_eq!(*opened, format!("term {number}").into_bytes(), "and whole");
    }
    let mut raw = raw_of(&values[0]);
    raw[4..8].copy_from_slice(&11_u32.to_be_bytes());
    assert_eq!(
        all.vault.open(&place(&all.vault), &stored(&raw)),
        Err(OpenError::UnknownTerm(11)),
        "a term that this sidecar does not have"
    );
    raw[4..8].copy_from_slice(&2_u32.to_be_bytes());
    assert_eq!(
        all.vault.open(&place(&all.vault), &stored(&raw)),
        Err(OpenError::Damaged),
        "the term is bound too"
    );
}

#[test]
fn a_text_that_is_no_sealed_value_is_malformed() {
    let vault = fixture().vault;
    for text in [
        "",
        "hello",
        "k-1234567890",
        "RkM=",
        "\u{0}",
        &"A".repeat(1 << 20),
    ] {
        let value = Sealed::from_stored(text.to_owned());
        assert_eq!(value.term(), None, "no header");
        assert_eq!(
            vault.open(&place(&vault), &value),
            Err(OpenError::Malformed),
            "never taken for a damaged one"
        );
    }
}
