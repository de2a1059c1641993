//! Credentials go in by standard input and are checked before they replace others.

use practice_federation::PracticeOptions;

use crate::support::{Home, api_key, practice};

const ONE: &str = "practice-key-one-opens-invented-data";
const TWO: &str = "practice-key-two-opens-invented-data";

#[test]
fn credentials_are_replaced_tested_and_taken_back() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("practice", &federation, ONE);
    home.run(&["connector", "test", "practice"]).expect_code(0);

    let set = ["--json", "credentials", "set", "practice"];
    let state = home
        .run_with(&set, api_key("mistyped"))
        .expect_code(0)
        .json();
    assert_eq!(state["credentials"]["set"], true, "stored");
    assert_eq!(
        state["credentials"]["previous_kept"], true,
        "the earlier ones stay until a test"
    );
    home.run(&["connector", "test", "practice"]).expect_code(3);
    home.run(&["credentials", "revert", "practice"])
        .expect_code(0);
    home.run(&["connector", "test", "practice"]).expect_code(0);
    let nothing = home
        .run(&["--json", "credentials", "revert", "practice"])
        .expect_code(8);
    assert_eq!(
        nothing.error()["code"],
        "not_found",
        "nothing is kept any more"
    );

    let tested = ["--json", "credentials", "set", "practice", "--test"];
    let refused = home.run_with(&tested, api_key("mistyped")).expect_code(3);
    assert_eq!(
        refused.error()["code"],
        "bad_credentials",
        "refused before it was stored"
    );
    home.run(&["connector", "test", "practice"]).expect_code(0);
    let state = home.run_with(&tested, api_key(TWO)).expect_code(0).json();
    assert_eq!(state["credentials"]["tested"], true, "tested and stored");
}

#[test]
fn a_password_works_as_a_key_does() {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    let base = format!("endpoints.base={}/basic", federation.base_url());
    let arguments = [
        "connector",
        "add",
        "by_password",
        "--preset",
        "generic_rest_basic",
        "--set",
        "allow_http_loopback=true",
        "--set",
        &base,
        "--set",
        "endpoints.membership_list=/v1/plain/members",
        "--credentials-stdin",
        "--test",
    ];
    let json = serde_json::json!({"type": "basic", "username": federation.username(),
        "password": federation.password()});
    home.run_with(&arguments, json.to_string()).expect_code(0);
}

#[test]
fn credentials_of_another_kind_and_broken_ones_are_refused() {
    let home = Home::new();
    home.add("ballyduff");
    let long = format!("{}x", " ".repeat(1024 * 1024));
    let cases: [(&str, &str); 8] = [
        (
            r#"{"type":"basic","username":"u","password":"CANARY"}"#,
            "basic where a key is wanted",
        ),
        (r#"{"type":"hmac","secret":"CANARY"}"#, "unknown type"),
        (r#"{"type":"api_key","api_key":"CANARY"#, "cut off"),
        ("CANARY", "no JSON"),
        ("", "nothing"),
        (r#"{"type":"api_key","api_key":""}"#, "empty key"),
        (
            "{\"type\":\"api_key\",\"api_key\":\"CANARY\\u0000\\r\\n\"}",
            "control characters",
        ),
        (&long, "over 1 MB"),
    ];
    for (json, what) in cases {
        let ran = home
            .run_with(&["credentials", "set", "ballyduff"], json)
            .expect_code(2);
        assert!(
            ran.stderr.starts_with("error: "),
            "{what} gets a sentence: {}",
            ran.stderr
        );
        assert!(
            !ran.all().contains("CANARY"),
            "{what} is not quoted: {}",
            ran.stderr
        );
    }
    home.run_with(&["credentials", "set", "nosuch"], api_key("k"))
        .expect_code(8);
}

#[test]
fn standard_input_carries_one_thing() {
    let home = Home::new();
    for arguments in [
        &["--passphrase-file", "-", "credentials", "set", "x1"][..],
        &["--passphrase-file", "-", "connector", "import", "-"],
        &[
            "--passphrase-file",
            "-",
            "connector",
            "add",
            "x1",
            "--credentials-stdin",
        ],
        &[
            "connector",
            "add",
            "x1",
            "--from",
            "-",
            "--credentials-stdin",
        ],
    ] {
        let ran = home.run_with(arguments, "{}").expect_code(2);
        assert!(
            ran.stderr.contains("standard input cannot carry"),
            "{}",
            ran.stderr
        );
    }
}
