//! Checks on the command line, and pausing and resuming many connectors: exit codes for scripts.

use practice_federation::{Fault, Practice, PracticeOptions};
use serde_json::Value;

use crate::support::{Home, practice};

fn two() -> (Home, Practice) {
    let federation = practice(PracticeOptions::default());
    let home = Home::new();
    home.add_practice("good", &federation, federation.api_key());
    home.add_practice("wrong_key", &federation, "not-the-key");
    (home, federation)
}

fn json(home: &Home, words: &[&str], code: i32) -> Value {
    let arguments = [&["--json"], words].concat();
    home.run(&arguments).expect_code(code).json()
}

#[test]
fn a_check_says_what_became_of_each_and_the_exit_code_sums_it_up() {
    let (home, federation) = two();
    let good = json(&home, &["check", "good"], 0);
    assert_eq!(good[0]["code"], "good", "{good}");
    assert_eq!(good[0]["done"], true, "it was asked: {good}");
    assert_eq!(good[0]["problem"], Value::Null, "{good}");
    let wrong = json(&home, &["check", "wrong_key"], 3);
    assert_eq!(wrong[0]["class"], "bad_credentials", "{wrong}");
    let both = json(&home, &["check", "--all"], 5);
    assert_eq!(both.as_array().map(Vec::len), Some(2), "{both}");
    let text = home.run(&["check", "good", "wrong_key"]).expect_code(5);
    assert!(
        text.stdout.contains("Answered"),
        "in words: {}",
        text.stdout
    );
    federation.set_fault("status=503".parse::<Fault>().unwrap());
    json(&home, &["check", "good"], 75);
    home.run(&["check", "nobody"]).expect_code(8);
    home.run(&["check"]).expect_code(2);
    home.run(&["check", "good", "--all"]).expect_code(2);
    home.run(&["check", "--class", "nonsense"]).expect_code(2);
    let none = json(&home, &["check", "--preset", "playhq"], 0);
    assert_eq!(none, Value::Array(vec![]), "none fits: {none}");
}

#[test]
fn how_often_is_set_and_shown() {
    let (home, _federation) = two();
    let shown = json(&home, &["check", "every"], 0);
    assert_eq!(shown["every"], "hour", "by default: {shown}");
    let set = json(&home, &["check", "every", "15m"], 0);
    assert_eq!(set["every"], "quarter_hour", "{set}");
    json(&home, &["check", "every", "off", "--connector", "good"], 0);
    let own = json(&home, &["check", "every", "--connector", "good"], 0);
    assert_eq!(own["every"], "off", "{own}");
    assert_eq!(own["inherited"], false, "{own}");
    json(
        &home,
        &["check", "every", "inherit", "--connector", "good"],
        0,
    );
    let own = json(&home, &["check", "every", "--connector", "good"], 0);
    assert_eq!(own["every"], "quarter_hour", "as all others: {own}");
    home.run(&["check", "every", "inherit"]).expect_code(2);
    home.run(&["check", "every", "2h"]).expect_code(2);
    home.run(&["check", "every", "off", "--connector", "nobody"])
        .expect_code(8);
    let due = home.run(&["check", "run-due"]).expect_code(0);
    assert!(
        due.stdout.contains("Nothing was due"),
        "they are new: {}",
        due.stdout
    );
}

#[test]
fn many_are_paused_and_resumed() {
    let (home, _federation) = two();
    let paused = json(&home, &["connector", "pause", "good"], 0);
    assert_eq!(paused[0]["state"], "paused", "{paused}");
    let all = json(&home, &["connector", "pause", "--all"], 0);
    assert_eq!(all[0]["done"], false, "it was paused already: {all}");
    assert_eq!(all[1]["done"], true, "{all}");
    json(&home, &["check", "--all"], 5);
    let resumed = json(&home, &["connector", "resume", "--state", "paused"], 0);
    assert_eq!(resumed.as_array().map(Vec::len), Some(2), "{resumed}");
    home.run(&["connector", "pause"]).expect_code(2);
    home.run(&["connector", "resume", "nobody"]).expect_code(8);
}

#[test]
fn errors_of_many_are_cleared() {
    let (home, _federation) = two();
    json(&home, &["check", "wrong_key"], 3);
    let cleared = json(&home, &["clear-errors", "--all"], 0);
    let done = |place: usize| cleared[place]["done"].clone();
    assert_eq!(
        (done(0), done(1)),
        (Value::Bool(false), Value::Bool(true)),
        "where there were any: {cleared}"
    );
    let again = json(&home, &["clear-errors", "--all"], 0);
    assert_eq!(again[1]["done"], false, "once: {again}");
    let one = json(&home, &["clear-errors", "wrong_key"], 0);
    assert_eq!(one["code"], "wrong_key", "one answers as it stands: {one}");
    home.run(&["clear-errors"]).expect_code(2);
}
