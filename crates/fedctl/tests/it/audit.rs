//! The audit log on the command line: what was done and through what, and the check with its exit code.

use serde_json::json;

use crate::support::Home;

#[test]
fn what_was_done_is_listed_the_newest_first() {
    let home = Home::new();
    home.add("football");
    home.run(&["connector", "status", "football", "inactive"])
        .expect_code(0);
    let all = home.run(&["--json", "audit", "list"]).expect_code(0).json();
    let whats: Vec<&str> = all
        .as_array()
        .expect("a list is an array")
        .iter()
        .filter_map(|entry| entry["what"].as_str())
        .collect();
    assert_eq!(
        whats,
        [
            "connector_paused",
            "backup_made",
            "connector_added",
            "log_begun"
        ],
        "the backup of the day came after the first change"
    );
    assert_eq!(
        (&all[0]["who"], &all[0]["code"], &all[1]["who"]),
        (&json!("command_line"), &json!("football"), &json!("itself")),
        "through what: {all}"
    );
    let of_one = [
        "--json",
        "audit",
        "list",
        "--connector",
        "football",
        "--about",
        "connectors",
    ];
    let some = home.run(&of_one).expect_code(0).json();
    assert_eq!(some.as_array().map(Vec::len), Some(2), "of one connector");
    let older = ["audit", "list", "--limit", "1"];
    let text = home.run(&older).expect_code(0).stdout;
    assert!(
        text.contains("command line") && text.contains("paused football"),
        "in words: {text}"
    );
    assert!(text.contains("--before 4"), "and how to see more: {text}");
    let none = ["audit", "list", "--until", "2020-01-01"];
    let text = home.run(&none).expect_code(0).stdout;
    assert!(
        text.contains("Nothing was done"),
        "nothing is said as such: {text}"
    );
    home.run(&["audit", "list", "--since", "yesterday"])
        .expect_code(2);
    home.run(&["audit", "list", "--limit", "501"])
        .expect_code(2);
}

#[test]
fn the_check_ends_with_one_where_the_log_was_cut_off() {
    let home = Home::new();
    home.add("football");
    let file = home.data_dir().join("connectors.db");
    let older = std::fs::read(&file).unwrap();
    home.run(&["connector", "remove", "football"])
        .expect_code(0);
    let whole = home
        .run(&["--json", "audit", "verify"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&whole["ok"], &whole["problem"], &whole["anchor"]),
        (&json!(true), &json!(null), &json!("there")),
        "whole, and its end is known after every command: {whole}"
    );
    let text = home.run(&["audit", "verify"]).expect_code(0).stdout;
    assert!(text.contains("The log is whole: 4 entries"), "{text}");

    std::fs::write(&file, older).unwrap();
    let broken = home
        .run(&["--json", "audit", "verify"])
        .expect_code(1)
        .json();
    assert_eq!(
        broken["problem"],
        json!({"kind": "cut_off", "entry": 4, "anchored": 4}),
        "an older file was put in place by hand: {broken}"
    );
    let text = home.run(&["audit", "verify"]).expect_code(1).stdout;
    assert!(
        text.contains("before entry 4") && text.contains("older data file"),
        "where, and what it can mean: {text}"
    );
}
