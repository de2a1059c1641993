//! What a person decides about a sync on the command line: whose a record is, leavers that stay, whose value counts, files.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Home;
use crate::sync::{CLUB, connected, sync};

const OTHER: &str = "practice-other-id";

fn rows(home: &Home, run: &str, kind: &str) -> Vec<Value> {
    let shown = home
        .run(&["--json", "sync", "show", run, "--rows", kind])
        .expect_code(0)
        .json();
    shown["rows"].as_array().unwrap().clone()
}

#[test]
fn a_record_is_given_to_a_member_and_the_next_sync_does_not_ask() {
    let (home, federation) = connected();
    sync(&home, &["preview"], 0);
    sync(&home, &["apply"], 0);
    let mut old = String::new();
    federation.change_members(|members| {
        let one = members
            .iter_mut()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some())
            .unwrap();
        old.clone_from(&one.id);
        OTHER.clone_into(&mut one.id);
    });
    let plan = sync(&home, &["preview"], 0);
    let run = plan["plan_id"].as_str().unwrap();
    let problems = rows(&home, run, "problems");
    let row = problems
        .iter()
        .find(|row| row["member"]["external_id"] == OTHER)
        .unwrap();
    let number = row["number"].to_string();
    let text = home
        .run(&["sync", "show", run, "--rows", "problems"])
        .expect_code(0)
        .stdout;
    assert!(
        text.contains(&format!("row {number}")),
        "a person sees the number: {text}"
    );
    home.run(&["sync", "match", run, &number]).expect_code(2);
    home.run(&["sync", "match", run, &number, "--member", "nobody"])
        .expect_code(8);
    let said = ["--json", "sync", "match", run, &number, "--member", &old];
    let decided = home.run(&said).expect_code(0).json();
    assert_eq!(decided["counts"]["updates"], 1, "{decided}");
    let next = sync(&home, &["preview"], 0);
    assert_eq!(next["hash"], decided["hash"], "not asked again: {next}");
    let kept = sync(&home, &["choices"], 0);
    let choice = kept["matches"][0]["choice_id"].as_str().unwrap();
    let text = home
        .run(&[&["sync", "choices"][..], &CLUB].concat())
        .expect_code(0)
        .stdout;
    assert!(text.contains("a record is of"), "{text}");
    sync(&home, &["choices", "--forget", choice], 0);
    let asked = sync(&home, &["preview"], 0);
    assert_eq!(
        asked["counts"]["problems"], plan["counts"]["problems"],
        "{asked}"
    );

    let set = sync(&home, &["choices", "--set", "phone=club"], 0);
    assert_eq!(set["fields"][0]["take"], "club", "{set}");
    sync(&home, &["choices", "--set", "phone="], 0);
    home.run(&[&["sync", "choices", "--set", "phone=nobody"][..], &CLUB].concat())
        .expect_code(2);
}

#[test]
fn s06_leavers_stay_where_a_held_plan_is_applied_without_them() {
    let (home, federation) = connected();
    sync(&home, &["preview"], 0);
    sync(&home, &["apply"], 0);
    federation.change_members(|members| {
        let mut kept = 0;
        members.retain(|one| {
            kept += usize::from(one.club_id == "club-1001");
            one.club_id != "club-1001" || kept <= 2
        });
        let one = members.iter_mut().find(|one| one.club_id == "club-1001");
        one.unwrap().town = "Dungarvan";
    });
    let plan = sync(&home, &["preview"], 6);
    home.run(&[&["sync", "apply"][..], &CLUB].concat())
        .expect_code(6);
    let done = sync(&home, &["apply", "--without-leavers"], 0);
    assert_eq!(done["counts"]["leavers"], 0, "{done}");
    assert_eq!(done["counts"]["updates"], 1, "{done}");
    let next = sync(&home, &["preview"], 6);
    assert_eq!(
        next["counts"]["leavers"], plan["counts"]["leavers"],
        "they come again: {next}"
    );
}

#[test]
fn s02_a_plan_that_no_longer_fits_names_who_moved_and_the_log_does_not() {
    let (home, federation) = connected();
    sync(&home, &["preview"], 0);
    sync(&home, &["apply"], 0);
    let mut id = String::new();
    federation.change_members(|members| {
        let one = members
            .iter_mut()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some())
            .unwrap();
        one.town = "Dungarvan";
        id.clone_from(&one.id);
    });
    sync(&home, &["preview"], 0);
    let edit = ["member", "edit"];
    let what = ["--member", &id, "--set", "phone=+353860000001"];
    home.run(&[&edit[..], &CLUB, &what].concat()).expect_code(0);
    let words = [&["--json", "sync", "apply"][..], &CLUB].concat();
    let refused = home.run(&words).expect_code(75);
    let document: Value = serde_json::from_str(&refused.stderr).unwrap();
    let moved = &document["error"]["moved"];
    assert_eq!(moved[0]["external_id"], id, "{document}");
    assert_eq!(moved[0]["what"]["fields"][0], "phone", "{document}");
    let message = document["error"]["message"].as_str().unwrap();
    assert!(
        !message.contains(&id),
        "the message itself names nobody: {message}"
    );
    let refused = home.run(&words[1..]).expect_code(75);
    assert!(
        refused.stderr.contains(&format!("({id}): phone")),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_run_is_written_into_a_file_for_its_owner_alone() {
    let (home, _federation) = connected();
    let plan = sync(&home, &["preview"], 0);
    let run = plan["plan_id"].as_str().unwrap();
    let path = home.path().join("plan.csv");
    let out = path.to_str().unwrap();
    let written = home
        .run(&["--json", "sync", "export", run, "-o", out])
        .expect_code(0)
        .json();
    assert_eq!(written["contains"]["counts"], plan["counts"], "{written}");
    let text = std::fs::read_to_string(&path).unwrap();
    let people: BTreeSet<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert!(people.len() > 5, "everybody is in it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    }
    let again = home.run(&["sync", "export", run, "-o", out]);
    assert!(
        again.all().contains("plan.csv"),
        "a file that is there is not written over: {}",
        again.all()
    );
    let still = std::fs::read_to_string(&path).unwrap();
    assert_eq!(still, text, "it is as it was");
    let json = home.path().join("plan.json");
    let said = home
        .run(&[
            "sync",
            "export",
            run,
            "--format",
            "json",
            "-o",
            json.to_str().unwrap(),
        ])
        .expect_code(0)
        .stdout;
    assert!(said.contains("not encrypted"), "{said}");
}
