//! A real Secret Service (gnome-keyring on a bus of the test's own): the way most people's data
//! file is opened. The tools are installed by `make test`; without them these tests fail.
#![cfg(target_os = "linux")]

use testkit::secret_service::{GnomeKeyring, PrivateBus};

use crate::support::{Home, PASSPHRASE};

fn home_on(bus: &PrivateBus) -> Home {
    let mut home = Home::empty();
    home.with_passphrase = false;
    bus.address().clone_into(&mut home.bus);
    home
}

#[test]
fn the_keychain_opens_the_file_and_its_loss_locks_it() {
    let bus = PrivateBus::start();
    let mut keyring = GnomeKeyring::start_unlocked(&bus);
    let home = home_on(&bus);
    let status = home.run(&["--json", "init"]).expect_code(0).json();
    assert_eq!(status["state"], "open", "created and open");
    home.add("one");
    let list = home
        .run(&["--json", "connector", "list"])
        .expect_code(0)
        .json();
    assert_eq!(list[0]["code"], "one", "another process opens it");
    let slots = home.run(&["--json", "key", "status"]).expect_code(0).json();
    assert_eq!(slots["slots"][0]["kind"], "keychain", "by the keychain");
    home.run(&["doctor"]).expect_code(0);

    let refused = home
        .run(&["--json", "key", "remove-slot", "keychain"])
        .expect_code(2);
    assert_eq!(
        refused.error()["code"],
        "last_slot",
        "the only way in stays"
    );
    let missing = home.run(&["key", "add-passphrase"]).expect_code(2);
    assert!(
        missing.stderr.contains("--new-passphrase-file"),
        "it says what is missing"
    );
    let file = home.path().join("passphrase").display().to_string();
    home.run(&["key", "add-passphrase", "--new-passphrase-file", &file])
        .expect_code(0);

    keyring.kill();
    let before = std::fs::read(home.data_dir().join("connectors.db")).unwrap();
    let locked = home.run(&["--json", "connector", "list"]).expect_code(7);
    assert_eq!(
        locked.error()["code"],
        "locked",
        "without the keychain it is locked"
    );
    assert_eq!(
        locked.error()["detail"]["reason"],
        "keychain_absent",
        "and says why"
    );
    let status = home.run(&["--json", "status"]).expect_code(7).json();
    assert_eq!(
        status["slots"],
        serde_json::json!(["keychain", "passphrase"]),
        "ways in"
    );
    home.run(&["doctor"]).expect_code(1);
    let after = std::fs::read(home.data_dir().join("connectors.db")).unwrap();
    assert_eq!(before, after, "looking at a locked file changes nothing");

    let opened = home
        .run(&["--passphrase-file", &file, "--json", "connector", "list"])
        .expect_code(0)
        .json();
    assert_eq!(
        opened[0]["code"], "one",
        "the passphrase is the other way in"
    );
}

#[test]
fn a_passphrase_given_with_the_command_can_be_the_new_one() {
    let bus = PrivateBus::start();
    let _keyring = GnomeKeyring::start_unlocked(&bus);
    let home = home_on(&bus);
    home.run(&["init"]).expect_code(0);
    let short = home.file("short", "short");
    let refused = home
        .run(&["--passphrase-file", &short, "key", "add-passphrase"])
        .expect_code(2);
    assert!(
        refused.stderr.contains("12"),
        "the rule is told: {}",
        refused.stderr
    );
    let file = home.file("new", format!("{PASSPHRASE}\r\n"));
    home.run(&["--passphrase-file", &file, "key", "add-passphrase"])
        .expect_code(0);
    home.run(&["key", "remove-slot", "keychain"]).expect_code(0);
    home.run(&["connector", "list"]).expect_code(7);
    home.run_with(&["--passphrase-file", "-", "connector", "list"], PASSPHRASE)
        .expect_code(0);
    home.run(&["--passphrase-file", &file, "key", "add-keychain"])
        .expect_code(0);
    home.run(&["connector", "list"]).expect_code(0);
}

#[test]
fn a_locked_keychain_is_told_apart_and_no_new_key_is_made() {
    let bus = PrivateBus::start();
    let keyring = GnomeKeyring::start_unlocked(&bus);
    let home = home_on(&bus);
    home.run(&["init"]).expect_code(0);
    let sidecar = std::fs::read(home.data_dir().join("connectors.keys.json")).unwrap();
    keyring.lock(&bus);
    let locked = home.run(&["--json", "connector", "list"]).expect_code(7);
    let reason = locked.error()["detail"]["reason"].clone();
    assert!(
        reason == "keychain_locked" || reason == "keychain_dismissed",
        "a locked keychain without a screen to ask on: {reason}"
    );
    home.run(&["init"]).expect_code(2);
    let after = std::fs::read(home.data_dir().join("connectors.keys.json")).unwrap();
    assert_eq!(sidecar, after, "the keys are as they were");
}
