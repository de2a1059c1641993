//! The sidecar file: replaced whole or not at all, and never taken for absent.
#![allow(clippy::print_stdout, reason = "a child process answers on its output")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::error::{Code, Error};
use connectors::vault::{Sidecar, unlock_with_keychain};
use serde_json::Value;
use sha2::{Digest, Sha256};
use testkit::seeded_random::SeededRandom;

use super::{Fixture, fixture, rounds};

/// Writes the sidecar, lets `edit` change its body, and mends the checksum, as somebody would who
/// means harm.
pub(super) fn rewrite(sidecar: &Sidecar, path: &Path, edit: impl FnOnce(&mut Value)) {
    sidecar.write(path).expect("it writes");
    let text = std::fs::read(path).expect("it is there");
    // Field order matters to the checksum; the text keeps it, a map would sort it.
    let mut form: Value = serde_json::from_slice(&text).expect("JSON");
    edit(&mut form["body"]);
    let body = in_order(&form["body"]);
    let checksum = STANDARD.encode(Sha256::digest(&body));
    let text = format!(r#"{{"format":1,"checksum":"{checksum}","body":{body}}}"#);
    std::fs::write(path, text).expect("it is rewritten");
}

/// Compact JSON with the fields in the order of the format.
fn in_order(value: &Value) -> String {
    const ORDER: [&str; 18] = [
        "database_id",
        "schema_version",
        "key_check",
        "file_key",
        "audit_key",
        "terms",
        "slots",
        "kind",
        "account",
        "term",
        "salt",
        "cost",
        "master_key",
        "memory_kib",
        "passes",
        "lanes",
        "made_at",
        "commitment",
    ];
    match value {
        Value::Object(fields) => {
            let rank = |name: &str| ORDER.iter().position(|it| *it == name).unwrap_or(99);
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort_by_key(|name| rank(name));
            let fields: Vec<String> = names
                .iter()
                .map(|name| format!("{name:?}:{}", in_order(&fields[*name])))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(in_order).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn it_comes_back_as_it_was_written() {
    let Fixture {
        mut sidecar,
        vault,
        keychain,
        ..
    } = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    assert!(
        Sidecar::read(&path).expect("readable").is_none(),
        "nothing is there yet"
    );
    sidecar.set_schema_version(41);
    sidecar.write(&path).expect("it writes");
    let back = Sidecar::read(&path).expect("whole").expect("there");
    assert_eq!(back.schema_version(), 41, "the schema version");
    assert_eq!(back.database_id(), vault.database_id(), "the data file");
    assert_eq!(back.slots(), sidecar.slots(), "the ways in");
    assert_eq!(
        back.keychain_account(),
        sidecar.keychain_account(),
        "the account"
    );
    let account = back.keychain_account().expect("a keychain slot");
    assert!(
        account.contains(&vault.database_id().to_string()),
        "it names the data file"
    );
    let again = unlock_with_keychain(&back, &keychain).expect("it opens");
    assert_eq!(
        again.file_key().sqlcipher_pragma_value(),
        vault.file_key().sqlcipher_pragma_value(),
        "the same key of the file"
    );
    let names = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 1, "no temporary file stays");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "for its owner only");
    }
}

#[test]
fn it_holds_no_key_in_clear() {
    let Fixture {
        sidecar,
        vault,
        memory,
        ..
    } = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    sidecar.write(&path).expect("it writes");
    let text = std::fs::read_to_string(&path).expect("text");
    let account = sidecar.keychain_account().expect("a slot");
    assert!(text.contains(account), "the search finds what is there");
    let master = memory.entries()[account].clone();
    let hex = |raw: &[u8]| {
        raw.iter()
            .fold(String::new(), |all, byte| all + &format!("{byte:02x}"))
    };
    let master_hex = hex(&STANDARD.decode(&master).expect("base64"));
    let pragma = vault.file_key().sqlcipher_pragma_value();
    let file_hex = &pragma[2..66];
    for needle in [master.as_str(), &master_hex, file_hex] {
        assert!(!text.contains(needle), "no key in clear");
    }
    let raw: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&file_hex[2 * at..2 * at + 2], 16).expect("hex"))
        .collect();
    assert!(!text.contains(&STANDARD.encode(raw)), "nor in base64");
}

#[test]
fn garbled_files_are_damaged_and_stay_as_they_are() {
    let Fixture {
        sidecar, keychain, ..
    } = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    sidecar.write(&path).expect("it writes");
    let good = std::fs::read(&path).expect("there");
    let check = |bytes: &[u8], what: &str| {
        std::fs::write(&path, bytes).expect("it is garbled");
        let error = Sidecar::read(&path).expect_err(what);
        assert!(
            matches!(error.code(), Code::Damaged | Code::NewerSchema),
            "{what}: {error}"
        );
        assert_eq!(
            std::fs::read(&path).expect("there"),
            bytes,
            "{what}: untouched"
        );
    };
    for length in 0..good.len() - 2 {
        check(&good[..length], "cut short");
    }
    check(b"hello", "a text file");
    check(&[0; 4096], "zeroes");
    check(&vec![b' '; 2 << 20], "too large");
    check(&[&good[..], &good[..]].concat(), "twice");
    let dice = SeededRandom::new(34);
    let mut harmless = 0;
    for _ in 0..rounds(2_000, 100_000) {
        let mut bytes = good.clone();
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(8);
        std::fs::write(&path, &bytes).expect("it is garbled");
        match Sidecar::read(&path) {
            Err(error) => assert!(
                matches!(error.code(), Code::Damaged | Code::NewerSchema),
                "byte {at}: {error}"
            ),
            // White space, or the case of a letter of the id: the content is the same.
            Ok(read) => {
                let read = read.expect("never taken for absent");
                assert_eq!(read.slots(), sidecar.slots(), "byte {at} changed nothing");
                assert!(unlock_with_keychain(&read, &keychain).is_ok(), "byte {at}");
                harmless += 1;
            }
        }
    }
    assert!(
        harmless < 200 * rounds(1, 50),
        "most flips are found, {harmless} were harmless"
    );
}

type Edit = fn(&mut Value);

#[test]
fn what_does_not_belong_is_refused() {
    let Fixture { sidecar, .. } = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    let edits: [(&str, Edit); 8] = [
        ("an unknown field", |body| body["extra"] = 1.into()),
        ("no slots", |body| body["slots"] = Value::Array(vec![])),
        ("no terms", |body| body["terms"] = Value::Array(vec![])),
        ("a short wrapped key", |body| {
            body["file_key"] = "AAAA".into();
        }),
        ("term 0", |body| body["terms"][0]["term"] = 0.into()),
        ("a term twice", |body| {
            let term = body["terms"][0].clone();
            body["terms"].as_array_mut().expect("a list").push(term);
        }),
        ("two keychain slots", |body| {
            let slot = body["slots"][0].clone();
            body["slots"].as_array_mut().expect("a list").push(slot);
        }),
        ("an unknown slot", |body| {
            body["slots"][0]["kind"] = "cloud".into();
        }),
    ];
    for (what, edit) in edits {
        rewrite(&sidecar, &path, edit);
        let code = Sidecar::read(&path).expect_err(what).code();
        assert_eq!(code, Code::Damaged, "{what}");
    }
    rewrite(&sidecar, &path, |_| {});
    assert!(Sidecar::read(&path).is_ok(), "the control run reads");
}

#[test]
fn a_newer_format_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    let text = r#"{"format":2,"something":"new"}"#;
    std::fs::write(&path, text).expect("written");
    let error = Sidecar::read(&path).expect_err("newer");
    assert!(
        matches!(error, Error::NewerSchema { found: 2, known: 1 }),
        "told from a damaged one: {error}"
    );
    assert_eq!(
        std::fs::read_to_string(&path).expect("there"),
        text,
        "untouched"
    );
}

#[test]
fn what_cannot_be_read_is_never_absent() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").expect("written");
    let below_a_file = file.join("connectors.key");
    assert_eq!(
        Sidecar::read(&below_a_file)
            .expect_err("not a folder")
            .code(),
        Code::StorageFailed,
        "a path through a file"
    );
    assert_eq!(
        Sidecar::read(folder.path()).expect_err("a folder").code(),
        Code::StorageFailed,
        "a folder in its place"
    );
    #[cfg(unix)]
    {
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("unplugged/key"), &link).expect("a link");
        assert_eq!(
            Sidecar::read(&link).expect_err("dangling").code(),
            Code::StorageFailed,
            "a link to a disk that is not there"
        );
    }
}

#[test]
fn a_failed_write_leaves_the_old_one() {
    let Fixture { mut sidecar, .. } = fixture();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").expect("written");
    let code = sidecar
        .write(&file.join("connectors.key"))
        .expect_err("no folder")
        .code();
    assert_eq!(code, Code::StorageFailed, "a path through a file");
    // The renaming itself fails: a folder that is not empty stands in the way.
    let blocked = folder.path().join("blocked");
    std::fs::create_dir_all(blocked.join("inside")).expect("a folder in the way");
    assert!(sidecar.write(&blocked).is_err(), "the renaming fails");
    assert!(blocked.join("inside").is_dir(), "what stood there stands");
    let count = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(count, 2, "the temporary file is gone");
    // A name that leaves no room for the temporary one: the old sidecar must survive.
    let long = folder.path().join("n".repeat(250));
    std::fs::write(&long, "old").expect("written");
    sidecar.set_schema_version(2);
    assert!(sidecar.write(&long).is_err(), "no temporary file, no write");
    assert_eq!(
        std::fs::read_to_string(&long).expect("there"),
        "old",
        "untouched"
    );
}

/// Runs in the child process: writes ever new versions until it is killed.
fn write_for_ever(path: &Path) -> ! {
    let Fixture { mut sidecar, .. } = fixture();
    for version in 1.. {
        sidecar.set_schema_version(version);
        sidecar.write(path).expect("it writes");
        println!("wrote {version}");
    }
    unreachable!("the counter does not end before the kill");
}

#[test]
fn a_kill_in_mid_write_leaves_a_whole_sidecar() {
    const CHILD: &str = "FC_TEST_SIDECAR_WRITER";
    if let Some(path) = std::env::var_os(CHILD) {
        write_for_ever(Path::new(&path));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    let dice = SeededRandom::new(29);
    for round in 0..rounds(25, 500) {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args([
                "--exact",
                "vault::sidecar::a_kill_in_mid_write_leaves_a_whole_sidecar",
            ])
            .arg("--nocapture")
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test runs itself");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let wanted = 1 + dice.below(20);
        let acknowledged = lines
            .map(|line| line.expect("text"))
            .filter_map(|line| {
                line.strip_prefix("wrote ")
                    .map(|it| it.parse::<u32>().expect("a number"))
            })
            .nth(wanted)
            .expect("the child writes until it is killed");
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        let read = Sidecar::read(&path).expect("whole").expect("there");
        assert!(
            read.schema_version() >= acknowledged,
            "round {round}: what was acknowledged is there"
        );
    }
}

/// Runs in a child process that the system does not let write; prints what it was told.
fn write_once(path: &Path) {
    let Fixture { sidecar, .. } = fixture();
    let told = sidecar.write(path).map_err(|error| error.code());
    println!("\ntold {told:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn bar_32_a_refused_or_cut_write_leaves_the_old_one_and_says_why() {
    const CHILD: &str = "FC_TEST_SIDECAR_ONCE";
    if let Some(path) = std::env::var_os(CHILD) {
        return write_once(Path::new(&path));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connectors.key");
    let Fixture { sidecar, .. } = fixture();
    sidecar.write(&path).expect("it writes");
    let before = std::fs::read(&path).expect("there");
    // Tests may run as root, whom no mode stops: another user, or a limit on the size of files.
    let cases = [
        ("exec \"$0\" \"$@\"", "Ok(())"),
        (
            "if [ $(id -u) = 0 ]; then exec setpriv --reuid 65534 --clear-groups \"$0\" \"$@\"; fi
             chmod 555 \"${0%/*}\"; \"$0\" \"$@\"; chmod 755 \"${0%/*}\"",
            "Err(StorageDenied)",
        ),
        (
            "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"",
            "Err(StorageFailed)",
        ),
    ];
    // The other user must reach the program and the folder, and must not write there.
    let program = folder.path().join("test");
    std::fs::copy(std::env::current_exe().expect("this test"), &program).expect("a copy");
    let mode = |bits| std::os::unix::fs::PermissionsExt::from_mode(bits);
    std::fs::set_permissions(folder.path(), mode(0o755)).expect("readable by all");
    std::fs::set_permissions(&program, mode(0o755)).expect("runnable by all");
    for (script, expected) in cases {
        let output = Command::new("sh")
            .args(["-c", script])
            .arg(&program)
            .args(["--exact", "--nocapture"])
            .arg("vault::sidecar::bar_32_a_refused_or_cut_write_leaves_the_old_one_and_says_why")
            .env(CHILD, &path)
            .output()
            .expect("sh runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let told = text.lines().find_map(|line| line.strip_prefix("told "));
        assert_eq!(told, Some(expected), "{script}: {output:?}");
        if expected != "Ok(())" {
            assert_eq!(
                std::fs::read(&path).expect("there"),
                before,
                "the old one stands"
            );
        }
        let count = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(count, 2, "{script}: no temporary file stays");
        std::fs::write(&path, &before).expect("as it was");
    }
}
