//! Two implementations of the published format: the product, and a decoder written from the
//! description with another cryptography library. The vectors are in `vectors.json`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::vault::{
    KeychainCaller, NewSlot, Place, Sealed, Sidecar, add_term, make_vault, unlock_with_keychain,
};
use ring::{aead, hkdf};
use serde::{Deserialize, Serialize};
use testkit::memory_keychain::MemoryKeychain;
use testkit::seeded_random::SeededRandom;
use uuid::Uuid;

use super::NOW;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Vectors {
    /// Account and text of the keychain entry.
    account: String,
    master_key: String,
    sidecar: serde_json::Value,
    records: Vec<Record>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    table: String,
    column: String,
    connector_id: Uuid,
    field: String,
    plaintext: String,
    sealed: String,
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/vault/vectors.json")
}

/// Made again from the same seed each time.
fn make() -> Vectors {
    let random = SeededRandom::new(8);
    let memory = Arc::new(MemoryKeychain::new());
    let keychain = KeychainCaller::new(memory.clone());
    let (mut sidecar, mut vault) =
        make_vault(NewSlot::Keychain, &keychain, &random, NOW).expect("a vault");
    let mut records = Vec::new();
    for number in 0..100_u128 {
        if number % 34 == 33 {
            add_term(&mut sidecar, &mut vault, &random, NOW).expect("another term");
        }
        let record = Record {
            table: ["credential", "webhook"][number as usize % 2].to_owned(),
            column: "sealed".to_owned(),
            connector_id: Uuid::from_u128(number),
            field: format!("feld é {}", number % 7),
            plaintext: "Ó".repeat(number as usize),
            sealed: String::new(),
        };
        let place = Place {
            database_id: vault.database_id(),
            table: &record.table,
            column: &record.column,
            connector_id: record.connector_id,
            field: &record.field,
        };
        let sealed = vault
            .seal(&place, record.plaintext.as_bytes(), &random)
            .expect("it seals");
        let sealed = sealed.as_str().to_owned();
        records.push(Record { sealed, ..record });
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sidecar");
    sidecar.write(&path).expect("it writes");
    let text = std::fs::read(&path).expect("it is there");
    let (account, master_key) = memory.entries().into_iter().next().expect("one entry");
    Vectors {
        account,
        master_key,
        sidecar: serde_json::from_slice(&text).expect("JSON"),
        records,
    }
}

fn published() -> Vectors {
    let text = std::fs::read(file()).expect("the vectors are committed");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn bar_08_the_published_vectors_are_what_the_product_writes() {
    let made = make();
    // Set when the format changes on purpose, with a new version number.
    if std::env::var_os("FC_WRITE_VECTORS").is_some() {
        let text = serde_json::to_string_pretty(&made).expect("JSON");
        std::fs::write(file(), text + "\n").expect("the vectors are written");
    }
    assert!(
        published() == made,
        "the written format has changed without a new version"
    );
}

#[test]
fn bar_08_the_product_reads_the_published_vectors() {
    let vectors = published();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sidecar");
    std::fs::write(&path, vectors.sidecar.to_string()).expect("a sidecar");
    let sidecar = Sidecar::read(&path)
        .expect("it is whole")
        .expect("it is there");
    let memory = Arc::new(MemoryKeychain::new());
    memory.put(&vectors.account, &vectors.master_key);
    let vault = unlock_with_keychain(&sidecar, &KeychainCaller::new(memory)).expect("it opens");
    for record in &vectors.records {
        let place = Place {
            database_id: vault.database_id(),
            table: &record.table,
            column: &record.column,
            connector_id: record.connector_id,
            field: &record.field,
        };
        let opened = vault.open(&place, &Sealed::from_stored(record.sealed.clone()));
        let opened = opened.expect("a published record opens");
        assert_eq!(
            *opened,
            record.plaintext.as_bytes(),
            "and is the published text"
        );
    }
}

struct ThirtyTwo;
impl hkdf::KeyType for ThirtyTwo {
    fn len(&self) -> usize {
        32
    }
}

fn derive(key: &[u8], database_id: Uuid, info: &[&[u8]]) -> [u8; 32] {
    let mut derived = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, database_id.as_bytes())
        .extract(key)
        .expand(info, ThirtyTwo)
        .and_then(|okm| okm.fill(&mut derived))
        .expect("32 bytes");
    derived
}

fn prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let with_length = |part: &&[u8]| {
        [
            &u32::try_from(part.len()).expect("short").to_be_bytes()[..],
            part,
        ]
        .concat()
    };
    parts.iter().flat_map(with_length).collect()
}

fn open(key: &[u8], additional: &[u8], nonce_and_body: &[u8]) -> Vec<u8> {
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key).expect("a key");
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce_and_body[..12]).expect("a nonce");
    let mut body = nonce_and_body[12..].to_vec();
    aead::LessSafeKey::new(key)
        .open_in_place(nonce, aead::Aad::from(additional), &mut body)
        .expect("the second implementation opens it")
        .to_vec()
}

#[test]
fn bar_08_a_second_implementation_agrees_on_100_vectors() {
    let vectors = published();
    let decode = |text: &serde_json::Value| {
        STANDARD
            .decode(text.as_str().expect("text"))
            .expect("base64")
    };
    let body = &vectors.sidecar["body"];
    let database_id = Uuid::parse_str(body["database_id"].as_str().expect("text")).expect("an id");
    let master = STANDARD.decode(&vectors.master_key).expect("base64");
    let check = derive(
        &master,
        database_id,
        &[b"federation-connectors/v1/key-check"],
    );
    assert_eq!(decode(&body["key_check"]), check, "the key check value");
    let wrapping = derive(&master, database_id, &[b"federation-connectors/v1/wrap"]);
    let mut terms: HashMap<u32, Vec<u8>> = HashMap::new();
    for entry in body["terms"].as_array().expect("a list") {
        let number = u32::try_from(entry["term"].as_u64().expect("a number")).expect("small");
        let additional = prefixed(&[
            b"federation-connectors/wrapped-key",
            database_id.as_bytes(),
            b"term",
            &number.to_be_bytes(),
        ]);
        let key = open(&wrapping, &additional, &decode(&entry["key"]));
        let info: [&[u8]; 2] = [
            b"federation-connectors/v1/term-commitment",
            &number.to_be_bytes(),
        ];
        let commitment = derive(&key, database_id, &info);
        assert_eq!(
            decode(&entry["commitment"]),
            commitment,
            "commitment of term {number}"
        );
        terms.insert(number, key);
    }
    let mut agreed = 0;
    for record in &vectors.records {
        let raw = STANDARD.decode(&record.sealed).expect("base64");
        assert_eq!(raw[..4], *b"FC\x01\x01", "magic, version 1, AES-256-GCM");
        let term = u32::from_be_bytes(raw[4..8].try_into().expect("four bytes"));
        let additional = prefixed(&[
            b"federation-connectors/credential",
            &[1],
            &[1],
            &term.to_be_bytes(),
            database_id.as_bytes(),
            record.table.as_bytes(),
            record.column.as_bytes(),
            record.connector_id.as_bytes(),
            record.field.as_bytes(),
        ]);
        let plain = open(&terms[&term], &additional, &raw[8..]);
        assert_eq!(plain, record.plaintext.as_bytes(), "the same text");
        agreed += 1;
    }
    assert_eq!(
        (agreed, terms.len()),
        (100, 3),
        "100 vectors over three terms"
    );
}
