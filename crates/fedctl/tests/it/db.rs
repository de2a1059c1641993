//! Backups, restore and the check, as a person runs them.

use crate::support::Home;

fn codes(home: &Home) -> Vec<String> {
    let list = home
        .run(&["--json", "connector", "list"])
        .expect_code(0)
        .json();
    list.as_array()
        .expect("an array")
        .iter()
        .map(|row| row["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_backup_brings_back_what_was_there() {
    let home = Home::new();
    home.add("before");
    let file = home.path().join("copy.backup").display().to_string();
    let made = home
        .run(&["--json", "db", "backup", &file])
        .expect_code(0)
        .json();
    assert_eq!(made["verified"], true, "it was read back");
    home.run(&["db", "backup", &file]).expect_code(2);

    home.add("after");
    let status = home
        .run(&["--json", "db", "restore", &file])
        .expect_code(0)
        .json();
    assert_eq!(
        status["state"], "open",
        "restored and opened with the passphrase"
    );
    assert_eq!(
        codes(&home),
        ["before"],
        "as it was when the backup was made"
    );
    let check = home.run(&["--json", "db", "check"]).expect_code(0).json();
    assert_eq!(check["ok"], true, "the file is whole: {check}");
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let home = Home::new();
    home.add("stays");
    let text = home.file("notes.txt", "not a backup");
    for file in [text.as_str(), "/nonexistent/file"] {
        let ran = home.run(&["--json", "db", "restore", file]);
        assert_ne!(ran.code, 0, "{file} is refused");
        assert!(
            ran.error()["message"].is_string(),
            "with a sentence: {}",
            ran.stderr
        );
    }
    assert_eq!(codes(&home), ["stays"], "the data is untouched");
}

#[test]
fn a_change_makes_the_backup_of_the_day_and_looking_makes_none() {
    let home = Home::new();
    home.run(&["connector", "list"]).expect_code(0);
    let none = home.run(&["--json", "db", "backups"]).expect_code(0).json();
    assert_eq!(none, serde_json::json!([]), "looking makes none");
    home.add("first");
    home.add("second");
    let mut home = home;
    home.with_passphrase = false;
    let one = home.run(&["--json", "db", "backups"]).expect_code(0).json();
    assert_eq!(
        one.as_array().expect("an array").len(),
        1,
        "one a day, listed without the key"
    );
}
