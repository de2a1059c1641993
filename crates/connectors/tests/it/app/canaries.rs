//! Bar 40: no secret is in any file, log, view or error, in seven encodings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::vault::{KeychainCaller, Sidecar, unlock_with_keychain};
use testkit::FileKeychain;

use super::canary::{encodings, hex, marker, search, sinks};
use super::canary_scenario::{MADE, NAME, PLANTED, SECRETS};
use super::child::Ground;

/// The master key and the key of the data file, as bytes.
fn real_keys(ground: &Ground) -> Vec<(&'static str, Vec<u8>)> {
    let path = ground.root().join("keychain.json");
    let entries: BTreeMap<String, String> =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let master = STANDARD
        .decode(entries.into_values().next().expect("the keychain has it"))
        .unwrap();
    let sidecar = Sidecar::read(&ground.data().join("connectors.keys.json"))
        .unwrap()
        .expect("there is a sidecar");
    let caller = KeychainCaller::new(Arc::new(FileKeychain::at(&path)));
    let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
    let value = vault.file_key().sqlcipher_pragma_value();
    let digits = value.trim_start_matches("x'").trim_end_matches('\'');
    let file_key: Vec<u8> = (0..64)
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect();
    assert_eq!(hex(&file_key), digits.to_lowercase(), "the key as bytes");
    vec![
        ("master key", master.clone()),
        ("master key as text", STANDARD.encode(master).into_bytes()),
        ("file key", file_key),
        ("file key as text", digits.as_bytes().to_vec()),
    ]
}

#[test]
fn bar_40_no_secret_is_found_anywhere() {
    let ground = Ground::new();
    let output = ground.command("canaries").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "the scenario runs through: {said}");
    let mut sinks = sinks(ground.root());
    sinks.insert("standard output".to_owned(), output.stdout);
    sinks.insert("standard error".to_owned(), output.stderr);

    let names: Vec<&String> = sinks.keys().collect();
    for expected in [
        "connectors.db",
        "connectors.keys.json",
        "connectors.db.replaced",
        ".fcbackup/connectors.db",
        ".fcbackup/sidecar",
    ] {
        assert!(
            names.iter().any(|name| name.contains(expected)),
            "{expected} is searched: {names:?}"
        );
    }
    let log = String::from_utf8_lossy(&sinks["log.txt"]).into_owned();
    assert!(
        log.contains("step of a test") && log.contains("library "),
        "the log holds what the product and its libraries say"
    );
    assert!(
        log.matches(&marker(PLANTED)).count() == 2,
        "and what other threads say: a planted mark is found"
    );
    let shown = String::from_utf8_lossy(&sinks["shown.txt"]).into_owned();
    for said in [
        "\"test_handle\"",
        "bad_credentials",
        "wrong_passphrase",
        "sign_in_declined",
        "sign_in_ended",
        NAME,
    ] {
        assert!(
            shown.contains(said),
            "views and errors are searched: {said}"
        );
    }

    let mut hits = Vec::new();
    for purpose in SECRETS {
        for hit in search(&sinks, marker(purpose).as_bytes()) {
            hits.push(format!("{purpose} in {hit}"));
        }
    }
    let mut kinds = BTreeSet::new();
    for line in fs::read_to_string(ground.root().join(MADE))
        .unwrap()
        .lines()
    {
        let (kind, value) = line.split_once(' ').unwrap();
        assert!(value.len() >= 16, "{kind}: too short to be a secret");
        kinds.insert(kind.to_owned());
        for hit in search(&sinks, value.as_bytes()) {
            hits.push(format!("{kind} in {hit}"));
        }
    }
    let expected = [
        "access_token",
        "code",
        "code_verifier",
        "refresh_token",
        "state",
    ];
    assert_eq!(
        kinds,
        expected.map(str::to_owned).into(),
        "every kind of secret of a sign-in was made and searched for"
    );
    for (purpose, bytes) in real_keys(&ground) {
        for hit in search(&sinks, &bytes) {
            hits.push(format!("{purpose} in {hit}"));
        }
    }
    assert!(hits.is_empty(), "no secret leaves: {hits:#?}");

    sinks.remove("shown.txt");
    assert!(
        search(&sinks, NAME.as_bytes()).is_empty(),
        "names of connectors stand in encrypted files only"
    );
}

#[test]
fn bar_40_the_search_finds_what_is_planted_in_each_sink_and_encoding() {
    let mark = marker("planted");
    let mut kinds: Vec<&str> = encodings(mark.as_bytes()).iter().map(|one| one.0).collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "raw",
            "base64",
            "base64url",
            "base64",
            "base64url",
            "base64",
            "base64url",
            "hex",
            "percent",
            "JSON",
            "UTF-16LE"
        ],
        "seven encodings, base64 at each of its three places"
    );
    let base64_at = |shift: usize| {
        let text = format!("{}{mark} and more", &"user:"[..shift]);
        STANDARD.encode(text).into_bytes()
    };
    let json = serde_json::json!({ "text": mark }).to_string();
    let plants: Vec<(&str, Vec<u8>)> = vec![
        ("raw", mark.clone().into_bytes()),
        ("base64", base64_at(3)),
        ("base64", base64_at(4)),
        ("base64", base64_at(5)),
        (
            "base64url",
            base64::engine::general_purpose::URL_SAFE_NO_PAD
                .encode(&mark)
                .into_bytes(),
        ),
        ("hex", hex(mark.as_bytes()).into_bytes()),
        ("hex", hex(mark.as_bytes()).to_uppercase().into_bytes()),
        (
            "percent",
            url::form_urlencoded::byte_serialize(mark.as_bytes())
                .collect::<String>()
                .into_bytes(),
        ),
        ("JSON", json.clone().into_bytes()),
        ("JSON", serde_json::to_string(&json).unwrap().into_bytes()),
        (
            "UTF-16LE",
            mark.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
    ];
    for place in [
        "data/connectors.db",
        "data/backups/x",
        "log.txt",
        "shown.txt",
        "tar",
    ] {
        for (encoding, plant) in &plants {
            let ground = Ground::new();
            fs::create_dir_all(ground.data().join("backups")).unwrap();
            for name in ["log.txt", "shown.txt"] {
                fs::write(ground.root().join(name), "before").unwrap();
            }
            let bytes = [b"before \0\xff".as_slice(), plant, b" after"].concat();
            if place == "tar" {
                let file = fs::File::create(ground.data().join("backups/one.fcbackup")).unwrap();
                let mut tar = tar::Builder::new(file);
                let mut header = tar::Header::new_ustar();
                header.set_size(bytes.len() as u64);
                tar.append_data(&mut header, "sidecar", bytes.as_slice())
                    .unwrap();
                tar.finish().unwrap();
            } else {
                fs::write(ground.root().join(place), bytes).unwrap();
            }
            let hits = search(&sinks(ground.root()), mark.as_bytes());
            assert!(
                hits.iter().any(|hit| hit.ends_with(encoding)),
                "{encoding} planted in {place} is found: {hits:?}"
            );
        }
    }
}
