//! One document on standard output, text that cannot steer a terminal, and a reader that leaves.

use std::process::Stdio;

use crate::support::{Home, finished};

#[test]
fn every_command_that_looks_prints_one_json_document() {
    let home = Home::new();
    home.add("one");
    let cases: [(&[&str], bool); 11] = [
        (&["status"], false),
        (&["doctor"], true),
        (&["catalogue", "list"], true),
        (&["catalogue", "show", "practice"], false),
        (&["connector", "list"], true),
        (&["connector", "show", "one"], false),
        (&["connector", "export"], true),
        (&["key", "status"], false),
        (&["db", "check"], false),
        (&["db", "backups"], true),
        (&["settings", "show"], false),
    ];
    for (arguments, is_list) in cases {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let ran = home.run(&with_json).expect_code(0);
        assert_eq!(
            ran.json().is_array(),
            is_list,
            "{arguments:?}: lists are arrays"
        );
        assert_eq!(ran.stderr, "", "{arguments:?} has nothing else to say");
        assert_eq!(ran.stdout.lines().count(), 1, "{arguments:?}: one line");
        let text = home.run(arguments).expect_code(0);
        assert!(
            !text.stdout.trim().is_empty(),
            "{arguments:?} says something to people too"
        );
        assert!(
            !text.stdout.contains('\u{1b}'),
            "{arguments:?}: no colour in a pipe"
        );
    }
}

#[test]
fn quiet_keeps_results_and_drops_confirmations() {
    let home = Home::new();
    let added = home
        .run(&[
            "--quiet",
            "connector",
            "add",
            "one",
            "--preset",
            "generic_rest_key",
            "--set",
            "endpoints.base=https://api.example.org",
        ])
        .expect_code(0);
    assert_eq!(added.all(), "", "a confirmation is no result");
    let list = home.run(&["-q", "connector", "list"]).expect_code(0);
    assert!(list.stdout.contains("one"), "a list is");
}

#[test]
fn a_reader_that_has_gone_ends_the_command_quietly() {
    let home = Home::new();
    for arguments in [
        &["status"][..],
        &["--json", "connector", "list"],
        &["completions", "bash"],
        &["--help"],
        &["catalogue", "list"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home
            .command(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let ran = finished(arguments, output).expect_code(141);
        assert_eq!(ran.stderr, "", "nobody is left to tell");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let home = Home::empty();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = home
        .command(&["catalogue", "list"])
        .stdout(full)
        .output()
        .unwrap();
    let ran = finished(&["catalogue", "list"], output).expect_code(1);
    assert!(
        ran.stderr.contains("cannot be written"),
        "it says so: {}",
        ran.stderr
    );
}

#[test]
fn broken_settings_are_told_as_fields() {
    let home = Home::new();
    let arguments = [
        "--json",
        "connector",
        "add",
        "ok_code",
        "--name",
        "",
        "--set",
        "endpoints.base=http://example.org",
    ];
    let error = home.run(&arguments).expect_code(2).error();
    assert_eq!(
        error["detail"]["kind"], "fields",
        "a script can point at them"
    );
    let fields: Vec<&str> = error["detail"]["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    for field in ["name", "endpoints.base"] {
        assert!(fields.contains(&field), "{field} is one of {fields:?}");
    }
}
