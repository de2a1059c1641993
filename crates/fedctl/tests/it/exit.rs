//! The table of exit codes that scripts rely on.

use crate::support::Home;

#[test]
fn exit_codes_are_those_of_the_table() {
    let home = Home::new();
    home.add("taken");
    home.file("wrong", "not the passphrase\n");
    let wrong = home.path().join("wrong").display().to_string();
    let none = home.path().join("none").display().to_string();
    let cases: [(i32, &str, &[&str]); 16] = [
        (0, "", &["--version"]),
        (0, "", &["connector", "--help"]),
        (0, "", &["status"]),
        (2, "usage", &["connector"]),
        (2, "usage", &["nosuch"]),
        (2, "usage", &["connector", "list", "--status", "broken"]),
        (2, "usage", &["connector", "edit", "taken"]),
        (
            2,
            "usage",
            &["connector", "edit", "taken", "--set", "novalue"],
        ),
        (
            2,
            "invalid",
            &["connector", "edit", "taken", "--set", "nosuch.key=1"],
        ),
        (
            2,
            "duplicate",
            &[
                "connector",
                "add",
                "taken",
                "--preset",
                "generic_rest_key",
                "--set",
                "endpoints.base=https://api.example.org",
            ],
        ),
        (2, "already_initialised", &["init"]),
        (2, "bad_file", &["connector", "import", &none]),
        (
            2,
            "bad_file",
            &["--passphrase-file", &none, "connector", "list"],
        ),
        (
            3,
            "wrong_passphrase",
            &["--passphrase-file", &wrong, "connector", "list"],
        ),
        (
            7,
            "not_initialised",
            &["--data-dir", &none, "connector", "list"],
        ),
        (8, "not_found", &["connector", "show", "nosuch"]),
    ];
    for (code, word, arguments) in cases {
        home.run(arguments).expect_code(code);
        if word.is_empty() {
            continue;
        }
        let mut with_json = vec!["--json"];
        with_json.extend(arguments);
        let ran = home.run(&with_json).expect_code(code);
        assert_eq!(
            ran.stdout, "",
            "an error leaves standard output empty: {arguments:?}"
        );
        assert_eq!(ran.error()["code"], word, "{arguments:?}");
        assert!(
            ran.error()["message"]
                .as_str()
                .is_some_and(|one| one.len() > 5),
            "a sentence"
        );
    }
}

#[test]
fn without_the_passphrase_the_file_is_locked_and_says_how_to_open_it() {
    let mut home = Home::new();
    home.with_passphrase = false;
    let ran = home.run(&["--json", "connector", "list"]).expect_code(7);
    assert_eq!(ran.error()["code"], "locked", "a script can tell");
    assert_eq!(
        ran.error()["detail"]["reason"],
        "passphrase_needed",
        "and why"
    );
    let text = home.run(&["connector", "list"]).expect_code(7).stderr;
    assert!(
        text.contains("--passphrase-file"),
        "the way out is named: {text}"
    );
}
