//! What a real server gives out is found nowhere in the folder: every code, token and verifier, which
//! the server's journal knows.

use std::fs;
use std::path::Path;

use testkit::Bench;

use crate::support::{CODE, add_native, sign_in, use_it};
use testkit::authorization_server::Peer;

/// Renewals: each leaves old tokens that must have left the file too.
fn rounds() -> usize {
    match std::env::var("FC_ROUNDS") {
        Ok(word) if word == "full" => 200,
        _ => 5,
    }
}

#[tokio::test]
async fn canary_nothing_that_the_server_gave_out_lies_in_the_folder() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let link = sign_in(&app).await;
    for _ in 0..rounds() {
        bench.clock.advance_ms(3_600_000);
        assert_eq!(use_it(&app).await.unwrap(), (200, 1), "it is renewed");
    }
    // While it is open, so that the write-ahead log is there as well; then once more signed out.
    let journal = peer.journal().await;
    let mut secrets: Vec<&str> = journal
        .issued
        .iter()
        .map(|one| one.value.as_str())
        .collect();
    secrets.extend(journal.verifiers.iter().map(String::as_str));
    let state = link.split_once("state=").unwrap().1;
    secrets.push(state.split('&').next().unwrap());
    assert!(
        secrets.len() >= 2 * rounds() + 5,
        "code, verifier, state and two tokens a round: {}",
        secrets.len()
    );
    assert!(search(bench.path(), &secrets).is_empty(), "all is sealed");
    app.sign_out(CODE).await.unwrap();
    assert!(search(bench.path(), &secrets).is_empty(), "and then gone");
    app.lock().await.unwrap();
    fs::write(bench.path().join("planted"), secrets[0]).unwrap();
    assert_eq!(
        search(bench.path(), &secrets),
        ["planted"],
        "the search finds what is there"
    );
}

/// The files that hold one of the secrets.
fn search(folder: &Path, secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(search(&path, secrets));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let holds = |secret: &&str| {
            let needle = secret.as_bytes();
            bytes.windows(needle.len()).any(|part| part == needle)
        };
        if secrets.iter().any(holds) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}
