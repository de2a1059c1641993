//! `fedctl login` and `logout` before anybody is asked: arguments, refusals, help, and the
//! credentials that a sign-in needs.

use crate::support::Home;

/// Adds a connector that a person signs in to, with nobody at its issuer.
fn add_signing_in(home: &Home, code: &str) {
    let arguments = [
        "connector",
        "add",
        code,
        "--preset",
        "practice_sign_in",
        "--set",
        "auth.issuer=http://127.0.0.1:9",
        "--set",
        "endpoints.base=http://127.0.0.1:9/oauth2",
        "--credentials-stdin",
    ];
    let ran = home
        .run_with(
            &arguments,
            r#"{"type":"oauth2","client_id":"practice-app"}"#,
        )
        .expect_code(0);
    assert!(
        ran.stdout.contains(&format!("Next: fedctl login {code}")),
        "a person must sign in next: {}",
        ran.stdout
    );
}

#[test]
fn wrong_arguments_are_told_before_anything_is_done() {
    let home = Home::new();
    add_signing_in(&home, "signs_in");
    for arguments in [
        &["login"][..],
        &["logout"],
        &["login", "signs_in", "--redirect", "embedded"],
        &["login", "signs_in", "--redirect"],
        &["login", "signs_in", "--device", "--redirect", "loopback"],
        &["login", "signs_in", "another"],
        &["logout", "signs_in", "--device"],
    ] {
        let mut with_json = vec!["--json"];
        with_json.extend(arguments);
        let ran = home.run(&with_json).expect_code(2);
        assert_eq!(ran.error()["code"], "usage", "{arguments:?}");
        assert_eq!(ran.stdout, "", "nothing was begun: {arguments:?}");
    }
}

#[test]
fn what_cannot_be_signed_in_to_is_refused() {
    let home = Home::new();
    home.add("by_key");
    for verb in ["login", "logout"] {
        let none = home.run(&["--json", verb, "nosuch"]).expect_code(8);
        assert_eq!(none.error()["code"], "not_found", "{verb}");
        let ran = home.run(&["--json", verb, "by_key"]).expect_code(2);
        assert_eq!(ran.error()["code"], "invalid", "{verb}");
        let text = home.run(&[verb, "by_key"]).expect_code(2).stderr;
        assert!(
            text.contains("has no sign-in") && text.contains("api_key"),
            "it says why: {text}"
        );
    }
    for way in [
        &["--no-browser"][..],
        &["--device"],
        &["--device", "--no-browser"],
    ] {
        let arguments = [&["login", "by_key"], way].concat();
        let ran = home.run(&arguments).expect_code(2);
        assert_eq!(
            ran.stdout, "",
            "no address is printed for it: {arguments:?}"
        );
    }
}

#[test]
fn a_locked_or_missing_file_is_told_first() {
    let mut home = Home::new();
    home.with_passphrase = false;
    for arguments in [
        &["--json", "login", "signs_in"][..],
        &["--json", "login", "signs_in", "--no-browser"],
        &["--json", "logout", "signs_in"],
    ] {
        let ran = home.run(arguments).expect_code(7);
        assert_eq!(ran.error()["code"], "locked", "{arguments:?}");
    }
    let empty = Home::empty();
    let ran = empty.run(&["--json", "login", "signs_in"]).expect_code(7);
    assert_eq!(ran.error()["code"], "not_initialised", "a script can tell");
}

#[test]
fn standard_input_carries_the_passphrase_or_the_redirect_url() {
    let home = Home::new();
    let both = ["--passphrase-file", "-", "login", "x1", "--no-browser"];
    let ran = home.run_with(&both, "").expect_code(2);
    assert!(
        ran.stderr
            .contains("standard input cannot carry both the passphrase and the redirect URL"),
        "{}",
        ran.stderr
    );
    let passphrase = crate::support::PASSPHRASE;
    for nothing_pasted in [
        &["--passphrase-file", "-", "login", "x1"][..],
        &[
            "--passphrase-file",
            "-",
            "login",
            "x1",
            "--device",
            "--no-browser",
        ],
        &["--passphrase-file", "-", "logout", "x1"],
    ] {
        // Opened, and then there is no such connector.
        home.run_with(nothing_pasted, passphrase).expect_code(8);
    }
}

#[test]
fn help_says_what_a_script_needs() {
    let home = Home::empty();
    let login = home.run(&["login", "--help"]).expect_code(0).stdout;
    for part in [
        "--redirect <WAY>",
        "deep-link",
        "[default: loopback]",
        "--device",
        "--no-browser",
        "authorization_url",
        "redirect_uri",
        "verification_uri",
        "standard input",
    ] {
        assert!(login.contains(part), "{part} is in {login}");
    }
    let logout = home.run(&["logout", "--help"]).expect_code(0).stdout;
    assert!(logout.contains("RFC 7009"), "{logout}");
    let set = home.run(&["credentials", "set", "--help"]).expect_code(0);
    for part in [
        "client_secret",
        "private_key",
        "private_key_password",
        "PKCS#12",
        "two_step",
        "\"secret\"",
    ] {
        assert!(set.stdout.contains(part), "{part} is in {}", set.stdout);
    }
}

#[test]
fn a_connector_with_a_sign_in_is_shown_as_one() {
    let home = Home::new();
    add_signing_in(&home, "signs_in");
    let shown = home
        .run(&["--json", "connector", "show", "signs_in"])
        .expect_code(0)
        .json();
    assert_eq!(shown["auth_kind"], "oauth2", "a script can tell");
    let text = home.run(&["connector", "show", "signs_in"]).expect_code(0);
    assert!(text.stdout.contains("OAuth 2.0"), "{}", text.stdout);
}

#[test]
fn credentials_of_the_new_kinds_are_taken_and_checked() {
    let home = Home::new();
    add_signing_in(&home, "signs_in");
    let add = [
        "connector",
        "add",
        "two",
        "--set",
        "auth.kind=two_step",
        "--set",
        "auth.two_step.url=/token",
        "--set",
        "auth.two_step.token_path=token",
        "--set",
        "endpoints.base=https://api.example.org",
        "--set",
        "endpoints.membership_list=/members",
    ];
    home.run(&add).expect_code(0);
    let cases: [(i32, &str, &str); 9] = [
        (
            0,
            "signs_in",
            r#"{"type":"oauth2","client_id":"c","client_secret":"CANARY"}"#,
        ),
        (
            2,
            "signs_in",
            r#"{"type":"oauth2","client_secret":"CANARY"}"#,
        ),
        (
            2,
            "signs_in",
            r#"{"type":"oauth2","client_id":"c","private_key":"CANARY"}"#,
        ),
        (2, "signs_in", r#"{"type":"two_step","secret":"CANARY"}"#),
        (0, "two", r#"{"type":"two_step","secret":"CANARY"}"#),
        (
            0,
            "two",
            r#"{"type":"two_step","username":"u","password":"CANARY"}"#,
        ),
        (
            2,
            "two",
            r#"{"type":"two_step","secret":"CANARY","username":"u","password":"CANARY"}"#,
        ),
        (2, "two", r#"{"type":"two_step","username":"u"}"#),
        (2, "two", r#"{"type":"oauth2","client_id":"CANARY"}"#),
    ];
    for (code, connector, json) in cases {
        let ran = home
            .run_with(&["credentials", "set", connector], json)
            .expect_code(code);
        assert!(
            !ran.all().contains("CANARY"),
            "{json} is not quoted: {}",
            ran.all()
        );
    }
}
