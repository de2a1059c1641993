//! Schedules on the command line: setting them, showing them, and `sync run-due` as cron calls it.

use std::time::Duration;

use practice_federation::{Fault, FaultKind, Practice, PracticeOptions};
use serde_json::Value;

use crate::support::{Home, practice};

const CLUB: [&str; 3] = ["practice", "--org", "ballyduff"];

fn connected() -> (Home, Practice) {
    let federation = practice(PracticeOptions::default());
    federation.change_members(|all| all.retain(|one| one.last_name.is_some()));
    let home = Home::new();
    home.add_practice("practice", &federation, federation.api_key());
    for words in [
        &[
            "connector",
            "edit",
            "practice",
            "--set",
            "endpoints.membership_list=/v1/clubs/{federation_org_id}/members",
            "--set",
            "sync.template=practice",
        ][..],
        &[
            "org",
            "connect",
            "practice",
            "--org",
            "ballyduff",
            "--name",
            "Ballyduff",
            "--federation-org",
            "club-1001",
        ],
    ] {
        home.run(words).expect_code(0);
    }
    (home, federation)
}

fn json(home: &Home, words: &[&str], code: i32) -> Value {
    let arguments = [&["--json"], words].concat();
    home.run(&arguments).expect_code(code).json()
}

#[test]
fn a_schedule_is_set_shown_and_switched_off() {
    let (home, _federation) = connected();
    let none = json(&home, &["schedule", "show", "practice"], 0);
    assert_eq!(none["state"], "none", "there is none at first: {none}");
    home.run(&["schedule", "set", "practice", "--cron", "0 2 * *"])
        .expect_code(2);
    let zone = ["--cron", "0 2 * * *", "--zone", "Europe/Nowhere"];
    home.run(&[&["schedule", "set", "practice"][..], &zone].concat())
        .expect_code(2);
    home.run(&["schedule", "set", "practice"]).expect_code(2);
    home.run(&["schedule", "set", "practice", "--cron", "0 2 * * *"])
        .expect_code(0);
    let words = ["--policy", "apply_safe", "--missed", "ask"];
    home.run(&[&["schedule", "policy"][..], &CLUB, &words].concat())
        .expect_code(0);
    let show = [&["schedule", "show"][..], &CLUB].concat();
    let shown = json(&home, &show, 0);
    assert_eq!(shown["state"], "runs", "{shown}");
    assert_eq!(shown["inherited"], true, "it follows: {shown}");
    assert_eq!(shown["policy"], "apply_safe", "{shown}");
    assert_eq!(shown["missed"], "ask", "{shown}");
    assert_eq!(
        shown["next"].as_array().map(Vec::len),
        Some(5),
        "the next five: {shown}"
    );
    let text = home.run(&show).expect_code(0).stdout;
    for part in [
        "0 2 * * * in Europe/Dublin",
        "Next runs",
        "UTC)",
        "a person is asked",
    ] {
        assert!(text.contains(part), "{part} is in {text}");
    }
    home.run(&[&["schedule", "set"][..], &CLUB, &["--off"]].concat())
        .expect_code(0);
    assert_eq!(json(&home, &show, 0)["state"], "off", "the club alone");
    home.run(&[&["schedule", "set"][..], &CLUB, &["--inherit"]].concat())
        .expect_code(0);
    assert_eq!(json(&home, &show, 0)["state"], "runs", "it follows again");
    home.run(&["schedule", "set", "practice", "--inherit"])
        .expect_code(2);
    home.run(&[&["schedule", "answer"][..], &CLUB, &["run"]].concat())
        .expect_code(8);
}

#[test]
fn run_due_does_what_is_due_once_and_a_second_process_leaves_it_to_the_first() {
    let (home, federation) = connected();
    let nothing = json(&home, &["sync", "run-due"], 0);
    assert_eq!(nothing, Value::Array(vec![]), "nothing is due");
    let every = [&["schedule", "set"][..], &CLUB, &["--cron", "* * * * *"]].concat();
    home.run(&every).expect_code(0);
    let apply = [
        &["schedule", "policy"][..],
        &CLUB,
        &["--policy", "apply_safe"],
    ]
    .concat();
    home.run(&apply).expect_code(0);
    federation.set_fault(Fault::new(FaultKind::Delay(5_000)).times(1));
    let done = std::thread::scope(|scope| {
        let first = scope.spawn(|| due(&home));
        while federation.faults().iter().all(|fault| fault.hits == 0) {
            assert!(!first.is_finished(), "the federation is asked first");
            std::thread::sleep(Duration::from_millis(20));
        }
        home.run(&["sync", "run-due"]).expect_code(75);
        first.join().expect("the first ends well")
    });
    assert_eq!(done["outcome"], "applied", "{done}");
    let members = json(&home, &[&["member", "list"][..], &CLUB].concat(), 0);
    assert!(
        members.as_array().is_some_and(|all| all.len() > 5),
        "all came"
    );
}

/// Calls it as cron does until something is due, which is within a minute.
fn due(home: &Home) -> Value {
    for _ in 0..300 {
        let ran = home.run(&["--json", "sync", "run-due"]).expect_code(0);
        let done = ran.json();
        if let Some(one) = done.as_array().and_then(|all| all.first()) {
            return one.clone();
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    panic!("nothing was due within a minute");
}
