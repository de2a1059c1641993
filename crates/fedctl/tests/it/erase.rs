//! Erasing a person on the command line, and letting one in again who rejoins.

use crate::member::synced;
use crate::support::Home;

const CLUB: [&str; 3] = ["practice", "--org", "ballyduff"];

fn ids(home: &Home) -> Vec<String> {
    let listed = [&["--json", "member", "list"][..], &CLUB].concat();
    let listed = home.run(&listed).expect_code(0).json();
    let members = listed.as_array().expect("a list is an array");
    let id = |member: &serde_json::Value| member["external_id"].as_str().map(str::to_owned);
    members.iter().filter_map(id).collect()
}

fn erase(home: &Home, id: &str, more: &[&str]) -> crate::support::Ran {
    let words = [
        &["--json", "member", "erase"][..],
        &CLUB,
        &["--member", id],
        more,
    ]
    .concat();
    home.run(&words)
}

fn preview(home: &Home) -> serde_json::Value {
    let words = [&["--json", "sync", "preview"][..], &CLUB].concat();
    home.run(&words).expect_code(0).json()
}

#[test]
fn a_person_is_erased_kept_out_and_let_in_again() {
    let (home, _federation) = synced();
    let before = ids(&home);
    let id = before[0].as_str();

    let asked = erase(&home, id, &[]).expect_code(2);
    assert!(
        asked.stderr.contains("--yes"),
        "where nobody can be asked it says how: {}",
        asked.stderr
    );
    assert_eq!(ids(&home), before, "and nothing was erased");
    erase(&home, "nobody-at-all", &["--yes"]).expect_code(8);

    let done = erase(&home, id, &["--yes"]).expect_code(0).json();
    assert_eq!(
        (&done["members"], &done["file_is_clean"]),
        (&1.into(), &true.into()),
        "{done}"
    );
    assert!(
        done["backups_clean_by"].is_i64(),
        "the day is told on which backups are clean: {done}"
    );
    assert_eq!(ids(&home).len(), before.len() - 1, "one is gone");
    let text = done.to_string();
    assert!(!text.contains(id), "and is not named: {text}");

    assert_eq!(
        preview(&home)["erased"],
        1,
        "the next sync keeps the person out"
    );
    let words = [&["sync", "preview"][..], &CLUB].concat();
    let said = home.run(&words).expect_code(0).stdout;
    assert!(
        said.contains("1 person was erased and is kept out."),
        "in words: {said}"
    );

    let again = |id: &str| {
        let words = [
            &["--json", "member", "allow-again"][..],
            &CLUB,
            &["--member", id],
        ]
        .concat();
        home.run(&words)
    };
    again("nobody-at-all").expect_code(8);
    let left = again(id).expect_code(0).json();
    assert_eq!(left["kept_out"], 0, "nobody is kept out any more");
    let plan = preview(&home);
    assert_eq!(
        (&plan["counts"]["creates"], &plan["erased"]),
        (&1.into(), &serde_json::Value::Null),
        "who rejoins is new: {plan}"
    );
}

#[test]
fn purging_leaves_one_fresh_backup() {
    let (home, _federation) = synced();
    let id = ids(&home)[0].clone();
    let done = erase(&home, &id, &["--yes", "--purge-backups"])
        .expect_code(0)
        .json();
    assert!(
        done["purged"].as_u64().is_some_and(|purged| purged >= 1),
        "older ones went: {done}"
    );
    assert_eq!(
        (&done["backups"], &done["backups_clean_by"]),
        (&0.into(), &serde_json::Value::Null),
        "{done}"
    );
    let backups = std::fs::read_dir(home.data_dir().join("backups"))
        .unwrap()
        .count();
    assert_eq!(backups, 1, "one fresh backup is there");
}

#[test]
fn erasing_takes_no_half_of_a_name() {
    let home = Home::new();
    for wrong in [
        &["member", "erase", "practice", "--org", "x"][..],
        &["member", "allow-again", "practice", "--org", "x"],
        &[
            "member",
            "allow-again",
            "practice",
            "--org",
            "x",
            "--last-name",
            "Ó Sé",
        ],
        &[
            "member",
            "allow-again",
            "practice",
            "--org",
            "x",
            "--member",
            "1",
            "--last-name",
            "Ó Sé",
        ],
    ] {
        home.run(wrong).expect_code(2);
    }
}

#[test]
fn how_long_leavers_are_kept_is_set_and_what_would_go_is_shown() {
    let (home, _federation) = synced();
    let show = || {
        home.run(&["--json", "db", "retention"])
            .expect_code(0)
            .json()
    };
    assert_eq!(
        show()["leavers_months"],
        serde_json::Value::Null,
        "kept for good unless somebody says so"
    );
    home.run(&["db", "retention", "--leavers", "24"])
        .expect_code(0);
    assert_eq!(show()["leavers_months"], 24, "two years");
    home.run(&["db", "retention", "--leavers", "7"])
        .expect_code(2);
    let would = home
        .run(&["--json", "db", "tidy", "--dry-run"])
        .expect_code(0)
        .json();
    let did = home.run(&["--json", "db", "tidy"]).expect_code(0).json();
    assert_eq!(
        (&would["dry_run"], &did["dry_run"]),
        (&true.into(), &false.into()),
        "which of the two"
    );
    assert_eq!(
        (&would["leavers"], &would["plan_rows"]),
        (&did["leavers"], &did["plan_rows"]),
        "the same numbers"
    );
    home.run(&["db", "retention", "--leavers", "off"])
        .expect_code(0);
    assert_eq!(
        show()["leavers_months"],
        serde_json::Value::Null,
        "for good again"
    );
}
