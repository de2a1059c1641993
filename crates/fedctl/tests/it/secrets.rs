//! A key that was given once is nowhere: not in an output, not in a file, not in the list of
//! processes.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use practice_federation::{Fault, FaultKind, PracticeCredentials, PracticeOptions};

use crate::support::{Home, PASSPHRASE, api_key, finished, practice, signal, wait_until};

const CANARY: &str = "Canary-9d1f~key/that+nobody=may?see";
const SECOND: &str = "Canary-4b77~second/that+nobody=may?see";

/// The ways in which a text may hide in bytes, at each of the three places in a base64 group.
fn encodings(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex = hex.concat();
    let percent: String = bytes
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let utf16 = |order: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(order).collect();
    let mut all = vec![
        bytes.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        percent.into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ];
    for skip in 0..3 {
        // The middle of the text only: its edges share a group with what stands beside it.
        let whole = &bytes[skip..bytes.len() - (bytes.len() - skip) % 3];
        all.push(STANDARD.encode(whole).into_bytes());
        all.push(URL_SAFE_NO_PAD.encode(whole).into_bytes());
    }
    all
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    encodings(secret)
        .iter()
        .any(|needle| bytes.windows(needle.len()).any(|part| part == needle))
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.file_name().is_some_and(|name| name != "passphrase") {
            found.push(path);
        }
    }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for needle in encodings(CANARY) {
        let hidden = [b"some bytes ".as_slice(), &needle, b" and more"].concat();
        assert!(
            holds(&hidden, CANARY),
            "each encoding is found where it stands"
        );
    }
    assert!(
        !holds(SECOND.as_bytes(), CANARY),
        "another secret is another secret"
    );
}

#[test]
fn canary_keys_are_in_no_output_and_no_file() {
    let credentials = PracticeCredentials {
        api_key: CANARY.to_owned(),
        second_api_key: SECOND.to_owned(),
        ..PracticeCredentials::default()
    };
    let federation = practice(PracticeOptions {
        credentials,
        ..PracticeOptions::default()
    });
    let home = Home::new();
    let mut said = home.add_practice("practice", &federation, CANARY).all();
    let backup = home.path().join("copy.backup").display().to_string();
    let pasted = home.file("wrong.toml", "code = \"x1\"\nname = Canary");
    let cases: [(i32, &[&str], &str); 22] = [
        (0, &["connector", "test", "practice"], ""),
        (0, &["--json", "connector", "test", "practice"], ""),
        (0, &["--json", "connector", "show", "practice"], ""),
        (0, &["connector", "show", "practice"], ""),
        (0, &["connector", "export"], ""),
        (0, &["--json", "connector", "export"], ""),
        (
            0,
            &["--json", "request", "practice", "/v1/me", "--reveal"],
            "",
        ),
        (0, &["credentials", "set", "practice", "--test"], "set"),
        (0, &["--json", "credentials", "set", "practice"], "set"),
        (
            2,
            &["credentials", "set", "practice"],
            "{\"type\":\"api_key\",\"api_key\":",
        ),
        (
            2,
            &["--json", "credentials", "set", "practice"],
            "{\"type\":",
        ),
        (2, &["--json", "credentials", "set", "practice"], "wrong"),
        (0, &["credentials", "revert", "practice"], ""),
        (0, &["connector", "clone", "practice", "copy_1"], ""),
        (0, &["key", "rotate"], ""),
        (0, &["--json", "key", "status"], ""),
        (0, &["db", "backup", &backup], ""),
        (0, &["db", "check"], ""),
        (2, &["connector", "import", &pasted], ""),
        (0, &["connector", "remove", "practice"], ""),
        (0, &["connector", "purge", "practice", "--yes"], ""),
        (0, &["doctor", "--json"], ""),
    ];
    for (code, arguments, input) in cases {
        let input = match input {
            "set" => api_key(SECOND),
            "wrong" => format!("{{\"type\":\"api_key\",\"{SECOND}\":\"{CANARY}\"}}"),
            "" => String::new(),
            start => format!("{start}{SECOND}"),
        };
        said.push_str(&home.run_with(arguments, input).expect_code(code).all());
    }
    for secret in [CANARY, SECOND, PASSPHRASE] {
        assert!(!holds(said.as_bytes(), secret), "no output holds it");
        let mut found = Vec::new();
        files(home.path(), &mut found);
        assert!(
            found.len() >= 4,
            "data, sidecar and backups are searched: {found:?}"
        );
        for path in found {
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !holds(&bytes, secret),
                "{} does not hold it",
                path.display()
            );
        }
    }
}

#[test]
fn canary_client_secrets_are_in_no_output_and_no_file() {
    let home = Home::new();
    let add = |code: &str, settings: &[&str]| {
        let mut arguments = vec!["connector", "add", code];
        for setting in settings {
            arguments.extend(["--set", setting]);
        }
        home.run(&arguments).expect_code(0);
    };
    let token = "auth.token_endpoint=https://id.example.org/token";
    let base = "endpoints.base=https://api.example.org";
    let list = "endpoints.membership_list=/members";
    for (code, grant) in [
        ("by_secret", "client_credentials"),
        ("by_key", "jwt_bearer"),
    ] {
        let grant = format!("auth.grant={grant}");
        add(code, &["auth.kind=oauth2", &grant, token, base, list]);
    }
    let url = "auth.two_step.url=/token";
    let path = "auth.two_step.token_path=token";
    add("in_two", &["auth.kind=two_step", url, path, base, list]);
    let mut said = String::new();
    for (code, json) in [
        (
            "by_secret",
            serde_json::json!({"type": "oauth2", "client_id": "c", "client_secret": CANARY}),
        ),
        (
            "by_key",
            serde_json::json!({"type": "oauth2", "client_id": "c", "private_key": CANARY,
                "private_key_password": SECOND}),
        ),
        (
            "in_two",
            serde_json::json!({"type": "two_step", "secret": CANARY}),
        ),
        (
            "in_two",
            serde_json::json!({"type": "two_step", "username": "u", "password": SECOND}),
        ),
    ] {
        let set = ["--json", "credentials", "set", code];
        said.push_str(&home.run_with(&set, json.to_string()).expect_code(0).all());
        for arguments in [
            &["connector", "show", code][..],
            &["--json", "connector", "show", code],
            &["connector", "export", code],
        ] {
            said.push_str(&home.run(arguments).expect_code(0).all());
        }
    }
    let mut found = Vec::new();
    files(home.path(), &mut found);
    for secret in [CANARY, SECOND] {
        assert!(!holds(said.as_bytes(), secret), "no output holds it");
        for path in &found {
            let bytes = std::fs::read(path).unwrap();
            assert!(!holds(&bytes, secret), "{} holds it", path.display());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn canary_keys_are_not_in_the_list_of_processes() {
    use std::io::Write;

    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, "first");
    federation.set_fault(Fault::new(FaultKind::Delay(60_000)));
    let arguments = ["credentials", "set", "practice", "--test"];
    let mut child = home
        .command(&arguments)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(api_key(CANARY).as_bytes())
        .unwrap();
    wait_until("the test of the new key", || federation.request_count() > 0);
    for name in ["cmdline", "environ"] {
        let seen = std::fs::read(format!("/proc/{}/{name}", child.id())).unwrap();
        assert!(
            !seen.is_empty(),
            "{name} can be read, as any program of this account can"
        );
        assert!(!holds(&seen, CANARY), "the key is not in {name}");
        assert!(!holds(&seen, PASSPHRASE), "the passphrase is not in {name}");
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(
        &words[4..6],
        ["0", "0"],
        "a crash writes no keys to disk: {core}"
    );
    signal(&child, "INT");
    let ran = finished(&arguments, child.wait_with_output().unwrap()).expect_code(130);
    assert!(
        !holds(ran.all().as_bytes(), CANARY),
        "nor in what it said at its end"
    );
}
