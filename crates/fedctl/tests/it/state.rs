//! What `status`, `doctor`, `init` and `settings` say about a computer.

use crate::support::{Home, PASSPHRASE, finished};

#[test]
fn a_fresh_computer_has_no_data_file_and_looking_makes_none() {
    let home = Home::empty();
    let status = home.run(&["--json", "status"]).expect_code(7).json();
    assert_eq!(status["state"], "first_run", "nothing is there yet");
    assert_eq!(status["file"], serde_json::Value::Null, "no file");
    let text = home.run(&["status"]).expect_code(7).stdout;
    assert!(text.contains("fedctl init"), "the way on: {text}");
    home.run(&["connector", "list"]).expect_code(7);
    assert!(
        !home.data_dir().join("connectors.db").exists(),
        "looking makes no file"
    );
}

#[test]
fn init_makes_the_file_once() {
    let home = Home::empty();
    let status = home.run(&["--json", "init"]).expect_code(0).json();
    assert_eq!(status["state"], "open", "created and open");
    assert_eq!(status["connectors"]["all"], 0, "and empty");
    let before = std::fs::read(home.data_dir().join("connectors.keys.json")).unwrap();
    let again = home.run(&["--json", "init"]).expect_code(2);
    assert_eq!(
        again.error()["code"],
        "already_initialised",
        "a second time is refused"
    );
    let after = std::fs::read(home.data_dir().join("connectors.keys.json")).unwrap();
    assert_eq!(before, after, "and changes nothing");
}

#[test]
fn init_without_keychain_and_passphrase_makes_nothing() {
    let mut home = Home::empty();
    home.with_passphrase = false;
    let ran = home.run(&["--json", "init"]).expect_code(7);
    assert_eq!(
        ran.error()["detail"]["reason"],
        "keychain_absent",
        "it says why"
    );
    assert!(
        !home.data_dir().join("connectors.keys.json").exists(),
        "no key was made"
    );
    let asked = home.run(&["init", "--passphrase"]).expect_code(2);
    assert!(
        asked.stderr.contains("--passphrase-file"),
        "nobody is asked without a terminal"
    );
}

#[test]
fn a_passphrase_is_read_from_a_file_or_standard_input_less_one_line_break() {
    let mut home = Home::new();
    home.with_passphrase = false;
    for (written, code) in [
        (PASSPHRASE.to_owned(), 0),
        (format!("{PASSPHRASE}\n"), 0),
        (format!("{PASSPHRASE}\r\n"), 0),
        (format!("{PASSPHRASE}\n\n"), 3),
        (format!(" {PASSPHRASE}"), 3),
        (String::new(), 2),
        ("\n".to_owned(), 2),
    ] {
        let file = home.file("typed", &written);
        home.run(&["--passphrase-file", &file, "status"]);
        home.run(&["--passphrase-file", &file, "connector", "list"])
            .expect_code(code);
        home.run_with(&["--passphrase-file", "-", "connector", "list"], &written)
            .expect_code(code);
    }
    let file = home.file("not_text", [0xff, 0xfe, 0x00]);
    home.run(&["--passphrase-file", &file, "connector", "list"])
        .expect_code(2);
}

#[test]
fn others_who_can_read_the_passphrase_file_are_mentioned() {
    use std::os::unix::fs::PermissionsExt;

    let mut home = Home::new();
    home.with_passphrase = false;
    let file = home.file("open_to_all", PASSPHRASE);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = home
        .run(&["--passphrase-file", &file, "connector", "list"])
        .expect_code(0);
    assert!(
        ran.stderr.contains("chmod 600"),
        "with the way to mend it: {}",
        ran.stderr
    );
}

#[test]
fn the_doctor_finds_what_is_broken() {
    let home = Home::new();
    let well = home.run(&["--json", "doctor"]).expect_code(0).json();
    for line in well.as_array().expect("a list") {
        assert_ne!(line["ok"], false, "nothing is broken: {line}");
        assert!(
            line["found"].is_string(),
            "each says what was found: {line}"
        );
    }
    std::fs::write(home.data_dir().join("connectors.keys.json"), "{}").unwrap();
    let broken = home.run(&["--json", "doctor"]).expect_code(1).json();
    let keys = broken
        .as_array()
        .and_then(|all| all.iter().find(|line| line["name"] == "keys"))
        .expect("the keys are looked at");
    assert_eq!(keys["ok"], false, "the damaged key file is found: {keys}");
    assert_ne!(keys["fix"], "", "with a way to mend it");
}

#[test]
fn preferences_need_no_key() {
    let mut home = Home::empty();
    home.with_passphrase = false;
    let shown = home
        .run(&["--json", "settings", "show"])
        .expect_code(0)
        .json();
    assert_eq!(shown["theme"], "system", "as the system is, at first");
    home.run(&["settings", "set", "theme=dark"]).expect_code(0);
    let shown = home
        .run(&["--json", "settings", "show"])
        .expect_code(0)
        .json();
    assert_eq!(shown["theme"], "dark", "kept");
    for wrong in ["theme=blue", "nosuch=1", "theme"] {
        let ran = home.run(&["settings", "set", wrong]).expect_code(2);
        assert!(ran.stderr.len() > 20, "{wrong} gets a sentence");
    }
}

#[test]
fn an_empty_variable_names_no_passphrase_file() {
    let home = Home::new();
    let mut command = home.command(&["--json", "connector", "list"]);
    let output = command.env("FEDCTL_PASSPHRASE_FILE", "").output().unwrap();
    let ran = finished(&["connector", "list"], output).expect_code(7);
    assert_eq!(
        ran.error()["detail"]["reason"],
        "passphrase_needed",
        "as if it were not set"
    );
}
